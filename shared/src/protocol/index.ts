export {
  type AccountChangeRequest,
  type AccountsQuery,
  type AdminAccount,
  type AdminAccounts,
  type AdminClasses,
  accountChangeSchema,
  accountsQuerySchema,
  adminAccountAnswerSchema,
  adminAccountSchema,
  adminAccountsSchema,
  adminClassesSchema,
  type NewAccountRequest,
  newAccountSchema,
} from './admin.ts';
export {
  type Account,
  type ApiError,
  accountSchema,
  apiErrorSchema,
  type DemoAccount,
  demoAccountSchema,
  type LoginRequest,
  loginRequestSchema,
  type RefreshRequest,
  refreshRequestSchema,
  type Schools,
  type Session,
  schoolsSchema,
  sessionSchema,
} from './auth.ts';
export {
  type AccountTokens,
  accountTokensSchema,
  DEVICE_DATABASE,
  DEVICE_STORES,
  endsSession,
  type OutboxRow,
  outboxRowSchema,
  RENEW_BEFORE_MS,
  refreshLock,
  SEND_WORK_TAG,
  schoolDatabasePath,
} from './background-send.ts';
export { CLOCK_HEADER, DEVICE_HEADER } from './device-headers.ts';
export { SCOPES, type Scope, scopeOf } from './scope.ts';
export { isServerPath, type ServiceWorkerMessage, serviceWorkerMessageSchema } from './service-worker.ts';
