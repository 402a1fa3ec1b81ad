import { type Person, personFrom } from '@darasa/shared/rules';
import type { VerifiedAccess } from '../services/access-tokens.ts';

/** Who makes a request: the person of a verified access token. */
export interface Principal {
  readonly person: Person;
  readonly accountId: string;
  readonly school: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Passed on to CouchDB as it came, so that the database verifies the same person again. */
  readonly authorization: string;
  /** Milliseconds since 1970: a feed ends with the token that opened it. */
  readonly expiresAt: number;
  readonly deviceId: string | null;
}

export function principalFrom(access: VerifiedAccess, token: string): Principal {
  return {
    person: personFrom(access.accountId, access.roles),
    accountId: access.accountId,
    school: access.school,
    name: access.name,
    roles: access.roles,
    authorization: `Bearer ${token}`,
    expiresAt: access.expiresAt,
    deviceId: access.deviceId ?? null,
  };
}
