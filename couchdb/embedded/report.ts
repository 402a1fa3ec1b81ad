/** Told of failures that no client can be told of, or that are bugs. */
export type Report = (what: string, error: unknown) => void;

export function reportToStderr(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
  process.stderr.write(`embedded store: ${what}: ${detail}\n`);
}
