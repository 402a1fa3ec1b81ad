/**
 * Where a device stands, as the server told it: opaque to the device, and only a hint. It means something to one building
 * of one server's index and to one set of partitions; to everybody else it is unknown, and the two sides compare.
 */
export interface Cursor {
  readonly epoch: string;
  /** Of which partitions, as a hash. */
  readonly access: string;
  /** Everything up to this ordinal was sent. */
  readonly base: number;
  /** Of what changed after `base`, up to `high`, everything up to this rank and ordinal was sent, in that order. */
  readonly part: { readonly high: number; readonly rank: number; readonly ordinal: number } | null;
}

export function writeCursor({ epoch, access, base, part }: Cursor): string {
  const numbers = part === null ? [base] : [base, part.high, part.rank, part.ordinal];
  return [epoch, access, ...numbers.map((number) => number.toString(36))].join('.');
}

/** Null when it is no cursor of this epoch and access. */
export function readCursor(text: string | null, epoch: string, access: string): Cursor | null {
  const [ofEpoch, ofAccess, ...rest] = text?.split('.') ?? [];
  if (ofEpoch !== epoch || ofAccess !== access) return null;
  const numbers = rest.map((each) => (/^[0-9a-z]{1,9}$/.test(each) ? Number.parseInt(each, 36) : Number.NaN));
  const [base = Number.NaN, high, rank, ordinal] = numbers;
  if (numbers.some(Number.isNaN) || Number.isNaN(base)) return null;
  if (rest.length === 1) return { epoch, access, base, part: null };
  if (rest.length !== 4 || high === undefined || rank === undefined || ordinal === undefined) return null;
  return { epoch, access, base, part: { high, rank, ordinal } };
}
