import { personFrom } from '@darasa/shared/rules';
import type { CommandContext } from '../commands/context.ts';
import { DocumentCache } from '../document-cache.ts';
import { LocalDatabase } from '../local-database.ts';
import { readerFor } from '../reader.ts';
import { fakeDevice, fakeSchool } from './device.fixture.ts';

/** A teacher's device, as far as commands need it: content and their own documents are in one database. */
export async function teacherAt(seed: number, id: string, ...more: readonly string[]): Promise<CommandContext> {
  const environment = fakeDevice(fakeSchool([]), seed).tab();
  const own = await LocalDatabase.open(environment, `teacher-${seed}`, () => undefined);
  const person = personFrom(id, ['school:greenhill', 'teacher', ...more]);
  const readNow = () => readerFor(person, { content: new DocumentCache(own), own: new DocumentCache(own) }, () => undefined);
  const context: Partial<CommandContext> = { environment, own, person, displayName: `Teacher ${id}`, deviceId: `device-${seed}`, readNow };
  // What such commands do not use is left out; the reader remembers nothing, since nobody tells it of changes.
  return Object.defineProperty(context, 'reader', { get: readNow }) as CommandContext;
}
