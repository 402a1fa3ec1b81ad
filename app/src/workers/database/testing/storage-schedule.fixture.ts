import { enrolmentId, partitionOf } from '@darasa/shared/documents';
import { partitionReader, personFrom } from '@darasa/shared/rules';
import { type Branch, leavesWithout, revisionsOf } from '@darasa/shared/sync';
import type { Pouch } from '../local-database.ts';
import type { AppTab } from './app-tab.fixture.ts';
import { emptyCopyOf, fakeDevice } from './device.fixture.ts';
import { openStorage } from './open-storage.fixture.ts';
import { smallSchool } from './school.fixture.ts';

/*
 * Schedules of chance, as of `npm run fuzz:sync`, with the app's own storage on PouchDB and an IndexedDB: people write, sync over
 * connections that break, in two tabs at once, gain and lose what they may read, are refused, lose their storage; the school is restored
 * from a backup. Then all comes to rest, and both sides must be the same.
 */

/** The same numbers for the same seed (mulberry32). */
function chanceOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

/** As when the browser clears one database, or the device's own data. */
async function evict(tab: AppTab, what: 'own' | 'content' | 'store'): Promise<void> {
  if (what === 'store') await tab.store.delete();
  else await tab[what].pouch.destroy();
}

/** All revisions of a document, by its leaves and what they descend from. */
async function branchesOf(pouch: Pouch, id: string): Promise<Branch[]> {
  // As PouchDB gives all leaves; its types know one.
  const opened = (await pouch.get(id, { open_revs: 'all', revs: true }).catch(() => [])) as unknown as {
    ok: { _rev: string; _revisions: { ids: string[] } };
  }[];
  return opened.map(({ ok }) => ({ rev: ok._rev, ancestors: ok._revisions.ids.slice(1) }));
}

async function histories(pouch: Pouch, id: string): Promise<ReadonlySet<string>> {
  return new Set((await branchesOf(pouch, id)).flatMap(revisionsOf));
}

type Leaves = Record<string, string>;

async function leavesOf(pouch: Pouch, refused: ReadonlyMap<string, ReadonlySet<string>> = new Map()): Promise<Leaves> {
  const { results } = await pouch.changes({ style: 'all_docs' });
  const leaves: Leaves = {};
  for (const { id, changes } of results) {
    let revs = changes.map(({ rev }) => rev);
    const without = refused.get(id);
    if (without !== undefined) revs = leavesWithout(await branchesOf(pouch, id), without);
    if (revs.length > 0) leaves[id] = revs.sort().join(' ');
  }
  return leaves;
}

/** Answers what is broken in the end: nothing, if all is well. The same seed is the same schedule. */
export async function runStorageSchedule(seed: number): Promise<readonly string[]> {
  const chance = chanceOf(seed);
  const happens = (percent: number): boolean => chance(100) < percent;
  const { school, amina, brian } = await smallSchool();
  amina.roles = ['school:greenhill', 'learner', 'takes:closed-a', 'learns:7a'];
  brian.roles = ['school:greenhill', 'teacher', 'teaches:7a', `marks:${amina.id}`];
  const rolesOf = new Map([amina, brian].map((account) => [account, account.roles]));
  const people = [
    { account: amina, device: fakeDevice(school, seed) },
    { account: amina, device: fakeDevice(school, seed + 1) },
    { account: brian, device: fakeDevice(school, seed + 2) },
  ];
  const tabs = await Promise.all(people.map(({ account, device }) => openStorage(school, account, device)));
  const broken: string[] = [];
  /** What was written, while its only place was not cleared nor the school set back. */
  const made: { readonly at: number; readonly id: string; readonly rev: string }[] = [];
  const forgetMade = (which: (each: { readonly at: number }) => boolean): void => {
    for (let index = made.length - 1; index >= 0; index -= 1) if (which(made[index] ?? { at: -1 })) made.splice(index, 1);
  };
  let written = 0;
  let backup: PouchDB.Database | null = null;

  const write = async (at: number): Promise<void> => {
    const tab = tabs[at];
    if (tab === undefined) return;
    written += 1;
    const origin = { createdAt: '2026-01-01T08:00:00.000Z', deviceId: `d${at}`, n: written };
    const doc: Record<string, unknown> & { _id: string } =
      people[at]?.account === brian
        ? happens(50)
          ? { _id: `learner-${amina.id}:feedback:d${at}:${written}`, type: 'feedback', authorId: brian.id, ...origin }
          : { _id: `class-7a:announcement:${chance(3)}`, type: 'announcement', authorId: brian.id, ...origin }
        : happens(40)
          ? { _id: `learner-${amina.id}:attempt:open-course:check:d${at}:${written}:0`, type: 'attempt', ...origin }
          : { _id: enrolmentId(amina.id, `c${chance(4)}`), type: 'enrolment', ...origin };
    const known = await tab.own.pouch.get(doc._id).catch(() => null);
    if (known === null && happens(12)) school.refuses.set(doc._id, 'Not this one');
    const { id, rev } =
      known !== null && happens(20)
        ? await tab.own.pouch.remove(known)
        : await tab.own.pouch.put({ ...doc, ...(known === null ? {} : { _rev: known._rev }) });
    made.push({ at, id, rev });
  };

  const sync = async (at: number): Promise<void> => {
    const person = people[at];
    const tab = tabs[at];
    if (person === undefined || tab === undefined) return;
    school.cutsRepliesAfter = happens(40) ? chance(4_000) : null;
    const docs = happens(40) ? 1 + chance(5) : 2_500;
    const both = [tab, ...(happens(20) ? [await openStorage(school, person.account, person.device)] : [])];
    await Promise.all(
      both.map((each) =>
        each.sync({ docs }).catch((error: unknown) => {
          if (!/network error/.test(String(error)) && !/broke off/.test(String(error)))
            broken.push(`a sync failed: ${error instanceof Error ? error.stack : String(error)}`);
        }),
      ),
    );
    for (const second of both.slice(1)) await second.close();
  };

  for (let step = 0; step < 24; step += 1) {
    const at = chance(people.length);
    const roll = chance(100);
    if (roll < 45) await write(at);
    else if (roll < 80) await sync(at);
    else if (roll < 88) {
      const account = people[at]?.account ?? amina;
      const all = rolesOf.get(account) ?? [];
      account.roles = all.filter((role) => !/^(takes|learns|teaches|marks):/.test(role) || happens(60));
    } else if (roll < 91) backup = await emptyCopyOf(school.database, true);
    else if (roll < 94 && backup !== null) {
      school.database = backup;
      forgetMade(() => true);
    } else if (roll < 97) {
      const person = people[at];
      if (person === undefined) continue;
      if (tabs[at] !== undefined) await evict(tabs[at], (['own', 'content', 'store'] as const)[chance(3)] ?? 'own');
      tabs[at] = await openStorage(school, person.account, person.device);
      forgetMade((each) => each.at === at);
    } else school.refuses.clear();
  }

  school.cutsRepliesAfter = null;
  for (let round = 0; round < 3; round += 1) {
    for (const [at, tab] of tabs.entries()) {
      const { state } = await tab.sync();
      if (round === 2 && state !== 'proved') broken.push(`${at} ends ${state}`);
    }
  }
  const there = await leavesOf(school.database);
  for (const [at, tab] of tabs.entries()) {
    const account = people[at]?.account ?? amina;
    const mayRead = partitionReader(personFrom(account.id, account.roles), school.openCourses);
    const refused = new Map((await tab.store.refused.toArray()).map(({ id, revs }) => [id, new Set(revs)]));
    const here = { ...(await leavesOf(tab.own.pouch, refused)), ...(await leavesOf(tab.content.pouch, refused)) };
    for (const id of new Set([...Object.keys(there), ...Object.keys(here)])) {
      if (mayRead(partitionOf(id)) && here[id] !== there[id])
        broken.push(`${at} holds ${id} as [${here[id]}], the school as [${there[id]}]`);
    }
    for (const pouch of [tab.own.pouch, tab.content.pouch]) {
      for (const { id } of (await pouch.changes({})).results) if (!mayRead(partitionOf(id))) broken.push(`${at} still holds ${id}`);
    }
    for (const { id, rev } of made.filter((each) => each.at === at)) {
      if (refused.get(id)?.has(rev) === true || (await histories(school.database, id)).has(rev)) continue;
      broken.push(`${at} wrote ${id} ${rev}, and nobody has it`);
    }
    if ((await tab.storage.unsent({ docs: 1, bytes: 1 })).length > 0) broken.push(`${at} has unsent work`);
    await tab.close();
  }
  return broken;
}
