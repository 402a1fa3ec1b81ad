import { classCodeId, classSignInId } from '../known-ids.ts';
import type { DocumentOf } from '../registry.ts';
import type { Origin } from './origin.ts';

export interface NewClassSignIn extends Origin {
  readonly classId: string;
  readonly accountId: string;
  /** The teacher who begins it. */
  readonly by: string;
}

/** With nothing to sign in with yet. */
export function newClassSignIn({ classId, accountId, by, deviceId, createdAt }: NewClassSignIn): DocumentOf<'class-sign-in'> {
  const nothing = { value: { kind: 'none', by }, tick: 0, deviceId } as const;
  return {
    _id: classSignInId(classId, accountId),
    type: 'class-sign-in',
    schemaVersion: 1,
    createdAt,
    deviceId,
    classId,
    accountId,
    code: nothing,
    card: nothing,
  };
}

export interface NewClassCode extends Origin {
  readonly classId: string;
  readonly by: string;
  readonly text: string;
}

export function newClassCode({ classId, by, text, deviceId, createdAt }: NewClassCode): DocumentOf<'class-code'> {
  return {
    _id: classCodeId(classId),
    type: 'class-code',
    schemaVersion: 1,
    createdAt,
    deviceId,
    classId,
    code: { value: { text, by }, tick: 0, deviceId },
  };
}
