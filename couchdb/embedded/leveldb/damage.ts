/** Bytes that are not what was written. The message says which, and where. */
export class Damage extends Error {}
