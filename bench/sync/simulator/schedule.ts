import { partitionOf } from '@darasa/shared/documents';
import { type ExchangeDocument, exchangeWithSchool, generationOf, type SendExchange } from '@darasa/shared/sync';
import { Chance } from './chance.ts';
import { Device } from './device.ts';
import { type Rights, School } from './school.ts';
import { Turns } from './turns.ts';

export interface ScheduleOutcome {
  readonly seed: number;
  /** What does not hold after everything came to rest; empty when all is well. */
  readonly broken: readonly string[];
  readonly turns: number;
  readonly exchanges: number;
}

const PARTITIONS = ['public', 'school', 'class-a', 'class-b', 'course-m', 'learner-ada', 'learner-ben'];
const PLACES = ['school', 'laptop'] as const;
type Place = (typeof PLACES)[number];

class NetworkCut extends Error {
  override readonly name = 'NetworkCut';
}

/** One history of devices, a laptop and a school in a bad network, from one seed; and whether all came well out of it. */
export async function runSchedule(seed: number): Promise<ScheduleOutcome> {
  return new Schedule(seed).run();
}

class Schedule {
  readonly #seed: number;
  readonly #chance: Chance;
  readonly #turns: Turns;
  readonly #places: Record<Place, School>;
  readonly #people: { readonly device: Device; rights: Rights }[];
  readonly #broken: string[] = [];
  /** The content of what is written once, by id. */
  readonly #writtenOnce = new Map<string, string>();
  /** Requests of the past, which a network may bring again. */
  readonly #past: { readonly place: Place; readonly request: string; readonly person: number }[] = [];
  #network: 'bad' | 'good' = 'bad';
  #exchanges = 0;
  #documents = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#chance = new Chance(seed);
    this.#turns = new Turns(this.#chance);
    this.#places = {
      school: new School(1 + this.#chance.below(2), this.#turns, this.#chance),
      laptop: new School(1, this.#turns, this.#chance),
    };
    this.#people = Array.from({ length: 2 + this.#chance.below(3) }, () => ({
      device: new Device(this.#turns),
      rights: this.#someRights(),
    }));
  }

  async run(): Promise<ScheduleOutcome> {
    const steps = 20 + this.#chance.below(60);
    for (let step = 0; step < steps; step += 1) {
      this.#happen();
      await this.#turns.give(this.#chance.below(25));
    }
    await this.#turns.settle();
    await this.#comeToRest();
    this.#check();
    return { seed: this.#seed, broken: this.#broken, turns: this.#turns.taken, exchanges: this.#exchanges };
  }

  #happen(): void {
    const person = this.#chance.below(this.#people.length);
    const place = this.#chance.happens(0.75) ? 'school' : 'laptop';
    const roll = this.#chance.below(100);
    if (roll < 30) this.#write(person);
    else if (roll < 65) this.#sync(person, place);
    else if (roll < 70) this.#places.school.replicate(this.#places.laptop);
    else if (roll < 80) this.#places[place].followTails(0.7);
    else if (roll < 84) this.#changeRights(person);
    else if (roll < 87) this.#places[place].restart();
    else if (roll < 89) this.#people[person]?.device.forgetPositions();
    else if (roll < 91) this.#people[person]?.device.evict();
    else if (roll < 94) this.#places[place].backUp();
    else if (roll < 95) this.#places[place].restore();
    else if (roll < 96) this.#purge(place);
    else this.#repeatThePast();
  }

  #someRights(): Rights {
    return { partitions: new Set(PARTITIONS.filter((partition) => partition === 'public' || this.#chance.happens(0.6))) };
  }

  #changeRights(person: number): void {
    const entry = this.#people[person];
    if (entry !== undefined) entry.rights = this.#someRights();
  }

  #purge(place: Place): void {
    const ids = this.#places[place].store.ids();
    if (ids.length > 0) this.#places[place].purge(this.#chance.of(ids));
  }

  /** A person writes something new, edits or deletes what is there, or joins what two have written. */
  #write(person: number): void {
    const entry = this.#people[person];
    if (entry === undefined) return;
    const { device, rights } = entry;
    const known = device.store.ids().filter((id) => device.leaves(id).length > 0 && !id.includes(':attempt:'));
    const roll = this.#chance.next();
    if (known.length === 0 || roll < 0.5) {
      const partition = this.#chance.of([...rights.partitions]);
      const kind = this.#chance.happens(0.1) ? 'forbidden' : this.#chance.happens(0.5) ? 'attempt' : 'note';
      this.#documents += 1;
      // Some ids are made on two devices at once.
      const key = kind === 'note' && this.#chance.happens(0.3) ? `shared${this.#chance.below(4)}` : `d${this.#documents}`;
      const id = `${partition}:${kind}:${key}`;
      const body = { type: kind, text: this.#chance.hex(4) };
      if (kind === 'attempt') this.#writtenOnce.set(id, JSON.stringify(body));
      device.write({ id, rev: `1-${this.#chance.hex(32)}`, ancestors: [], body });
      return;
    }
    const id = this.#chance.of(known);
    const leaves = device.leaves(id);
    const winner = leaves.toSorted((a, b) => generationOf(b) - generationOf(a) || (a < b ? 1 : -1))[0] ?? '';
    this.#edit(device, id, winner, roll < 0.6 ? { _deleted: true } : { type: 'note', text: this.#chance.hex(4) });
    // Who joins a conflict deletes the other leaves.
    if (leaves.length > 1 && this.#chance.happens(0.7)) {
      for (const loser of leaves) if (loser !== winner) this.#edit(device, id, loser, { _deleted: true });
    }
  }

  #edit(device: Device, id: string, parent: string, body: ExchangeDocument['body']): void {
    const before = device.store.read(id, parent);
    if (before === null) return;
    const ancestors = [parent.slice(parent.indexOf('-') + 1), ...before.ancestors];
    device.write({ id, rev: `${generationOf(parent) + 1}-${this.#chance.hex(32)}`, ancestors, body });
  }

  #sync(person: number, place: Place): void {
    const device = this.#people[person]?.device;
    if (device === undefined) return;
    const options = this.#chance.happens(0.3)
      ? { docs: 1 + this.#chance.below(5), push: { docs: 1 + this.#chance.below(4), bytes: 1 } }
      : {};
    this.#turns.start(
      async () => {
        await exchangeWithSchool(device.storageFor(place), this.#networkTo(person, place), options);
      },
      (error) => {
        if (!(error instanceof NetworkCut))
          this.#broken.push(`an exchange failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      },
    );
  }

  #networkTo(person: number, place: Place): SendExchange {
    const schedule = this;
    return async function* (request) {
      schedule.#exchanges += 1;
      const bad = (probability: number): boolean => schedule.#network === 'bad' && schedule.#chance.happens(probability);
      const send = (): AsyncGenerator<string> =>
        schedule.#places[place].exchange(request, () => schedule.#people[person]?.rights ?? { partitions: new Set() });
      await schedule.#turns.turn();
      if (bad(0.1)) throw new NetworkCut('before the server heard');
      schedule.#past.push({ place, request, person });
      if (bad(0.1)) for await (const _ of send()) await schedule.#turns.turn();
      let left = bad(0.25) ? schedule.#chance.below(8) : Number.POSITIVE_INFINITY;
      for await (const line of send()) {
        if (left === 0) throw new NetworkCut('in the middle of the reply');
        left -= 1;
        yield line;
        await schedule.#turns.turn();
      }
    };
  }

  /** A request that was sent long ago arrives once more; nobody hears the reply. */
  #repeatThePast(): void {
    if (this.#past.length === 0) return;
    const { place, request, person } = this.#chance.of(this.#past);
    this.#turns.start(
      async () => {
        const rights = (): Rights => this.#people[person]?.rights ?? { partitions: new Set() };
        for await (const _ of this.#places[place].exchange(request, rights)) await this.#turns.turn();
      },
      (error) => this.#broken.push(`a request of the past failed: ${String(error)}`),
    );
  }

  /** The network is good, everybody notices what there is to notice, and everybody exchanges until nothing moves. */
  async #comeToRest(): Promise<void> {
    this.#network = 'good';
    const { school, laptop } = this.#places;
    for (let round = 0; round < 4; round += 1) {
      for (const place of [school, laptop]) place.noticeEverything();
      for (const person of this.#people.keys()) for (const place of PLACES) await this.#exchangeAlone(person, place, round === 3);
      school.replicate(laptop);
    }
    for (const place of [school, laptop]) place.noticeEverything();
    for (const person of this.#people.keys()) for (const place of PLACES) await this.#exchangeAlone(person, place, true);
  }

  async #exchangeAlone(person: number, place: Place, mustProve: boolean): Promise<void> {
    const device = this.#people[person]?.device;
    if (device === undefined) return;
    this.#turns.start(
      async () => {
        const { state } = await exchangeWithSchool(device.storageFor(place), this.#networkTo(person, place));
        if (mustProve && state !== 'proved') this.#broken.push(`person ${person} ends ${state} with the ${place}`);
      },
      (error) =>
        this.#broken.push(`an exchange failed at rest: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    await this.#turns.settle();
  }

  #check(): void {
    const { school } = this.#places;
    this.#people.forEach(({ device, rights }, person) => {
      for (const id of school.store.ids()) {
        if (!rights.partitions.has(partitionOf(id))) continue;
        const [there, here] = [school.store.leaves(id), device.leaves(id)];
        if (there.join() !== here.join()) this.#broken.push(`person ${person} holds ${id} as [${here}], the school as [${there}]`);
      }
      for (const id of device.store.ids()) {
        const leaves = device.leaves(id);
        if (leaves.length === 0) continue;
        if (!rights.partitions.has(partitionOf(id))) this.#broken.push(`person ${person} still holds ${id}`);
        for (const rev of leaves) if (!school.store.has(id, rev)) this.#broken.push(`the school has lost ${id} ${rev} of person ${person}`);
      }
    });
    for (const store of [school.store, ...this.#people.map(({ device }) => device.store)]) {
      for (const id of store.ids()) {
        const written = this.#writtenOnce.get(id);
        const bodies = store.leaves(id).map((rev) => JSON.stringify(store.read(id, rev)?.body));
        if (written !== undefined && bodies.some((body) => body !== written)) this.#broken.push(`${id} was changed`);
      }
    }
  }
}
