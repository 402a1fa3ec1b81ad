import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export interface TlsPair {
  /** The certificate and those that lead to its authority, PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export type TlsOutcome =
  | { readonly ok: true; readonly pair: TlsPair /** The last day of the certificate. */; readonly validTo: string }
  | { readonly ok: false; readonly problem: string };

/** Reads a certificate and its key, and refuses two that do not belong together: a renewal replaces one file after the other. */
export async function readTlsPair(certFile: string, keyFile: string): Promise<TlsOutcome> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) return { ok: false, problem: 'The key is not that of the certificate' };
    return { ok: true, pair: { cert, key }, validTo: certificate.validTo };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

export interface TlsWatch {
  readonly certFile: string;
  readonly keyFile: string;
  /** The pair that is in use. */
  readonly current: TlsPair;
  readonly onRenewed: (pair: TlsPair, validTo: string) => void;
  /** The files were changed, and are no pair. The one in use stays. */
  readonly onProblem: (problem: string) => void;
}

/** Looks whether the files hold another pair than the one in use; answers the next look. */
export function renewals({ certFile, keyFile, current, onRenewed, onProblem }: TlsWatch): () => Promise<void> {
  let used = current;
  let told = '';
  return async () => {
    const outcome = await readTlsPair(certFile, keyFile);
    if (!outcome.ok) {
      if (outcome.problem !== told) onProblem(outcome.problem);
      told = outcome.problem;
      return;
    }
    told = '';
    const { pair, validTo } = outcome;
    if (pair.cert === used.cert && pair.key === used.key) return;
    used = pair;
    onRenewed(pair, validTo);
  };
}
