export {
  ACCOUNT_KINDS,
  type AccountDocument,
  type AccountErrorTag,
  type AccountKind,
  type AccountOutcome,
  type AccountRecord,
  accountDocumentId,
  accountDocumentSchema,
  accountRecord,
  reservationId,
} from './accounts/account.ts';
export { opened as openedAccount, verifierOf } from './accounts/closing.ts';
export { createAccount, type NewAccount } from './accounts/create-account.ts';
export { findAccountId, readAccount } from './accounts/find-account.ts';
export { isStrongPassword } from './accounts/password.ts';
export { isUsername, normaliseUsername } from './accounts/sign-in-name.ts';
export { type AccountChange, updateAccount } from './accounts/update-account.ts';
export { addToClass, type ClassMembership, removeFromClass } from './class-membership.ts';
export { type CouchAdmin, type CouchReply, type CouchRequest, type Credentials, couchAdmin } from './couch-admin.ts';
export { CouchError } from './couch-error.ts';
export { SERVER_DATABASE, schoolDatabase } from './database.ts';
export { ensureJwtHandler, installJwtKey, type JwtKey, removeJwtKey } from './jwt.ts';
export { type ProvisioningOptions, provisionSchool, type SchoolDescription } from './school.ts';
export { provisionServer } from './server.ts';
