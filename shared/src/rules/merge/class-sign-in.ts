import type { DocumentOf } from '../../documents/registry.ts';
import { laterRegister } from './join.ts';
import { mergeWith } from './merge-document.ts';

/** The later PIN or picture code, and the later card, each for itself. */
export const mergeClassSignIn = mergeWith<DocumentOf<'class-sign-in'>>({ code: laterRegister, card: laterRegister });

export const mergeClassCode = mergeWith<DocumentOf<'class-code'>>({ code: laterRegister });
