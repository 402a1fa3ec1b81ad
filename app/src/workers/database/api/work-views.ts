import type { CourseCard } from './course-views.ts';
import type { DataUse } from './data-use.ts';
import type { AttemptLine } from './quiz-views.ts';

/** A person’s own work: how far it is, and where it is. */

/** Where something is: only proved places count. `refused`: the school would not take it; see the sync view. */
export type Place = 'device' | 'laptop' | 'school' | 'refused';

export interface ProgressView {
  readonly courses: readonly CourseCard[];
  readonly attempts: readonly AttemptLine[];
  readonly feedback: readonly { readonly from: string; readonly body: string; readonly at: string }[];
  readonly lessonsDone: number;
  readonly quizzesPassed: number;
  readonly minutes: number;
}

export interface WorkItem {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly at: string;
  readonly place: Place;
  /** For refused work: why, in the words of whoever refused it. */
  readonly reason: string | null;
}

/**
 * Why the last try to reach the school did not go well, by a stable id that the screens put into words. `detail` is for whoever
 * is asked for help: the words of the error, in no particular language.
 *
 * - `unreachable`: no answer came; the usual case with no network.
 * - `signed-out`: the school ended this session; the password opens a new one.
 * - `forbidden`: the school lets this person fetch nothing of a kind; the rest goes on.
 * - `server`: the school answered, but not as it should.
 * - `storage-full`, `storage-closed`: this device could not write what came.
 * - `unexpected`: nobody foresaw it.
 */
export interface SyncProblem {
  readonly id: 'unreachable' | 'signed-out' | 'forbidden' | 'server' | 'storage-full' | 'storage-closed' | 'unexpected';
  readonly detail: string;
}

/** A place that this device knows. */
export interface KnownPlace {
  readonly address: string;
  readonly kind: 'school' | 'laptop';
  /** Empty where it has not told it. */
  readonly name: string;
  /** Whether it is met now. */
  readonly current: boolean;
  /** Whether somebody added it at this device, who may take it away again. */
  readonly added: boolean;
}

export interface SyncView {
  /** `elsewhere`: another tab of this device does it. `waiting`: nothing was tried yet. */
  readonly state: 'working' | 'resting' | 'waiting' | 'offline' | 'elsewhere' | 'signed-out';
  /** Why nothing is sent or fetched now, and when it goes on by itself; null while something is, or waits for news. */
  readonly rest: { readonly because: 'time' | 'network' | 'nobody-looks' | 'ask' | 'password'; readonly until: string | null } | null;
  /** What is not fetched waits for this; null when nothing is held back. */
  readonly heldBack: 'wifi' | 'unknown-network' | 'ask' | null;
  readonly dataUse: DataUse;
  /** What this device's sync has used of a network, in bytes both ways. */
  readonly dataUsed: { readonly today: number; readonly month: number };
  /** The place that was last heard from; null where none was yet. `name` may be empty. */
  readonly place: { readonly kind: 'school' | 'laptop'; readonly name: string } | null;
  /** The places that this device knows and may meet. */
  readonly places: readonly KnownPlace[];
  readonly lastContactAt: string | null;
  /** Pieces of work that no other place is known to have. */
  readonly unsent: number;
  /** Pieces of work that a class laptop has and the school is not known to have. */
  readonly atLaptop: number;
  /** Documents still to come, where known. */
  readonly remaining: number | null;
  /** What the sync that runs, or ran last, has moved: documents, and bytes both ways. */
  readonly moved: { readonly received: number; readonly sent: number; readonly bytes: number };
  /** Whether the last sync proved that the device and the school hold the same, and nothing was made since (rule D4 of sync). */
  readonly proved: boolean;
  readonly refused: readonly WorkItem[];
  /** The person's own work, the latest first, with the place where each piece is. */
  readonly work: readonly WorkItem[];
  readonly onDevice: { readonly documents: number; readonly courses: number };
  readonly problem: SyncProblem | null;
  /** Documents on this device that this version of the app cannot read: made by a newer one, or damaged. They are kept. */
  readonly unreadable: number;
}
