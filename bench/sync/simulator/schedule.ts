import { erasureKeyOf, parseDocId } from '@darasa/shared/documents';
import { isMergedType, personFrom, type UserContext, validateWrite } from '@darasa/shared/rules';
import { type ExchangeDocument, exchangeWithSchool, generationOf, ReplyBrokeOff, type SendExchange } from '@darasa/shared/sync';
import { Chance } from './chance.ts';
import { Device } from './device.ts';
import { Ledger } from './ledger.ts';
import { changeRole, type Member, newMembers, rolesOf } from './people.ts';
import { resolutionOf } from './resolve.ts';
import { NoReply, School, type Token, TokenExpired } from './school.ts';
import { NeverRests, Turns } from './turns.ts';
import { VirtualClock } from './virtual-clock.ts';
import { type Desk, somethingBy, type Written } from './writing.ts';

export interface ScheduleOutcome {
  readonly seed: number;
  /** What does not hold after everything came to rest; empty when all is well. */
  readonly broken: readonly string[];
  readonly turns: number;
  readonly exchanges: number;
}

const PLACES = ['school', 'laptop'] as const;
type Place = (typeof PLACES)[number];

const ROUNDS_TO_REST = 6;
const TOKEN_MS = 15 * 60_000;
const YEAR_MS = 365 * 24 * 60 * 60_000;

/** Told of every step of a schedule, to see how a broken one came about. */
export type Trace = (line: string) => void;

class NetworkCut extends Error {
  override readonly name = 'NetworkCut';
}

/** Somebody at a device. */
interface Seat {
  readonly member: Member;
  readonly device: Device;
  deviceId: string;
  seq: number;
  /** As whom the device writes into the cells of a document, and how often it has. */
  readonly writers: Map<string, { readonly by: string; readonly n: number }>;
  /** Milliseconds by which the device's clock is ahead of the servers'. */
  skew: number;
  token: Token;
}

/** One history of devices, a laptop and a school in a bad network, from one seed; and whether all came well out of it. */
export async function runSchedule(seed: number, trace: Trace = () => undefined): Promise<ScheduleOutcome> {
  const schedule = new Schedule(seed, trace);
  const uninstall = schedule.clock.install();
  try {
    return await schedule.run();
  } catch (error) {
    if (!(error instanceof NeverRests)) throw error;
    return { seed, broken: ['never comes to rest'], turns: 0, exchanges: 0 };
  } finally {
    uninstall();
  }
}

class Schedule {
  readonly clock: VirtualClock = new VirtualClock();
  readonly #seed: number;
  readonly #trace: Trace;
  readonly #chance: Chance;
  readonly #turns: Turns;
  readonly #places: Record<Place, School>;
  readonly #members: readonly Member[];
  readonly #seats: readonly Seat[];
  readonly #ledger = new Ledger();
  readonly #broken: string[] = [];
  /** Requests of the past, which a network may bring again. */
  readonly #past: { readonly place: Place; readonly request: string; readonly token: Token }[] = [];
  #network: 'bad' | 'good' = 'bad';
  #exchanges = 0;
  /** Documents that went from one side to the other at rest. */
  #moved = 0;

  constructor(seed: number, trace: Trace) {
    this.#seed = seed;
    this.#trace = trace;
    this.#chance = new Chance(seed);
    this.#turns = new Turns(this.#chance);
    this.#turns.idle = () => this.#idle();
    this.#places = {
      school: new School(1 + this.#chance.below(2), this.#turns, this.#chance, this.clock),
      laptop: new School(1, this.#turns, this.#chance, this.clock),
    };
    this.#members = newMembers(this.#chance);
    this.#seats = Array.from({ length: 2 + this.#chance.below(4) }, (_, at) => this.#newSeat(at));
  }

  async run(): Promise<ScheduleOutcome> {
    const steps = 20 + this.#chance.below(60);
    for (let step = 0; step < steps; step += 1) {
      this.#happen();
      await this.#turns.give(this.#chance.below(25));
    }
    await this.#turns.settle();
    await this.#comeToRest();
    this.#broken.push(...this.#ledger.broken(this.#places.school.store, this.#peopleAtRest(), this.#openCourses()));
    for (const place of PLACES) this.#places[place].close();
    await this.#turns.settle();
    return { seed: this.#seed, broken: this.#broken, turns: this.#turns.taken, exchanges: this.#exchanges };
  }

  #happen(): void {
    const seat = this.#chance.of(this.#seats);
    const place = this.#chance.happens(0.75) ? 'school' : 'laptop';
    const school = this.#places[place];
    const roll = this.#chance.below(1_000);
    const steps: readonly [number, string, () => void][] = [
      [290, 'writes', () => this.#write(seat)],
      [330, 'resolves', () => this.#resolve(seat)],
      [640, 'syncs', () => this.#sync(seat, place)],
      [670, 'replicates', () => this.#replicate(this.#chance.next())],
      [740, 'feeds', () => void school.couch.followFeeds(0.7)],
      [790, 'time passes', () => this.clock.pass(this.#chance.below(120_000))],
      [820, 'a role changes', () => changeRole(this.#chance.of(this.#members), this.#chance)],
      [840, 'restart', () => school.restart()],
      [860, 'feeds cut', () => school.couch.cutFeeds()],
      [875, 'positions forgotten', () => seat.device.forgetPositions()],
      [890, 'evicted', () => this.#evict(seat)],
      [
        905,
        'clock set',
        () => {
          seat.skew = this.#someSkew();
        },
      ],
      [935, 'back-up', () => school.couch.backUp()],
      [945, 'restored', () => this.#restore(place)],
      [953, 'purged', () => this.#purge(place)],
      [957, 'to be erased', () => this.#haveErased(place)],
      [970, 'erasing', () => this.#startErasing(place)],
    ];
    const always = [1_000, 'a request of the past', () => this.#repeatThePast()] as const;
    const [, what, happen] = steps.find(([share]) => roll < share) ?? always;
    this.#trace(`${what} (${seat.deviceId} of ${seat.member.name}, ${place})`);
    happen();
  }

  #newSeat(at: number): Seat {
    // Two devices of one learner, or of one teacher, more often than not.
    const often = at < 2 ? 'ada' : 'tembo';
    const member = at < 4 && this.#chance.happens(0.5) ? this.#member(often) : this.#chance.of(this.#members);
    const user = { name: member.name, roles: rolesOf(member) };
    const token = { ...user, expiresAt: this.clock.now + TOKEN_MS };
    return {
      member,
      device: new Device(user, this.#turns, this.#chance, this.#trace),
      deviceId: this.#newDeviceId(),
      seq: 0,
      writers: new Map(),
      skew: this.#someSkew(),
      token,
    };
  }

  #member(name: string): Member {
    const found = this.#members.find((each) => each.name === name);
    if (found === undefined) throw new RangeError(`Nobody is called ${name}`);
    return found;
  }

  #newDeviceId(): string {
    return `tablet-${this.#chance.hex(8)}`;
  }

  /** Half of the clocks are right, the others are off by up to ten years. */
  #someSkew(): number {
    return this.#chance.happens(0.5) ? 0 : Math.floor((this.#chance.next() - 0.5) * 20 * YEAR_MS);
  }

  #restore(place: Place): void {
    if (this.#places[place].couch.restore()) this.#ledger.disaster();
  }

  #purge(place: Place): void {
    const { store, couch } = this.#places[place];
    const ids = store.ids();
    if (ids.length === 0) return;
    const id = this.#chance.of(ids);
    couch.purge({ [id]: store.leaves(id) });
    this.#ledger.disaster();
  }

  /** An admin has a learner's partition erased, or a letter. */
  #haveErased(place: Place): void {
    const letters = this.#places[place].store.ids().filter((id) => parseDocId(id)?.type === 'application');
    const target =
      letters.length > 0 && this.#chance.happens(0.5) ? this.#chance.of(letters) : this.#chance.of(['learner-ada', 'learner-ben']);
    const erased = erasureKeyOf(target);
    const body = {
      type: 'erasure',
      schemaVersion: 1,
      createdAt: new Date(this.clock.now).toISOString(),
      deviceId: 'server',
      erased,
      target,
      actorId: 'head',
    };
    const rev = `1-${this.#chance.hex(32)}`;
    this.#places[place].couch.write([{ id: `staff:erasure:${erased}`, rev, ancestors: [], body }], { name: 'head', roles: ['admin'] });
  }

  #startErasing(place: Place): void {
    this.#turns.start(
      () => this.#places[place].erase(),
      (error) => this.#broken.push(`erasing failed: ${traceOf(error)}`),
    );
  }

  /** The browser cleared everything; what is made there afterwards comes from another device. */
  #evict(seat: Seat): void {
    seat.device.evict();
    seat.deviceId = this.#newDeviceId();
    seat.writers.clear();
    this.#ledger.evicted(seat.device);
  }

  #replicate(share: number): void {
    const { school, laptop } = this.#places;
    if (this.#chance.happens(0.5) || share === 1) this.#moved += school.replicateFrom(laptop, share);
    if (this.#chance.happens(0.5) || share === 1) this.#moved += laptop.replicateFrom(school, share);
  }

  /** A person writes something new, changes or deletes what is there, or joins by hand what two have written. */
  #write(seat: Seat): void {
    const { device, member } = seat;
    const changeable = device.store.ids().filter((id) => !mergesOf(id) && this.#mayWrite(seat, id, { _deleted: true }));
    if (changeable.length > 0 && this.#chance.happens(0.1)) {
      const id = this.#chance.of(changeable);
      const [winner, ...losers] = device.store.living(id, device.quarantine);
      // Who joins a conflict deletes the other leaves; who deletes, the one that is shown.
      for (const leaf of losers.length > 0 ? losers : winner === undefined ? [] : [winner])
        this.#put(seat, id, leaf, { _deleted: true }, null);
      return;
    }
    // An edit goes on top of all that the device holds.
    this.#resolve(seat);
    const held = (id: string): ExchangeDocument | null => device.store.living(id, device.quarantine)[0] ?? null;
    const desk: Desk = {
      deviceId: seat.deviceId,
      author: member.name,
      createdAt: new Date(this.clock.now + seat.skew).toISOString(),
      seq: () => {
        seat.seq += 1;
        return seat.seq;
      },
      writer: (id, countOf) => {
        const known = seat.writers.get(id);
        const same = known !== undefined && countOf(known.by) === known.n;
        const by = same ? known.by : `w${this.#chance.hex(8)}`;
        seat.writers.set(id, { by, n: same ? known.n + 1 : 1 });
        return by;
      },
      held: (id) => held(id)?.body ?? null,
    };
    const written = somethingBy(desk, this.#chance);
    const { _id: id, ...body } = written.doc;
    this.#put(seat, id, held(id), body, written);
  }

  #put(seat: Seat, id: string, parent: ExchangeDocument | null, body: ExchangeDocument['body'], written: Written | null): void {
    const ancestors = parent === null ? [] : [parent.rev.slice(parent.rev.indexOf('-') + 1), ...parent.ancestors];
    const rev = `${parent === null ? 1 : generationOf(parent.rev) + 1}-${this.#chance.hex(32)}`;
    this.#trace(`  ${id} ${rev} on ${parent?.rev ?? 'nothing'}`);
    seat.device.write({ id, rev, ancestors, body });
    this.#ledger.wrote(seat.device, id, rev, written);
  }

  #mayWrite({ device }: Seat, id: string, body: ExchangeDocument['body']): boolean {
    const [winner] = device.store.living(id, device.quarantine);
    const person = personFrom(device.user.name ?? '', device.user.roles);
    return winner !== undefined && validateWrite({ ...body, _id: id }, { ...winner.body, _id: id }, person) === null;
  }

  /** What a device does by itself with the conflicts that it sees in documents that its person may write. */
  #resolve(seat: Seat): void {
    const { device } = seat;
    for (const id of device.store.ids()) {
      if (!mergesOf(id)) continue;
      const living = device.store.living(id, device.quarantine);
      const [winner] = living;
      if (living.length < 2 || winner === undefined || !this.#mayWrite(seat, id, winner.body)) continue;
      for (const doc of resolutionOf(living)) device.write(doc);
    }
  }

  /** One tab syncs; the others, and the other devices, go on. Several may sync at once. */
  #sync(seat: Seat, place: Place): void {
    const limits = this.#chance.happens(0.3)
      ? { docs: 1 + this.#chance.below(5), push: { docs: 1 + this.#chance.below(4), bytes: 1 } }
      : {};
    const wait = this.#chance.happens(0.15) ? { wait: 30_000 } : {};
    this.#turns.start(
      async () => {
        const { state } = await exchangeWithSchool(seat.device.storageFor(place), this.#networkTo(seat, place), { ...limits, ...wait });
        this.#trace(`  ${seat.deviceId} ends ${state} with the ${place}`);
        if (state === 'proved') this.#broken.push(...this.#ledger.falselyProved(seat.device, this.#places[place].store));
      },
      (error) => {
        if (!(error instanceof NetworkCut || error instanceof NoReply || error instanceof ReplyBrokeOff))
          this.#broken.push(`an exchange failed: ${traceOf(error)}`);
      },
    );
  }

  #networkTo(seat: Seat, place: Place): SendExchange {
    const schedule = this;
    return async function* (request) {
      schedule.#exchanges += 1;
      const bad = (probability: number): boolean => schedule.#network === 'bad' && schedule.#chance.happens(probability);
      await schedule.#turns.turn();
      if (bad(0.1)) throw new NetworkCut('before the server heard');
      schedule.#past.push({ place, request, token: seat.token });
      // The request arrives twice.
      if (bad(0.05)) for await (const _ of schedule.#reply(seat, place, request)) await schedule.#turns.turn();
      // The server heard, and its reply is cut somewhere, its first line included.
      let left = bad(0.3) ? schedule.#chance.below(8) : Number.POSITIVE_INFINITY;
      for await (const line of schedule.#reply(seat, place, request)) {
        if (left === 0 && schedule.#chance.happens(0.3)) return;
        if (left === 0) throw new NetworkCut('in the middle of the reply');
        left -= 1;
        yield line;
        await schedule.#turns.turn();
      }
    };
  }

  /** The reply of a server; a device whose token has ended gets another, and with it hears which roles the person has by now. */
  async *#reply(seat: Seat, place: Place, request: string): AsyncGenerator<string> {
    try {
      yield* this.#places[place].exchange(request, seat.token);
    } catch (error) {
      if (!(error instanceof TokenExpired)) throw error;
      this.#signIn(seat);
      yield* this.#places[place].exchange(request, seat.token);
    }
  }

  #signIn(seat: Seat): void {
    const user: UserContext = { name: seat.member.name, roles: rolesOf(seat.member) };
    seat.token = { name: seat.member.name, roles: user.roles, expiresAt: this.clock.now + TOKEN_MS };
    seat.device.user = user;
  }

  /** A request that was sent long ago arrives once more, its token with it; nobody hears the reply. */
  #repeatThePast(): void {
    if (this.#past.length === 0) return;
    const { place, request, token } = this.#chance.of(this.#past);
    this.#turns.start(
      async () => {
        for await (const _ of this.#places[place].exchange(request, token)) await this.#turns.turn();
      },
      (error) => {
        if (!(error instanceof TokenExpired || error instanceof NoReply))
          this.#broken.push(`a request of the past failed: ${traceOf(error)}`);
      },
    );
  }

  /** Everybody waits: the feeds move, or time does. */
  #idle(): void {
    const moved = this.#chance.happens(0.5) && PLACES.map((place) => this.#places[place].couch.followFeeds(0.8)).includes(true);
    if (!moved && !this.clock.passToNext()) throw new Error('Everybody waits for nothing');
  }

  /** The network is good, the servers have minutes to notice what there is to notice, and everybody exchanges until nothing moves. */
  async #comeToRest(): Promise<void> {
    this.#network = 'good';
    for (let round = 0; round < ROUNDS_TO_REST; round += 1) {
      for (const place of PLACES) this.#startErasing(place);
      await this.#minutesPass();
      const before = this.#moved;
      for (const seat of this.#seats) {
        this.#signIn(seat);
        this.#resolve(seat);
        for (const place of PLACES) await this.#exchangeAlone(seat, place, false);
      }
      this.#replicate(1);
      if (this.#moved === before) break;
    }
    await this.#minutesPass();
    for (const seat of this.#seats) for (const place of PLACES) await this.#exchangeAlone(seat, place, true);
  }

  async #minutesPass(): Promise<void> {
    for (let minute = 0; minute < 4; minute += 1) {
      for (const place of PLACES) this.#places[place].couch.followFeeds(1);
      this.clock.pass(31_000);
      await this.#turns.settle();
    }
    for (const place of PLACES) this.#places[place].couch.followFeeds(1);
    await this.#turns.settle();
  }

  async #exchangeAlone(seat: Seat, place: Place, mustProve: boolean): Promise<void> {
    this.#turns.start(
      async () => {
        const { state, sent, received, refused } = await exchangeWithSchool(seat.device.storageFor(place), this.#networkTo(seat, place));
        this.#moved += sent + received + refused + (state === 'proved' ? 0 : 1);
        if (mustProve && state !== 'proved') this.#broken.push(`${seat.member.name} ends ${state} with the ${place}`);
      },
      (error) => this.#broken.push(`an exchange failed at rest: ${traceOf(error)}`),
    );
    await this.#turns.settle();
  }

  #peopleAtRest() {
    return this.#seats.map(({ device, member }) => ({ device, name: member.name, user: { name: member.name, roles: rolesOf(member) } }));
  }

  #openCourses(): ReadonlySet<string> {
    const { store } = this.#places.school;
    const open = store.ids().filter((id) => id.startsWith('public:course:') && store.living(id)[0]?.body['open'] === true);
    return new Set(open.map((id) => id.slice('public:course:'.length)));
  }
}

/** Whether a document is of a type that merges; nobody deletes such. */
function mergesOf(id: string): boolean {
  return isMergedType(parseDocId(id)?.type ?? '');
}

function traceOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
