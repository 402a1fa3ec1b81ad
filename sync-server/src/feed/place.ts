import type { Readable } from '@darasa/shared/rules';
import { documentHash, hexOf } from '@darasa/shared/sync';

/**
 * A place in somebody's feed, as stock clients are told it (`seq`, `last_seq`) and bring it back (`since`): opaque to them. It
 * means: everything in these partitions that the index of this epoch has up to `ordinal`, and that the database's own feed
 * brings up to `sequence`, was sent.
 */
export interface Place {
  /** Of the index that the server had, or was building, when it told the place. */
  readonly epoch: string;
  /** Of which partitions, as a hash: see `accessOf`. */
  readonly access: string;
  /** Null when the database alone knows the place. */
  readonly ordinal: number | null;
  /** The database's own. */
  readonly sequence: string;
}

/** A number, as CouchDB's own begin with one, a hyphen, and what nobody else needs to understand. */
export function writePlace({ epoch, access, ordinal, sequence }: Place): string {
  return `${numberOf(sequence)}-${[epoch, access, ordinal === null ? '' : ordinal.toString(36), sequence].join('.')}`;
}

const PLACE = /^"?\d{1,15}-(\w+)\.([0-9a-f]{16})\.([0-9a-z]{0,9})\.(\d{1,15}(?:-[\w-]*)?)"?$/;

/** Null for a text that no server of Darasa wrote. */
export function readPlace(text: string): Place | null {
  const [, epoch, access, ordinal, sequence] = PLACE.exec(text) ?? [];
  if (epoch === undefined || access === undefined || ordinal === undefined || sequence === undefined) return null;
  return { epoch, access, ordinal: ordinal === '' ? null : Number.parseInt(ordinal, 36), sequence };
}

/** Names a set of partitions; `scope` tells apart what is asked of the same ones. */
export function accessOf({ partitions, kinds }: Readable, scope = ''): string {
  return hexOf(documentHash(scope, [...partitions, ...[...kinds].map((kind) => `${kind}-*`)]));
}

/** The number with which an update sequence begins; what follows it in a cluster is opaque. */
export function numberOf(sequence: string | number): number {
  return Number.parseInt(String(sequence), 10);
}
