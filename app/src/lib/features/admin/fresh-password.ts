import { newPassword } from './new-password.ts';

/** A password that nobody has had. */
export const freshPassword = (): string => newPassword((bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>)); // never shared memory: newPassword makes it
