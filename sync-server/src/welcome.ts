import { isLoopback } from './middleware/client-address.ts';
import type { DemoAccounts } from './routes/schools.ts';

export interface Welcome {
  readonly url: string;
  /** What the server listens on. */
  readonly host: string;
  /** What the data are kept in, in words. */
  readonly keptIn: string;
  /** Empty without a demo school. */
  readonly demoAccounts: DemoAccounts;
}

const MAX_LEARNERS = 4;

/** What the terminal says when the server is ready. Only passwords of the demo school, which are public, are in it. */
export function welcome({ url, keptIn, host, demoAccounts }: Welcome): string {
  const lines = ['', `  Darasa is ready:  ${url}`, `  Data are kept in  ${keptIn}`];
  if (isLoopback(host) || host === 'localhost')
    lines.push('  Only this computer reaches it.  HOST=0.0.0.0 opens it to phones on the network.');
  else if (demoAccounts.length > 0)
    lines.push('  WARNING: the network reaches it, and these passwords are public. Never keep real learners in it.');
  if (demoAccounts.length > 0) {
    const learners = demoAccounts.filter(({ kind }) => kind === 'learner');
    const shown = demoAccounts.filter((account) => account.kind !== 'learner' || learners.indexOf(account) < MAX_LEARNERS);
    lines.push('', '  Accounts of the demo school (greenhill):', '', ...table(shown));
    if (learners.length > MAX_LEARNERS) lines.push(`  … and ${learners.length - MAX_LEARNERS} more learners, on the sign-in page`);
  }
  return [...lines, ''].join('\n');
}

function table(accounts: DemoAccounts): string[] {
  const rows = [
    ['who', 'sign-in name', 'password', 'name'],
    ...accounts.map(({ kind, username, password, name }) => [kind, username, password, name]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `  ${row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd()}`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
}
