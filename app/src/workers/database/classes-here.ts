import { type ClassNames, classNamesSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { ClassHere, ClassOutcome } from './api.ts';
import type { DeviceStore } from './device-store.ts';
import type { ServerApi } from './server-api.ts';

const KEY = 'classes';
const classHere = v.object({ ...classNamesSchema.entries, school: v.string(), classCode: v.string() });
const classesFrom = v.parser(v.fallback(v.array(classHere), []));

/** The classes whose code was given to this device: their names are shown, with no network too. */
export function classesHere(store: DeviceStore): Promise<readonly ClassHere[]> {
  return store.setting(KEY, classesFrom);
}

/** The names of a class by its code; those that were told last where no server answers. A code that is no longer good is forgotten. */
export async function openClass(store: DeviceStore, api: ServerApi, school: string, classCode: string): Promise<ClassOutcome> {
  const known = await classesHere(store);
  const kept = known.find((each) => each.school === school && each.classCode === classCode);
  const answer = await api.classNames({ school, classCode });
  if (answer.ok) {
    const room = { ...(answer.value satisfies ClassNames), school, classCode };
    await store.keepSetting(KEY, [...known.filter(({ classId, school: other }) => other !== school || classId !== room.classId), room]);
    return { ok: true, room };
  }
  if (answer.reason === 'unreachable') return kept === undefined ? { ok: false, problem: 'unreachable' } : { ok: true, room: kept };
  if (answer.id === 'wrong-class-code') {
    await store.keepSetting(
      KEY,
      known.filter((each) => each !== kept),
    );
    return { ok: false, problem: 'wrong-class-code' };
  }
  return { ok: false, problem: answer.status === 429 ? 'locked-out' : 'unexpected' };
}
