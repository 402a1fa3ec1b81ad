import type { AttemptTiming } from '../../documents/learner.ts';

/**
 * How much of its time an attempt has used, on a device whose app may be killed and whose clock may be wrong.
 *
 * While one session of the app runs its monotonic clock counts, whatever happens to the clock on the wall. Over a break, from one
 * session to the next, only the wall's clock can tell: it is believed, never backwards, and the break is noted as unproved, so
 * that a learner can say that it was none. Where the school has been heard from at two moments of the attempt its clock decides
 * what lies between them, and mends what the wall said. All times are whole milliseconds.
 */
export interface ClockReading {
  /** The device's clock. */
  readonly wall: number;
  /** A clock that only goes forward while the session lasts. */
  readonly mono: number;
  /** Names the session: another one after the app was closed. */
  readonly session: string;
  /** The school's clock, as far as this session has heard it; null before it has. */
  readonly school: number | null;
}

export interface TimeKept {
  readonly spent: number;
  /** By section. */
  readonly sections: Readonly<Record<string, number>>;
  readonly last: Omit<ClockReading, 'school'>;
  /** When the school was last heard from during this attempt, by its clock, and how much had been spent then. */
  readonly proved: { readonly school: number; readonly spent: number } | null;
  /** The last break, while nothing but the wall's clock tells of it. */
  readonly unproved: { readonly ms: number; readonly section: string } | null;
  readonly doubts: AttemptTiming['doubts'];
}

/** What is shorter is no break, and no change of a clock. */
const NOTEWORTHY_MS = 5_000;
const MAX_DOUBTS = 40;

export function beginTime({ wall, mono, session, school }: ClockReading): TimeKept {
  const last = { wall: Math.round(wall), mono: Math.round(mono), session };
  const proved = school === null ? null : { school: Math.round(school), spent: 0 };
  return { spent: 0, sections: {}, last, proved, unproved: null, doubts: [] };
}

type Doubt = AttemptTiming['doubts'][number];

function doubted(kept: TimeKept, what: Doubt['what'], ms: number): TimeKept {
  const doubts = [...kept.doubts, { what, ms: Math.round(ms), at: kept.spent }];
  // The first ones and the latest say the most.
  return { ...kept, doubts: doubts.length > MAX_DOUBTS ? [...doubts.slice(0, MAX_DOUBTS / 2), ...doubts.slice(-MAX_DOUBTS / 2)] : doubts };
}

function add(kept: TimeKept, section: string, ms: number): TimeKept {
  const before = Object.hasOwn(kept.sections, section) ? (kept.sections[section] ?? 0) : 0;
  return { ...kept, spent: Math.max(0, kept.spent + ms), sections: { ...kept.sections, [section]: Math.max(0, before + ms) } };
}

/** Time passes in a section until now. */
export function keepTime(kept: TimeKept, reading: ClockReading, section: string): TimeKept {
  const { last } = kept;
  const [wall, mono] = [Math.round(reading.wall), Math.round(reading.mono)];
  const onWall = wall - last.wall;
  let next: TimeKept;
  if (reading.session === last.session) {
    const passed = Math.max(0, mono - last.mono);
    next = add(kept, section, passed);
    if (Math.abs(onWall - passed) > NOTEWORTHY_MS) next = doubted(next, 'clock-jumped', onWall - passed);
  } else {
    const gap = Math.max(0, onWall);
    next = add(kept, section, gap);
    if (onWall < 0) next = doubted(next, 'clock-went-back', onWall);
    else if (gap > NOTEWORTHY_MS) next = { ...doubted(next, 'closed', gap), unproved: { ms: gap, section } };
  }
  next = { ...next, last: { wall, mono, session: reading.session } };
  return reading.school === null ? next : proved(next, Math.round(reading.school), section);
}

/** The school's clock has the last word on what lies between two moments at which it was heard. */
function proved(kept: TimeKept, school: number, section: string): TimeKept {
  const { proved: before } = kept;
  const truth = before === null ? kept.spent : before.spent + Math.max(0, school - before.school);
  const mended = add(kept, kept.unproved?.section ?? section, truth - kept.spent);
  return { ...mended, proved: { school, spent: truth }, unproved: before === null ? mended.unproved : null };
}

/** The learner says that the last break was none, but a change of the clock: it does not count, and whoever marks is told. */
export function denyBreak(kept: TimeKept): TimeKept {
  const { unproved } = kept;
  if (unproved === null) return kept;
  return { ...doubted(add(kept, unproved.section, -unproved.ms), 'break-denied', unproved.ms), unproved: null };
}

/** A limit with extra time, in milliseconds; null for none. `extraTime` is a share of it. */
export function allowedMs(seconds: number | null | undefined, extraTime: number): number | null {
  return seconds === null || seconds === undefined ? null : Math.round(seconds * 1000 * (1 + extraTime));
}

/** What is left of the quiz and of a section, in milliseconds, never less than nothing; null where there is no limit. */
export function timeLeft(
  kept: TimeKept,
  limits: { readonly quiz: number | null; readonly section: number | null },
  section: string,
): { readonly quiz: number | null; readonly section: number | null } {
  const left = (limit: number | null, spent: number): number | null => (limit === null ? null : Math.max(0, limit - spent));
  const inSection = Object.hasOwn(kept.sections, section) ? (kept.sections[section] ?? 0) : 0;
  return { quiz: left(limits.quiz, kept.spent), section: left(limits.section, inSection) };
}
