/** What a person needs to sign in for the first time. */
export interface SignInSlip {
  readonly name: string;
  /** Names of classes, or empty. */
  readonly rooms: string;
  readonly username: string;
  readonly password: string;
}

/** Slips as CSV with a heading. Source: RFC 4180. */
export function slipsAsCsv(headings: SignInSlip, slips: readonly SignInSlip[]): string {
  const rows = [headings, ...slips].map(({ name, rooms, username, password }) => [name, rooms, username, password].map(cell).join(','));
  // The mark tells a spreadsheet that the file is UTF-8.
  return `\uFEFF${rows.join('\r\n')}\r\n`;
}

function cell(text: string): string {
  // A spreadsheet would run a cell that begins so as a formula.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
