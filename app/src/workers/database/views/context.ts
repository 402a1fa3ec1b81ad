import type { Person } from '@darasa/shared/rules';
import type { DataUsed } from '../data-used.ts';
import type { DeviceStore, MarkRow, OpenAttemptRow, PlaceRow } from '../device-store.ts';
import type { ProvedPlaces } from '../honesty.ts';
import type { MarkdownRenderer } from '../markdown/render.ts';
import type { Reader } from '../reader.ts';
import type { ReplicationState } from '../replication.ts';
import type { SchoolClock } from '../school-clock.ts';

/** What a view may ask. Everything that it asks is noted, and the view is computed again when an answer changes. */
export interface ViewContext {
  readonly clock: SchoolClock;
  readonly deviceId: string;
  readonly person: Person;
  readonly displayName: string;
  readonly reader: Reader;
  readonly markdown: MarkdownRenderer;
  /** Milliseconds, by the device's clock. */
  readonly now: () => number;
  places(): Promise<ProvedPlaces>;
  openAttempt(courseId: string, quizId: string): Promise<OpenAttemptRow | null>;
  replication(): Promise<{
    readonly state: ReplicationState;
    readonly own: MarkRow;
    readonly content: MarkRow;
    readonly dataUsed: DataUsed;
    readonly known: readonly (PlaceRow & { readonly current: boolean })[];
  }>;
  /** Documents on this device and ids of those that nobody here can read. */
  storage(): Promise<{ readonly documents: number; readonly unreadable: number }>;
}

export type OpenAttempts = DeviceStore['openAttempts'];
