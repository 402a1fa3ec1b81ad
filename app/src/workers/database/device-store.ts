import type { AttemptTiming, DocumentOf } from '@darasa/shared/documents';
import { DEVICE_DATABASE, type OutboxRow, type PublicJwk } from '@darasa/shared/protocol';
import type { Paper, TimeKept } from '@darasa/shared/rules';
import type { Position } from '@darasa/shared/sync';
import { Dexie, type Table } from 'dexie';
import type { AccountKind, Answer } from './api.ts';
import type { Tries } from './device-tries.ts';
import type { Verifier } from './password-verifier.ts';
import type { Way } from './shown-secret.ts';

/** An account that has signed in on this device. */
export interface AccountRow {
  readonly accountId: string;
  readonly school: string;
  readonly schoolName: string;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  readonly roles: readonly string[];
  /** Whether it opens without the password. */
  readonly open: boolean;
  /** What it was last signed in with; absent: its password. */
  readonly way?: Way;
  /** Checks that with no network. */
  readonly verifier: Verifier;
  readonly tries?: Tries;
  /** Null when the server has ended the session: the person works on, and signs in again to sync. */
  readonly refreshToken: string | null;
  readonly accessToken: string | null;
  /** By this device's clock, in milliseconds. */
  readonly accessExpiresAt: number;
  /** Whether the access token is bound to the device's key. Absent for not. */
  readonly bound?: boolean;
  /** Opens a session at the school's other places, with the device's key. Absent where the device has none. */
  readonly pass?: string;
  /** When that came, by this device's clock. */
  readonly passAt?: number;
  /** Documents that were not at the school when last counted; for the list of accounts. */
  readonly unsent: number;
}

/** The key of an account on this device. The private half is the browser's: it signs, and cannot be taken out. */
export interface DeviceKeyRow {
  readonly accountId: string;
  readonly publicKey: PublicJwk;
  readonly privateKey: CryptoKey;
}

/** An attempt in hand. It is the device's alone until it is submitted. */
export interface OpenAttemptRow {
  readonly accountId: string;
  readonly courseId: string;
  readonly quizId: string;
  /** Pinned when the attempt begins: a later version of the quiz does not touch it. */
  readonly version: number;
  readonly startedAt: string;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly flagged: readonly string[];
  readonly at: number;
  /** What its paper was drawn by, and of which quiz. Absent from attempts that an older app began: they take everything as it is written. */
  readonly seed?: string;
  readonly quizDigest?: string;
  readonly sections?: Paper['sections'];
  readonly time?: TimeKept;
  readonly answeredAt?: string;
  /** Set when the learner submits: the attempt's number and time, the same however often the submission is tried. */
  readonly submitting: {
    readonly seq: number;
    readonly submittedAt: string;
    readonly deviceId: string;
    readonly timing?: AttemptTiming;
  } | null;
}

/** A photo or file of an answer in hand: the document that it becomes when the attempt is submitted. */
export interface OpenFileRow {
  readonly accountId: string;
  readonly courseId: string;
  readonly quizId: string;
  readonly id: string;
  readonly doc: DocumentOf<'answer-file'>;
}

/** A document that the school refused, kept with the reason. */
export interface RefusedRow {
  readonly accountId: string;
  readonly id: string;
  readonly rev: string;
  /** This revision and those below it that the school does not have: none of them counts in a digest. */
  readonly revs: readonly string[];
  readonly type: string;
  readonly reason: string;
  readonly at: string;
  readonly doc: Readonly<Record<string, unknown>>;
}

/** What is known of a local database's dealings with the school. */
export interface MarkRow {
  readonly database: string;
  /** Whether everything that the school had was once received. */
  readonly complete: boolean;
  /** When the last sync proved that both sides hold the same; null when it proved nothing. Of a person's own database. */
  readonly provedAt: string | null;
  /** The last time that a place answered, by this device's clock. */
  readonly contactAt: string | null;
  /** Which place that was. Absent: the school. */
  readonly contactWith?: Pick<PlaceRow, 'kind' | 'name'>;
}

/** One document of a local database, as far as the school is concerned. */
export interface HeldRow {
  readonly database: string;
  readonly id: string;
  /** The leaves that count in its digest, with spaces between; empty when the school refused all of it. */
  readonly leaves: string;
  /** Whose work it is, while the school has not acknowledged all of it. */
  readonly author?: string;
  /** While it has not: the revisions that the school has, with spaces between. */
  readonly atSchool?: string;
  /** While it has not: by the id of a class laptop, the revisions that this laptop has acknowledged, with spaces between. */
  readonly atHubs?: Readonly<Record<string, string>>;
  /** The class laptop that sent it, while the school is not known to have it and nobody here has written it. */
  readonly from?: string;
}

/** A document that this device and one place hold in different forms, as that place is told of it. See `asides.ts`. */
export interface AsideRow {
  readonly accountId: string;
  /** The id of a class laptop, or `school`. */
  readonly place: string;
  readonly id: string;
  /**
   * `kept`: neither may bring its form to the other. `refused`: the laptop will not take it. `send`: the laptop lacks it and is to have it,
   * although the school has it already.
   */
  readonly kind: 'kept' | 'refused' | 'send';
  /** The leaves that the place has, as far as it has said, with spaces between; empty for none. */
  readonly theirs: string;
  /** Of what was refused: the leaves that were. */
  readonly ours: string;
}

/** A session of an account at another place than the one that served the app. */
export interface SessionRow {
  readonly accountId: string;
  /** The id of the place. */
  readonly place: string;
  readonly refreshToken: string | null;
  readonly accessToken: string | null;
  /** By this device's clock, in milliseconds. */
  readonly accessExpiresAt: number;
  /** As in the account's own row. */
  readonly bound?: boolean;
}

/** A place that this device knows: where it is, and what it last said of itself. */
export interface PlaceRow {
  /** Its origin, for example `https://laptop.school.example`. */
  readonly address: string;
  readonly kind: 'school' | 'hub';
  /** Its own id; null while it has never said it. */
  readonly id: string | null;
  readonly name: string;
  /** The school that it stands in for; null for a school's server, which may have several. */
  readonly school: string | null;
  /** `told`: by a document of the school, which takes it away again. `added`: by somebody at this device. */
  readonly source: 'served' | 'told' | 'added';
}

/** The digest of one partition of a local database. */
export interface DigestRow {
  readonly database: string;
  readonly partition: string;
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

/** How far the rows above follow a local database. */
export interface LedgerRow {
  readonly database: string;
  /** PouchDB's own id of the database that was followed: another one is another database. */
  readonly instance: string;
  /** The local sequence up to which all changes are noted. */
  readonly seq: number;
  /** Counts the changes of these rows, so that of two tabs none undoes what the other noted. */
  readonly version: number;
  /** Leaves that a place sent and that are being written: `<id> <rev>` by the school, `<id> <rev> <hub>` by a class laptop. */
  readonly arriving: readonly string[];
  /** How often documents were removed: whoever pulls with checkpoints has to begin anew. Absent for never. */
  readonly removals?: number;
  /** Documents that are being removed: those whose local sequence is at most `upTo`. */
  readonly removing: { readonly ids: readonly string[]; readonly upTo: number } | null;
}

/** Where an account stands with the school. */
export interface PositionRow extends Position {
  readonly accountId: string;
}

interface SettingRow {
  readonly key: string;
  readonly value: unknown;
}

interface CounterRow {
  readonly name: string;
  readonly value: number;
}

/** What must never leave the device, in IndexedDB. Replicated documents are not here: they are in PouchDB. */
export class DeviceStore extends Dexie {
  declare readonly accounts: Table<AccountRow, string>;
  declare readonly settings: Table<SettingRow, string>;
  declare readonly counters: Table<CounterRow, string>;
  declare readonly openAttempts: Table<OpenAttemptRow, [string, string, string]>;
  declare readonly openFiles: Table<OpenFileRow, string>;
  declare readonly refused: Table<RefusedRow, [string, string]>;
  declare readonly marks: Table<MarkRow, string>;
  declare readonly held: Table<HeldRow, [string, string]>;
  declare readonly digests: Table<DigestRow, [string, string]>;
  declare readonly ledgers: Table<LedgerRow, string>;
  declare readonly positions: Table<PositionRow, string>;
  /** Unsent work as requests that are ready to be sent: see `outbox.ts`. */
  declare readonly outbox: Table<OutboxRow, string>;
  declare readonly asides: Table<AsideRow, [string, string, string]>;
  declare readonly sessions: Table<SessionRow, [string, string]>;
  declare readonly places: Table<PlaceRow, string>;
  declare readonly deviceKeys: Table<DeviceKeyRow, string>;

  constructor(indexedDb: { readonly factory: IDBFactory; readonly keyRange: typeof IDBKeyRange }) {
    super(DEVICE_DATABASE, { indexedDB: indexedDb.factory, IDBKeyRange: indexedDb.keyRange });
    this.version(1).stores({
      accounts: 'accountId',
      settings: 'key',
      counters: 'name',
      openAttempts: '[accountId+courseId+quizId], accountId',
      refused: '[accountId+id], accountId',
      marks: 'database',
    });
    this.version(2).stores({
      held: '[database+id], [database+author]',
      digests: '[database+partition], database',
      ledgers: 'database',
      positions: 'accountId',
      outbox: 'accountId',
    });
    this.version(3).stores({ openFiles: 'id, [accountId+courseId+quizId], accountId' });
    this.version(4).stores({
      held: '[database+id], [database+author], [database+from]',
      asides: '[accountId+place+id], [accountId+place], accountId',
      sessions: '[accountId+place], accountId',
      places: 'address',
    });
    this.version(5).stores({ deviceKeys: 'accountId' });
  }

  async setting<Value>(key: string, parse: (value: unknown) => Value): Promise<Value> {
    return parse((await this.settings.get(key))?.value);
  }

  async keepSetting(key: string, value: unknown): Promise<void> {
    await this.settings.put({ key, value });
  }

  /** The next number of this device's counter, from 1. It never gives the same number twice, over all tabs. */
  nextSeq(): Promise<number> {
    return this.transaction('rw', this.counters, async () => {
      const value = ((await this.counters.get('seq'))?.value ?? 0) + 1;
      await this.counters.put({ name: 'seq', value });
      return value;
    });
  }

  async mark(database: string): Promise<MarkRow> {
    return (await this.marks.get(database)) ?? { database, complete: false, provedAt: null, contactAt: null };
  }

  async changeMark(database: string, change: Partial<Omit<MarkRow, 'database'>>): Promise<void> {
    await this.transaction('rw', this.marks, async () => {
      await this.marks.put({ ...(await this.mark(database)), ...change });
    });
  }
}
