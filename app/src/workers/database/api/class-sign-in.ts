import type { CodeKind } from '@darasa/shared/documents';

/** Signing in with one's class. */

/** A class whose code was given to this device. */
export interface ClassHere {
  readonly school: string;
  readonly classId: string;
  readonly className: string;
  readonly classCode: string;
  readonly learners: readonly { readonly accountId: string; readonly name: string; readonly by: CodeKind }[];
}

export type ClassOutcome =
  | { readonly ok: true; readonly room: ClassHere }
  | { readonly ok: false; readonly problem: 'wrong-class-code' | 'unreachable' | 'locked-out' | 'unexpected' };

/** For a class's teacher. */
export interface ClassSignInsView {
  readonly classId: string;
  readonly className: string;
  /** Null: none was made yet. */
  readonly classCode: string | null;
  readonly learners: readonly {
    readonly accountId: string;
    readonly displayName: string;
    readonly code: CodeKind | 'none';
    readonly card: boolean;
  }[];
}

/** What a learner has been given just now: to be printed, for it is kept nowhere. */
export interface FreshSignIn {
  readonly accountId: string;
  /** A PIN, or three pictures by name with a space between; null: not made. */
  readonly code: string | null;
  /** The secret of a card. */
  readonly secret: string | null;
}
