import type { LoginRequest, Session } from '@darasa/shared/protocol';
import type { AccountRow } from './device-store.ts';
import type { ServerAnswer, ServerApi } from './server-api.ts';

/** What somebody shows to come in. */
export type Shown =
  | { readonly by: 'password'; readonly username: string; readonly secret: string }
  | {
      readonly by: 'pin' | 'pictures';
      readonly classId: string;
      readonly classCode: string;
      readonly accountId: string;
      readonly secret: string;
    }
  | { readonly by: 'card'; readonly classId: string; readonly accountId: string; readonly secret: string };

/** How an account of this device was opened at the server last, and so how it is unlocked. Absent in a row: by its password. */
export type Way =
  | { readonly by: 'pin' | 'pictures'; readonly classId: string; readonly classCode: string }
  | { readonly by: 'card'; readonly classId: string };

/** What a device says of itself when somebody signs in on it. */
export type Asking = Pick<LoginRequest, 'deviceId' | 'deviceKey'>;

export function askSession(api: ServerApi, school: string, shown: Shown, device: Asking): Promise<ServerAnswer<Session>> {
  switch (shown.by) {
    case 'password':
      return api.login({ school, username: shown.username, password: shown.secret, ...device });
    case 'card':
      return api.card({ school, classId: shown.classId, accountId: shown.accountId, secret: shown.secret, ...device });
    default:
      return api.classSignIn({ school, classCode: shown.classCode, accountId: shown.accountId, code: shown.secret, ...device });
  }
}

/** What somebody typed, tapped or scanned to unlock an account of this device. */
export function shownFor({ username, accountId, way }: AccountRow, secret: string): Shown {
  if (way === undefined) return { by: 'password', username, secret };
  return { ...way, accountId, secret };
}

/** What a row keeps of it. */
export function wayOf(shown: Shown): { readonly way?: Way } {
  switch (shown.by) {
    case 'password':
      return {};
    case 'card':
      return { way: { by: 'card', classId: shown.classId } };
    default:
      return { way: { by: shown.by, classId: shown.classId, classCode: shown.classCode } };
  }
}
