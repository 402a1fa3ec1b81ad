import { contentDigest, type Document, parseDocId, partitionId, partitionOf } from '@darasa/shared/documents';
import { schoolDatabasePath } from '@darasa/shared/protocol';
import type { Person } from '@darasa/shared/rules';
import type { Outcome, SignedIn } from './api.ts';
import { checkCanary } from './canary.ts';
import { noteGrades } from './commands/completion.ts';
import type { CommandContext } from './commands/context.ts';
import { resolveAllConflicts, resolveConflict } from './conflicts.ts';
import { CourierFiles } from './courier-files/courier-files.ts';
import type { DataUsed } from './data-used.ts';
import { contentDatabaseName, ownDatabaseName } from './database-names.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { AccountRow, DeviceStore, PlaceRow } from './device-store.ts';
import { DocumentCache, keysOf } from './document-cache.ts';
import type { Environment } from './environment.ts';
import { exchangeOverHttp } from './exchange-over-http.ts';
import { ExchangeStorage } from './exchange-storage.ts';
import { type Grade, gradeHere } from './grader.ts';
import { unsentCount, WorkPlaces } from './honesty.ts';
import { Ledger } from './ledger.ts';
import { type LocalChange, LocalDatabase } from './local-database.ts';
import type { MarkdownRenderer } from './markdown/render.ts';
import { fillOutbox } from './outbox.ts';
import { hubOf, type Places } from './places.ts';
import { type Reader, readerFor } from './reader.ts';
import { noteReceipts } from './receipts.ts';
import { Refusals } from './refusals.ts';
import { type Asking, authorised, openSchool } from './remote.ts';
import { type Outside, Replication } from './replication.ts';
import type { SchoolClock } from './school-clock.ts';
import { personOf, type SessionKeeper, signedInFrom } from './session.ts';
import { NoAnswer } from './sync-problem.ts';
import type { ViewContext } from './views/context.ts';
import { failed } from './write.ts';
import { writeAt } from './write-at.ts';

export interface WorkspaceParts {
  readonly environment: Environment;
  readonly clock: SchoolClock;
  readonly store: DeviceStore;
  readonly session: SessionKeeper;
  readonly keys: DeviceKeys;
  readonly places: Places;
  readonly markdown: MarkdownRenderer;
  /** Views that depend on these keys have to be made anew. */
  readonly onChanged: (keys: ReadonlySet<string>) => void;
  /** Documents changed here, which other tabs do not see by themselves. */
  readonly onDocuments: (database: string, ids: readonly string[]) => void;
  /** Where work is, or how the sync stands, changed here. */
  readonly onSync: () => void;
  readonly wakeLeader: (asked: boolean) => void;
  /** Whether work lies ready to be sent when no page is open. */
  readonly onOutbox: (unsent: boolean) => void;
  readonly dataUsed: () => Promise<DataUsed>;
  readonly onError: (error: unknown) => void;
}

const SYNC_KEY = 'device:sync';
const ATTEMPTS_KEY = 'device:open-attempts';

/** All that belongs to the person who is in: their databases, what is known of their work, and their replication. */
export class Workspace {
  readonly #parts: WorkspaceParts;
  readonly #content: LocalDatabase;
  readonly #own: LocalDatabase;
  readonly #caches: { readonly content: DocumentCache; readonly own: DocumentCache };
  readonly #work: WorkPlaces;
  readonly #ledgers: { readonly content: Ledger; readonly own: Ledger };
  /** By laptop, `school`, and scope. */
  readonly #storages = new Map<string, ExchangeStorage>();
  readonly #replication: Replication;
  readonly courierFiles: CourierFiles;
  readonly #deviceId: string;
  #account: AccountRow;
  #person: Person;
  #openCourses = '';
  #counting: Promise<void> = Promise.resolve();

  private constructor(
    parts: WorkspaceParts,
    account: AccountRow,
    opened: { readonly content: LocalDatabase; readonly own: LocalDatabase; readonly deviceId: string; readonly outside: Outside },
  ) {
    const { environment, store } = parts;
    const { content, own } = opened;
    this.#parts = parts;
    this.#account = account;
    this.#person = personOf(account);
    this.#content = content;
    this.#own = own;
    this.#deviceId = opened.deviceId;
    this.#caches = { content: new DocumentCache(content), own: new DocumentCache(own) };
    const ledger = (database: LocalDatabase, which: 'content' | 'own'): Ledger =>
      new Ledger({ environment, store, database, person: () => this.#person, onRemoved: (ids) => this.#removed(which, ids) });
    const ledgers = { content: ledger(content, 'content'), own: ledger(own, 'own') };
    this.#ledgers = ledgers;
    const atSchool = this.#storageAt(null, 'all');
    this.#work = new WorkPlaces(store, [ledgers.own, ledgers.content], account.accountId);
    this.#replication = new Replication(
      {
        environment,
        store,
        accountId: account.accountId,
        school: account.school,
        storageAt: (place, scope) => this.#storageAt(hubOf(place), scope),
        ...ledgers,
        work: this.#work,
        places: parts.places,
        refusals: new Refusals(environment, store, atSchool, account.accountId),
        openExchange: (place, signal, onTraffic) => {
          const send = authorised(environment, parts.session, parts.keys, this.#asking(place));
          return exchangeOverHttp({ origin: place.address, school: account.school, send }, signal, onTraffic);
        },
        openSchool: (place, scope) => this.#openSchool(place, scope),
        fillOutbox: async () => {
          const { accountId, school } = account;
          // The service worker sends to the place that served it.
          const served = this.#storageAt(hubOf(await parts.places.served()), 'all');
          parts.onOutbox(await fillOutbox({ environment, store, accountId, school, storage: served }));
        },
        wakeLeader: parts.wakeLeader,
        onChange: () => this.#syncChanged(),
        onError: parts.onError,
      },
      opened.outside,
    );
    this.courierFiles = new CourierFiles({
      environment,
      store,
      school: account.school,
      person: () => this.#person,
      reader: this.#reader(() => undefined),
      storageAt: (hub) => this.#storageAt(hub, 'all'),
      signer: async () => {
        const key = await parts.keys.of(account.accountId);
        const pass = this.#account.pass;
        return key === null || pass === undefined ? null : { key, pass };
      },
      ask: async (path, init) => {
        const place = await parts.places.nearest(account.school);
        return authorised(environment, parts.session, parts.keys, this.#asking(place))(place.address + path, init);
      },
    });
  }

  static async open(parts: WorkspaceParts, account: AccountRow, outside: Outside): Promise<Workspace> {
    const { environment, store } = parts;
    // Changes can come before the workspace is whole; they are in the databases, from which it then reads.
    let workspace: Workspace | null = null;
    const content = await LocalDatabase.open(environment, contentDatabaseName(account.school), (changes) =>
      workspace?.contentChanged(changes),
    );
    const own = await LocalDatabase.open(environment, ownDatabaseName(account.accountId), (changes) => workspace?.ownChanged(changes));
    await checkCanary(environment, store, content);
    const deviceId = await checkCanary(environment, store, own);
    const opened = { content, own, deviceId, outside };
    workspace = new Workspace(parts, account, opened);
    await resolveAllConflicts(own, workspace.#person);
    await workspace.#noteOpenCourses();
    await workspace.#noteToldPlaces();
    await workspace.#noteReceipts([`${partitionId('learner', account.accountId)}:receipt:`]);
    return workspace;
  }

  get accountId(): string {
    return this.#account.accountId;
  }

  get signedIn(): SignedIn {
    return signedInFrom(this.#account);
  }

  get replication(): Replication {
    return this.#replication;
  }

  /** The account as the server last told of it. Answers whether anything of it is new. */
  renew(account: AccountRow): boolean {
    const before = JSON.stringify(this.signedIn);
    const rolesBefore = this.#account.roles.join();
    this.#account = account;
    this.#person = personOf(account);
    if (account.roles.join() !== rolesBefore) this.#replication.rightsChanged();
    return JSON.stringify(this.signedIn) !== before;
  }

  viewContext(note: (key: string) => void): ViewContext {
    const { store, markdown, environment, clock } = this.#parts;
    const accountId = this.accountId;
    return {
      clock,
      deviceId: this.#deviceId,
      person: this.#person,
      displayName: this.#account.displayName,
      reader: this.#reader(note),
      markdown,
      now: environment.now,
      places: () => {
        note(SYNC_KEY);
        return this.#work.current();
      },
      openAttempt: async (courseId, quizId) => {
        note(ATTEMPTS_KEY);
        return (await store.openAttempts.get([accountId, courseId, quizId])) ?? null;
      },
      replication: async () => {
        note(SYNC_KEY);
        const [own, content] = await Promise.all([store.mark(this.#own.name), store.mark(this.#content.name)]);
        const { places, dataUsed } = this.#parts;
        const known = (await places.of(this.#account.school)).map((place) => ({ ...place, current: place.address === places.current }));
        return { state: this.#replication.state, own, content, dataUsed: await dataUsed(), known };
      },
      storage: async () => {
        note(SYNC_KEY);
        const infos = await Promise.all([this.#content, this.#own].map((each) => each.use((pouch) => pouch.info())));
        return {
          documents: infos.reduce((sum, { doc_count }) => sum + doc_count, 0),
          unreadable: this.#caches.content.unreadable.size + this.#caches.own.unreadable.size,
        };
      },
    };
  }

  commandContext(grade: Grade): CommandContext {
    const { environment, clock, store, keys, markdown, onChanged } = this.#parts;
    return {
      clock,
      environment,
      store,
      person: this.#person,
      displayName: this.#account.displayName,
      deviceId: this.#deviceId,
      own: this.#own,
      markdown,
      reader: this.#reader(() => undefined),
      readNow: () => readerFor(this.#person, { content: this.#caches.content, own: new DocumentCache(this.#own) }, () => undefined),
      grade,
      deviceKey: () => keys.of(this.accountId),
      publish: (docs) => this.#publish(docs),
      attemptChanged: () => onChanged(new Set([ATTEMPTS_KEY])),
    };
  }

  #reader(note: (key: string) => void): Reader {
    return readerFor(this.#person, this.#caches, note);
  }

  /** Another tab changed documents of one of these databases. */
  changedElsewhere(database: string, ids: readonly string[]): void {
    const changes = ids.map((id) => ({ id, leaves: 1 }));
    if (database === this.#content.name) this.#forget('content', changes);
    if (database !== this.#own.name) return;
    this.#forget('own', changes);
    this.#work.forget();
    this.#parts.onChanged(new Set([SYNC_KEY]));
    this.#replication.ownWorkChanged();
  }

  /** Another tab heard from the school. */
  syncedElsewhere(): void {
    this.#work.forget();
    this.#parts.onChanged(new Set([SYNC_KEY]));
  }

  contentChanged(changes: readonly LocalChange[]): void {
    this.#forget('content', changes);
    this.#parts.onDocuments(
      this.#content.name,
      changes.map(({ id }) => id),
    );
    this.#noteOpenCourses().catch(this.#parts.onError);
    if (changes.some(({ id }) => parseDocId(id)?.type === 'place')) this.#noteToldPlaces().catch(this.#parts.onError);
  }

  ownChanged(changes: readonly LocalChange[]): void {
    this.#work.forget();
    this.#forget('own', changes);
    this.#parts.onChanged(new Set([SYNC_KEY]));
    this.#parts.onDocuments(
      this.#own.name,
      changes.map(({ id }) => id),
    );
    this.#replication.ownWorkChanged();
    this.#resolve(changes).catch(this.#parts.onError);
    this.#noteGrades(changes).catch(this.#parts.onError);
    this.#noteReceipts(changes.map(({ id }) => id)).catch(this.#parts.onError);
  }

  #forget(which: 'content' | 'own', changes: readonly LocalChange[]): void {
    const ids = changes.map(({ id }) => id);
    this.#caches[which].forget(ids);
    this.#parts.onChanged(new Set(ids.flatMap(keysOf)));
  }

  /** Documents are gone from the device, of which their database tells nobody. */
  #removed(which: 'content' | 'own', ids: readonly string[]): void {
    this.#forget(
      which,
      ids.map((id) => ({ id, leaves: 0 })),
    );
    this.#parts.onDocuments(which === 'content' ? this.#content.name : this.#own.name, ids);
  }

  async #resolve(changes: readonly LocalChange[]): Promise<void> {
    for (const { id, leaves } of changes) if (leaves > 1) await resolveConflict(this.#own, this.#person, id);
  }

  /** A grade of the school's may be what was missing to finish a course. */
  async #noteGrades(changes: readonly LocalChange[]): Promise<void> {
    const grades = changes.map(({ id }) => id).filter((id) => parseDocId(id)?.type === 'grade');
    if (grades.length > 0) await noteGrades(this.commandContext(gradeHere), grades);
  }

  /** The school has received what a class laptop handed in. */
  async #noteReceipts(ids: readonly string[]): Promise<void> {
    const partitions = new Set(ids.flatMap((id) => (parseDocId(id)?.type === 'receipt' ? [partitionOf(id)] : [])));
    if (partitions.size === 0) return;
    for (const partition of partitions) await noteReceipts(this.#ledgers.own, await this.#caches.own.range(partition, 'receipt'));
    this.#work.forget();
    this.#syncChanged();
  }

  /** Where the school's places are, as the school says. */
  async #noteToldPlaces(): Promise<void> {
    await this.#parts.places.told(this.#account.school, await this.#caches.content.range(partitionId('school'), 'place'));
  }

  /** Which courses every member may read decides what the school sends, so a pull begins anew when it changes. */
  async #noteOpenCourses(): Promise<void> {
    const courses = await this.#caches.content.range('public', 'course');
    const open = courses
      .filter((course) => course.open)
      .map(({ courseId }) => courseId)
      .join();
    if (open === this.#openCourses) return;
    this.#openCourses = open;
    this.#replication.openCoursesChanged();
  }

  #storageAt(hub: string | null, scope: 'all' | 'own'): ExchangeStorage {
    const key = `${hub ?? 'school'} ${scope}`;
    const known = this.#storages.get(key);
    if (known !== undefined) return known;
    const { environment, store } = this.#parts;
    const storage = new ExchangeStorage({
      environment,
      store,
      account: () => this.#account,
      own: this.#ledgers.own,
      content: scope === 'own' ? null : this.#ledgers.content,
      hub,
      onChange: () => {
        this.#work.forget();
        this.#syncChanged();
      },
    });
    this.#storages.set(key, storage);
    return storage;
  }

  #asking(place: PlaceRow): Asking {
    const { school, accountId } = this.#account;
    return { place, school, accountId, deviceId: this.#deviceId };
  }

  async #openSchool(
    place: PlaceRow,
    scope: 'content' | 'own' | 'push',
  ): ReturnType<ConstructorParameters<typeof Replication>[0]['openSchool']> {
    const { environment, session, keys } = this.#parts;
    const { accountId, roles } = this.#account;
    const asking = this.#asking(place);
    if (scope === 'push') return openSchool(environment, session, keys, asking, `push ${accountId}`);
    const removals = await this.#ledgers[scope].removals();
    const readable = contentDigest({ roles: [...roles].sort(), open: scope === 'content' ? this.#openCourses : '', removals });
    return openSchool(environment, session, keys, asking, `${scope} ${accountId} ${readable}`);
  }

  async #publish(docs: readonly Document[]): Promise<Outcome> {
    const { environment, session, keys, places } = this.#parts;
    const place = await places.served();
    const send = authorised(environment, session, keys, this.#asking(place));
    try {
      const outcome = await writeAt(`${place.address}${schoolDatabasePath(this.#account.school)}`, send, docs);
      // What was published comes back as everybody gets it.
      if (outcome.ok) this.#replication.syncNow();
      return outcome;
    } catch (error) {
      if (error instanceof NoAnswer) return failed(error.reason === 'unreachable' ? 'unreachable' : 'not-signed-in', error.message);
      throw error;
    }
  }

  #syncChanged(): void {
    this.#parts.onChanged(new Set([SYNC_KEY]));
    this.#parts.onSync();
    this.#counting = this.#counting.then(() => this.#countUnsent()).catch(this.#parts.onError);
  }

  async #countUnsent(): Promise<void> {
    await this.#parts.store.accounts.update(this.accountId, { unsent: unsentCount(await this.#work.current()) });
  }

  /** How much of this person's work is nowhere else: unsent, refused, or an attempt in hand. */
  async unsafeWork(): Promise<number> {
    const { store } = this.#parts;
    this.#work.forget();
    const { unsent, refused } = await this.#work.current();
    return unsent.size + refused.size + (await store.openAttempts.where('accountId').equals(this.accountId).count());
  }

  async close(): Promise<void> {
    await this.#replication.close();
    await this.#counting;
    await this.#countUnsent();
    await this.#own.close();
    await this.#content.close();
  }

  /** Closes, and removes the person's database from the device, and of the content what nobody else here may read. */
  async destroy(withContent: boolean): Promise<void> {
    await this.#replication.close();
    await this.#counting;
    if (!withContent) await this.#storageAt(null, 'all').dropAll();
    await this.#own.destroy();
    if (withContent) await this.#content.destroy();
    else await this.#content.close();
  }
}
