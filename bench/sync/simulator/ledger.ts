import { type DocumentOf, documentTypes, erasureIdFor, parseDocId } from '@darasa/shared/documents';
import { isMergedType, personFrom, type UserContext, validateWrite } from '@darasa/shared/rules';
import type { Device } from './device.ts';
import type { RevisionStore } from './revision-store.ts';
import { mayRead } from './school.ts';
import type { Written } from './writing.ts';

interface Entry {
  readonly device: Device;
  readonly id: string;
  readonly rev: string;
  /** Null for a deletion. */
  readonly written: Written | null;
  /** How often the device had been cleared, and a place restored or purged, when it was written. */
  readonly evictions: number;
  readonly disasters: number;
}

/** A device at rest, with the person who is signed in there. */
export interface AtRest {
  readonly device: Device;
  readonly name: string;
  readonly user: UserContext;
}

/** What people did in a schedule, and what has to be true of it when everything has come to rest. */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #evictions = new Map<Device, number>();
  #disasters = 0;

  wrote(device: Device, id: string, rev: string, written: Written | null): void {
    this.#entries.push({ device, id, rev, written, evictions: this.#evictions.get(device) ?? 0, disasters: this.#disasters });
  }

  evicted(device: Device): void {
    this.#evictions.set(device, (this.#evictions.get(device) ?? 0) + 1);
  }

  /** A place was restored from an older backup, or purged. */
  disaster(): void {
    this.#disasters += 1;
  }

  /** Whoever is told that everything is at a place finds it there (D4). After a restore, a purge or an erasure a server may take its time to notice. */
  falselyProved(device: Device, place: RevisionStore): string[] {
    if (this.#disasters > 0) return [];
    // What another conversation brings at this moment, from another place, is not this person's work.
    return notAtSchool(place, device, 'somebody whose sync was proved', (id) => device.own.has(id) && !wasErased(place, id));
  }

  broken(school: RevisionStore, people: readonly AtRest[], openCourses: ReadonlySet<string>): string[] {
    return [
      ...people.flatMap((person) => [...unequal(school, person, openCourses), ...heldWithoutRight(person, openCourses)]),
      ...people.flatMap(({ device, name }) => notAtSchool(school, device, name)),
      ...this.#lost(school),
      ...people.flatMap(({ device, name }) => notErased(school, device, name)),
      ...[school, ...people.map(({ device }) => device.store)].flatMap((store) => this.#changed(store)),
      ...unseenConflicts(school, people),
      ...this.#unmerged(school),
    ];
  }

  /** What was written is at the school, or the person knows that it was refused, or its only place is gone. */
  #lost(school: RevisionStore): string[] {
    return this.#entries.flatMap(({ id, rev, device, evictions, disasters }) => {
      if (school.has(id, rev) || wasErased(school, id) || device.isRefused(id, rev)) return [];
      // Nothing that was cleared can be sent, and what a place lost comes back from whoever still holds it.
      if ((this.#evictions.get(device) ?? 0) > evictions || this.#disasters > disasters) return [];
      return [`lost: ${id} ${rev}`];
    });
  }

  /** What is written once is as it was written. */
  #changed(store: RevisionStore): string[] {
    return this.#entries.flatMap(({ written }) => {
      if (written === null || documentTypes[written.doc.type].mutability !== 'append-only') return [];
      const { _id: id, ...body } = written.doc;
      const bodies = store.leaves(id).map((rev) => JSON.stringify(store.read(id, rev)?.body));
      return bodies.some((each) => each !== JSON.stringify(body)) ? [`changed: ${id}`] : [];
    });
  }

  /** Of versions that merged: no completed lesson is missing, no value that nobody replaced, and nothing that was knowingly replaced is back. */
  #unmerged(school: RevisionStore): string[] {
    return this.#entries.flatMap(({ id, rev, written }) => {
      const { completed, replaced, cell } = written ?? {};
      const [winner, ...others] = school.living(id);
      if (winner === undefined || others.length > 0 || !school.has(id, rev)) return [];
      if (completed !== undefined) {
        const { lessons } = winner.body as DocumentOf<'progress'>; // its id says so
        if (lessons[completed]?.completedAt == null) return [`forgotten: ${completed} in ${id}`];
      }
      if (cell !== undefined) {
        const { edits } = winner.body as DocumentOf<'seating'>; // or a draft, whose edits are alike
        const values = (edits.cells[cell.cell] ?? []).map((entry) => entry.value);
        const by = this.#entries.filter((each) => each.id === id && each.written?.cell?.replaces.includes(cell.value) === true);
        if (by.length === 0 && !values.includes(cell.value))
          return [`gone though nobody replaced it: ${cell.value} in ${cell.cell} of ${id}`];
        if (values.includes(cell.value) && by.some((each) => school.has(id, each.rev)))
          return [`back again: ${cell.value} in ${cell.cell} of ${id}`];
      }
      if (replaced !== undefined) {
        const { [replaced.register]: register } = winner.body as DocumentOf<'profile'>; // its id says so
        if (register.value === replaced.value) return [`back again: ${replaced.value} in ${id}`];
      }
      return [];
    });
  }
}

/** Whoever may read a document holds the leaves that the school holds, and no other document of those partitions. */
function unequal(school: RevisionStore, { device, name, user }: AtRest, openCourses: ReadonlySet<string>): string[] {
  const ids = new Set([...school.ids(), ...device.store.ids()]);
  return [...ids].flatMap((id) => {
    if (!mayRead(user, id, openCourses)) return [];
    const [there, here] = [school.leaves(id), device.leaves(id)];
    return there.join() === here.join() ? [] : [`unequal: ${name} holds ${id} as [${here}], the school as [${there}]`];
  });
}

/** Nobody keeps what they may not read, save what they wrote into a partition of which they read nothing. */
function heldWithoutRight({ device, name, user }: AtRest, openCourses: ReadonlySet<string>): string[] {
  return device.store.ids().flatMap((id) => {
    const letter = parseDocId(id)?.type === 'application' && device.own.has(id);
    return device.leaves(id).length === 0 || mayRead(user, id, openCourses) || letter ? [] : [`kept: ${name} still holds ${id}`];
  });
}

/** What the school says was erased is nowhere: not at the school, not on a device. Save what was in quarantine already, refused for another reason. */
function notErased(school: RevisionStore, device: Device, name: string): string[] {
  const left = new Set([...school.ids(), ...device.store.ids()].filter((id) => wasErased(school, id)));
  return [...left].map((id) => `not erased: ${id}, of the school or of ${name}`);
}

function wasErased(school: RevisionStore, id: string): boolean {
  const erasure = erasureIdFor(id);
  return erasure !== null && school.living(erasure).length > 0;
}

function notAtSchool(school: RevisionStore, device: Device, name: string, which: (id: string) => boolean = () => true): string[] {
  return device.store
    .ids()
    .filter(which)
    .flatMap((id) => device.leaves(id).flatMap((rev) => (school.has(id, rev) ? [] : [`not at the school: ${id} ${rev} of ${name}`])));
}

/** A conflict that can be merged is merged, as soon as a device has seen it whose person may write it. */
function unseenConflicts(school: RevisionStore, people: readonly AtRest[]): string[] {
  return school.ids().flatMap((id) => {
    const [winner] = school.living(id);
    if (winner === undefined || !isMergedType(parseDocId(id)?.type ?? '')) return [];
    const writers = people.filter(
      ({ user, device }) =>
        device.leaves(id).length > 0 && validateWrite({ ...winner.body, _id: id }, null, personFrom(user.name ?? '', user.roles)) === null,
    );
    return writers.length > 0 && school.living(id).length > 1 ? [`unresolved: ${id}`] : [];
  });
}
