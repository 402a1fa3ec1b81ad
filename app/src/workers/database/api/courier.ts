import type { CourierProblemId } from '@darasa/shared/courier';
import type { CourierReport } from '@darasa/shared/protocol';

/** Courier files (docs/courier-spec.md), as screens speak of them. */

/** A file that was made here. */
export interface MadeFile {
  readonly name: string;
  readonly file: Blob;
  readonly documents: number;
}

/** Why no file was made: the device has never heard from its school, or wants to sign in again first. */
export type NotMade = 'no-place' | 'sign-in';

/** What is in a file, before anything of it is taken. */
export type FileLook =
  | { readonly kind: 'problem'; readonly problem: CourierProblemId }
  /** Somebody's work: for the school, which can open it. `author` is the name where this device knows it. */
  | {
      readonly kind: 'work';
      readonly own: boolean;
      readonly author: string | null;
      readonly madeAt: string;
      readonly documents: number;
      readonly bytes: number;
    }
  /** For this device: verified from the first to the last byte. */
  | ({ readonly kind: 'content' } & FromPlace)
  | ({ readonly kind: 'receipt' } & FromPlace);

interface FromPlace {
  readonly from: { readonly kind: 'school' | 'hub'; readonly name: string };
  readonly madeAt: string;
  readonly documents: number;
  readonly bytes: number;
  /** How much of the person's work arrived, and how much was refused. */
  readonly arrived: number;
  readonly refused: number;
}

/** What came of a file for this device. `whole`: of so many partitions all that the file says they hold is here now. */
export interface TakenFile {
  readonly documents: number;
  readonly partitions: number;
  readonly whole: number;
  readonly arrived: number;
  readonly refused: number;
}

/** What the school said of somebody's work that was carried to it. */
export interface CarriedFile {
  readonly report: Pick<CourierReport, 'taken' | 'known' | 'refused'>;
  /** For the device that made the file. */
  readonly receipt: MadeFile;
}

/** `value` of a command that a file itself stops. */
export type FileOutcome<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: CourierProblemId };
