import type { Document } from '@darasa/shared/documents';
import type { DeviceKey } from '@darasa/shared/protocol';
import type { Person } from '@darasa/shared/rules';
import type { Outcome } from '../api.ts';
import type { DeviceStore } from '../device-store.ts';
import { type Environment, instantOf } from '../environment.ts';
import type { Grade } from '../grader.ts';
import type { LocalDatabase } from '../local-database.ts';
import type { MarkdownRenderer } from '../markdown/render.ts';
import type { Reader } from '../reader.ts';
import type { SchoolClock } from '../school-clock.ts';

/** What a command of the person who is in works with. */
export interface CommandContext {
  readonly environment: Environment;
  readonly clock: SchoolClock;
  readonly store: DeviceStore;
  readonly person: Person;
  readonly displayName: string;
  readonly deviceId: string;
  readonly own: LocalDatabase;
  readonly markdown: MarkdownRenderer;
  readonly reader: Reader;
  /** A reader that remembers nothing: it sees what was written just now. */
  readonly readNow: () => Reader;
  readonly grade: Grade;
  /** The key of this account on this device, for seals; null where it has none. */
  readonly deviceKey: () => Promise<DeviceKey | null>;
  /** Writes documents at the place that serves the app, all or none of them counting as done. It needs the network. */
  readonly publish: (docs: readonly Document[]) => Promise<Outcome>;
  /** The attempt in hand changed. */
  readonly attemptChanged: () => void;
}

/** Where and when a document is made. */
export function originOf({ environment, deviceId }: CommandContext): { createdAt: string; deviceId: string } {
  return { createdAt: instantOf(environment), deviceId };
}

/** The origin of something that a person did: with the next number of the device's counter. */
export async function countedOrigin(context: CommandContext): Promise<{ createdAt: string; deviceId: string; seq: number }> {
  return { ...originOf(context), seq: await context.store.nextSeq() };
}
