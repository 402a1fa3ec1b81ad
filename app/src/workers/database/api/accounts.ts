import type { Account, DemoAccount } from '@darasa/shared/protocol';

/** Who is on this device, and who is in. */

export type AccountKind = 'learner' | 'teacher' | 'guardian' | 'employer' | 'admin';

/** Somebody who has signed in on this device. */
export interface DeviceAccount {
  readonly accountId: string;
  readonly school: string;
  readonly schoolName: string;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  /** Pieces of work that no other place has yet. */
  readonly unsent: number;
  /** The way back in: `open` needs nothing, `locked` what unlocks it, also offline. */
  readonly state: 'open' | 'locked';
  /** What unlocks it: what it was last signed in with. */
  readonly unlockedBy: 'password' | 'pin' | 'pictures' | 'card';
}

export interface SchoolChoice {
  readonly slug: string;
  readonly name: string;
  readonly demoAccounts: readonly DemoAccount[];
}

export interface SignedIn {
  readonly accountId: string;
  readonly school: string;
  readonly schoolName: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  readonly account: Account;
}

export type SignInOutcome =
  | { readonly ok: true; readonly person: SignedIn }
  | {
      readonly ok: false;
      /** `unreachable`: only the server can say, and there is no network to ask it. */
      readonly problem: 'wrong-password' | 'wrong-class-code' | 'locked-out' | 'unreachable' | 'disabled' | 'storage' | 'unexpected';
      readonly retryAfterSeconds?: number;
      readonly detail?: string;
    };
