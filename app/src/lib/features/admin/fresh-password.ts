import { copyableCode } from '@darasa/shared/documents';

/** A password that nobody has had. */
export const freshPassword = (): string => copyableCode((bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>)); // never shared memory: copyableCode makes it
