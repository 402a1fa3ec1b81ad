import type { DocumentOf } from '../../documents/registry.ts';
import { laterRegister } from './join.ts';
import { mergeWith } from './merge-document.ts';

/** Each field is a register: the last change by the owner's own count wins, field by field. */
export const mergeProfile = mergeWith<DocumentOf<'profile'>>({
  displayName: laterRegister,
  avatar: laterRegister,
  bio: laterRegister,
  language: laterRegister,
});
