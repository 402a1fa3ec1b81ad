import { hkdfSync } from 'node:crypto';

/** Capitals and digits that are not mistaken for one another on paper (Crockford's base 32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 5;
const IN_GROUP = 5;

/**
 * The code that opens a place's backups: 125 random bits in five groups of five letters, to be kept on paper. A stick that is lost tells nothing
 * without it, and neither does it tell anything to us: who loses both the computer and the code has the school and the devices left.
 */
export type BackupCode = string & { readonly _backupCode: true };

export function newBackupCode(random: (bytes: Uint8Array) => Uint8Array): BackupCode {
  const letters = [...random(new Uint8Array(GROUPS * IN_GROUP))].map((byte) => LETTERS[byte & 31] ?? '');
  const groups = Array.from({ length: GROUPS }, (_, group) => letters.slice(group * IN_GROUP, (group + 1) * IN_GROUP).join(''));
  return groups.join('-') as BackupCode; // the one place that makes it
}

/** A code as a person types it: small letters, spaces, and I, L or O for the digits that they look like. Null when it can be none. */
export function readBackupCode(typed: string): BackupCode | null {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0');
  if (plain.length !== GROUPS * IN_GROUP || [...plain].some((letter) => !LETTERS.includes(letter))) return null;
  return (plain.match(/.{5}/g) ?? []).join('-') as BackupCode; // its form was just checked
}

/** The key of one file. Each has a salt of its own, so no two files have one key. */
export function fileKey(code: BackupCode, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', code, salt, 'darasa backup 1', 32));
}
