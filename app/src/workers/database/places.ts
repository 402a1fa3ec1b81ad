import type { DocumentOf } from '@darasa/shared/documents';
import { placeSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { DeviceStore, PlaceRow } from './device-store.ts';
import type { Environment } from './environment.ts';
import { CEILING_MS, FLOOR_MS, LOOK_AGAIN_MS, SPREAD_MS } from './sync-policy.ts';

/*
 * The places that a device knows (its school, class laptops), and which of them it meets now: rules L1 to L3 of docs/sync-spec.md.
 *
 * Nothing is asked here by itself. Whoever is about to exchange asks for the nearest place, so that when anything is asked at all is decided
 * by `sync-policy.ts` alone.
 */

export interface PlacesParts {
  readonly environment: Pick<Environment, 'fetch' | 'elapsed' | 'after' | 'chance'>;
  readonly store: DeviceStore;
  /** Where the app came from. */
  readonly origin: string;
  readonly onChange: () => void;
}

/** A place on a local network answers in milliseconds; one that takes longer than this is not waited for. */
const ASK_MS = 2_500;
/** The school has so long to answer after a laptop has: of two that are as near, it is the one that work is going to. */
const SCHOOL_GRACE_MS = 250;

interface Waiting {
  readonly failures: number;
  readonly notBefore: number;
}

/** What a document of the school says of one of its places. */
export type ToldPlace = Pick<DocumentOf<'place'>, 'placeId' | 'kind' | 'name' | 'addresses' | 'revokedAt'>;

/** The id under which a place's acknowledgements are kept: null for the school. */
export function hubOf({ kind, id }: Pick<PlaceRow, 'kind' | 'id'>): string | null {
  return kind === 'hub' ? id : null;
}

/** An origin as somebody types it or a code carries it; null where it is none. */
export function addressFrom(text: string): string | null {
  const typed = text.trim();
  const full = /^[a-z]+:\/\//i.test(typed) ? typed : `http://${typed}`;
  if (!URL.canParse(full)) return null;
  const { protocol, origin, hostname } = new URL(full);
  return (protocol === 'https:' || protocol === 'http:') && hostname !== '' ? origin : null;
}

export class Places {
  readonly #parts: PlacesParts;
  /** Places that have said who they are since this tab began. */
  readonly #identified = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();
  #current: { readonly address: string; readonly since: number } | null = null;

  constructor(parts: PlacesParts) {
    this.#parts = parts;
  }

  /** The place that served the app. */
  async served(): Promise<PlaceRow> {
    const { store, origin } = this.#parts;
    const served: PlaceRow = { address: origin, kind: 'school', id: null, name: '', school: null, source: 'served' };
    return (await store.places.get(origin)) ?? served;
  }

  /** Whether a place is the one that served the app, be it under another address. */
  async isServed(place: PlaceRow): Promise<boolean> {
    const served = await this.served();
    return place.address === served.address || (served.id !== null && served.id === place.id);
  }

  /** The places that may stand in for a school, the one that served the app first. */
  async of(school: string): Promise<readonly PlaceRow[]> {
    const served = await this.served();
    const others = await this.#parts.store.places.where('address').notEqual(served.address).toArray();
    return [served, ...others].filter((place) => place.school === null || place.school === school);
  }

  /** The address of the place that is met now; null where none was chosen yet. */
  get current(): string | null {
    return this.#current?.address ?? null;
  }

  /**
   * The place to meet: the one that was met last while that is not long ago, else the first that answers. Where none does, it is the one
   * that served the app, so that whoever asks it hears why. `anew`: all are asked.
   */
  async nearest(school: string, anew = false): Promise<PlaceRow> {
    const known = await this.of(school);
    const now = this.#parts.environment.elapsed();
    const fresh = this.#current !== null && now - this.#current.since < LOOK_AGAIN_MS && !anew;
    const current = known.find(({ address }) => fresh && address === this.#current?.address);
    if (current !== undefined) return current;
    const [only, ...others] = known;
    if (only !== undefined && others.length === 0 && (only.id !== null || this.#identified.has(only.address))) return this.#choose(only);
    const due = known.filter(({ address }) => anew || (this.#waiting.get(address)?.notBefore ?? 0) <= now);
    return this.#choose((await this.#first(due.length === 0 ? known : due)) ?? (await this.served()));
  }

  /** Another place than the one that has just failed; null where none answers. */
  async instead(school: string, failed: PlaceRow): Promise<PlaceRow | null> {
    const others = (await this.of(school)).filter(({ address }) => address !== failed.address);
    const other = others.length === 0 ? null : await this.#first(others);
    return other === null ? null : this.#choose(other);
  }

  /** A place did not answer, or not as it should: it is asked later, the others are now. */
  failed({ address }: PlaceRow): void {
    const { environment } = this.#parts;
    const failures = (this.#waiting.get(address)?.failures ?? 0) + 1;
    const longest = Math.min(CEILING_MS, SPREAD_MS * 2 ** Math.min(failures - 1, 20));
    this.#waiting.set(address, { failures, notBefore: environment.elapsed() + FLOOR_MS + environment.chance() * longest });
    if (this.#current?.address === address) this.#current = null;
  }

  /** A place did what it was asked for. */
  worked({ address }: PlaceRow): void {
    this.#waiting.delete(address);
  }

  /** The network is another one: whoever is near may have changed. */
  forget(): void {
    this.#current = null;
    this.#waiting.clear();
  }

  /** A place that somebody names at this device; null where nothing of Darasa's answers there, or it serves another school. */
  async add(address: string, school: string): Promise<PlaceRow | null> {
    const { store, origin, onChange } = this.#parts;
    const answer = await this.#ask({
      address,
      kind: 'hub',
      id: null,
      name: '',
      school: null,
      source: address === origin ? 'served' : 'added',
    });
    if (answer === null || (answer.school !== null && answer.school !== school)) return null;
    await store.places.put(answer);
    this.#current = null;
    onChange();
    return answer;
  }

  /**
   * What the school's documents say of its places. Those that are not named any more are forgotten; one that was revoked is, whoever
   * had added it.
   */
  async told(school: string, documents: readonly ToldPlace[]): Promise<void> {
    const { store, origin, onChange } = this.#parts;
    const revoked = new Set(documents.flatMap(({ placeId, revokedAt }) => (revokedAt === null ? [] : [placeId])));
    const told = new Map(
      documents.flatMap(({ placeId, kind, name, addresses = [], revokedAt }) =>
        revokedAt === null
          ? addresses.map((address): [string, PlaceRow] => [address, { address, kind, id: placeId, name, school, source: 'told' }])
          : [],
      ),
    );
    told.delete(origin);
    const changed = await store.transaction('rw', store.places, async () => {
      const known = new Map((await store.places.toArray()).map((row) => [row.address, row]));
      const gone = [...known.values()].filter(
        (row) =>
          row.address !== origin &&
          ((row.id !== null && revoked.has(row.id)) || (row.source === 'told' && row.school === school && !told.has(row.address))),
      );
      const fresh = [...told.values()].filter(({ address }) => !known.has(address));
      await store.places.bulkDelete(gone.map(({ address }) => address));
      await store.places.bulkPut(fresh);
      return gone.length + fresh.length > 0;
    });
    if (changed) onChange();
  }

  async remove(address: string): Promise<void> {
    const { store, origin, onChange } = this.#parts;
    if (address !== origin) await store.places.delete(address);
    if (this.#current?.address === address) this.#current = null;
    onChange();
  }

  #choose(place: PlaceRow): PlaceRow {
    const before = this.#current?.address;
    this.#current = { address: place.address, since: this.#parts.environment.elapsed() };
    if (before !== place.address) this.#parts.onChange();
    return place;
  }

  /** Asks all at once. */
  #first(places: readonly PlaceRow[]): Promise<PlaceRow | null> {
    return new Promise((resolve) => {
      let open = places.length;
      let best: PlaceRow | null = null;
      let stopWaiting: () => void = () => undefined;
      const end = (): void => {
        stopWaiting();
        resolve(best);
      };
      const hear = (answer: PlaceRow | null): void => {
        open -= 1;
        if (answer !== null && (best === null || answer.kind === 'school')) best = answer;
        if (open === 0 || best?.kind === 'school') end();
        else if (answer !== null) stopWaiting = this.#parts.environment.after(SCHOOL_GRACE_MS, end);
      };
      for (const place of places) {
        this.#ask(place).then(
          (answer) => {
            if (answer === null) this.failed(place);
            hear(answer);
          },
          () => hear(null), // The device's own storage failed, of which whoever writes hears.
        );
      }
    });
  }

  /** What a place says of itself now; null where it does not answer, or is another than it was. */
  async #ask(place: PlaceRow): Promise<PlaceRow | null> {
    const { environment, store, origin } = this.#parts;
    let answer: unknown;
    try {
      const patience = { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(ASK_MS) } as const;
      const response = await environment.fetch(`${place.address}/v1/place`, patience);
      answer = response.ok ? await response.json() : null;
    } catch {
      return null; // No network, a time-out, a refusal of the browser's, or the page of a captive portal.
    }
    const parsed = v.safeParse(placeSchema, answer);
    if (!parsed.success) {
      // A server from before places is a school's.
      if (place.address !== origin) return null;
      this.#identified.add(place.address);
      return place;
    }
    const { kind, id, name, school } = parsed.output;
    if (place.kind === 'hub' && place.id !== null && place.id !== id) return null;
    const told: PlaceRow = { ...place, kind, id, name, school };
    this.#identified.add(place.address);
    if (JSON.stringify(told) !== JSON.stringify(place)) await store.places.put(told);
    return told;
  }
}
