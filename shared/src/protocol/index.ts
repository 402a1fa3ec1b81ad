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
  type CheckedLine,
  checkedLinesSchema,
  LEARNER_LINE_PROBLEMS,
  type LearnerLine,
  learnerListSchema,
  MAX_LEARNER_LINES,
  type NewAccountRequest,
  newAccountSchema,
  newErasureSchema,
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
  type PassRequest,
  passRequestSchema,
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
export { base64url, fromBase64url } from './base64url.ts';
export { CLOCK_HEADER, DEVICE_HEADER } from './device-headers.ts';
export { type DeviceKey, type PublicJwk, publicJwkSchema, thumbprintOf } from './device-key.ts';
export { type Place, placeSchema } from './place.ts';
export {
  makeProof,
  NONCE_HEADER,
  NONCE_WANTED,
  PROOF_HEADER,
  type ProofClaims,
  type ProvedRequest,
  proofClaimsSchema,
  proofHeaderSchema,
  tokenHash,
} from './proof.ts';
export { SCOPES, type Scope, scopeOf } from './scope.ts';
export {
  BACKGROUND_SEND_LOCK,
  isServerPath,
  REQUESTS_LOCK,
  type ServiceWorkerMessage,
  SILENCE_MS,
  serviceWorkerMessageSchema,
} from './service-worker.ts';
