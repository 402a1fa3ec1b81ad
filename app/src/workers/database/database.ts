import { type ContentFileRequest, type SignInCard, schoolsSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { DATA_USES } from './api/data-use.ts';
import type {
  ClassHere,
  ClassOutcome,
  DatabaseApi,
  DataUse,
  DeviceAccount,
  NetworkHint,
  Outcome,
  SchoolChoice,
  SignedIn,
  SignInOutcome,
  ViewName,
  Views,
} from './api.ts';
import { deviceIdOf } from './canary.ts';
import { classesHere, openClass } from './classes-here.ts';
import type { CommandContext } from './commands/context.ts';
import { Courier } from './courier.ts';
import type { CourierFiles } from './courier-files/courier-files.ts';
import { DataMeter } from './data-meter.ts';
import { contentDatabaseName, ownDatabaseName } from './database-names.ts';
import { DeviceKeys } from './device-keys.ts';
import { DeviceStore } from './device-store.ts';
import type { Environment, TabChannel, TabMessage } from './environment.ts';
import { type Grade, gradeHere, gradeThrough } from './grader.ts';
import { forgetLedger } from './ledger.ts';
import { type LazyRenderer, lazyRenderer } from './markdown/lazy-renderer.ts';
import { PersonCommands } from './person-commands.ts';
import { addressFrom, Places } from './places.ts';
import { deviceHeaders } from './remote.ts';
import { SchoolClock } from './school-clock.ts';
import { ServerApi } from './server-api.ts';
import { SessionKeeper } from './session.ts';
import type { Shown } from './shown-secret.ts';
import { LiveQueries } from './watch.ts';
import { Workspace } from './workspace.ts';
import { done, failed, isStorage, storageProblem } from './write.ts';

const CURRENT = 'current';
const DATA_USE = 'dataUse';
/** The first screen has the device to itself this long. */
const WARM_AFTER_MS = 1_500;
const dataUseFrom = v.parser(v.fallback(v.picklist(DATA_USES), 'always'));
const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What is opened by `start`: it needs the server's address. */
interface Started {
  readonly session: SessionKeeper;
  readonly keys: DeviceKeys;
  readonly places: Places;
  /** The routes of the place that served the app. */
  readonly api: ServerApi;
  readonly apiAt: (address: string) => ServerApi;
  readonly courier: Courier;
}

/** The database worker's work: who is in, what they watch, what they do. */
export class Database extends PersonCommands implements DatabaseApi {
  readonly #environment: Environment;
  readonly #clock: SchoolClock;
  readonly #store: DeviceStore;
  readonly #channel: TabChannel;
  readonly #queries: LiveQueries;
  readonly #markdown: LazyRenderer = lazyRenderer();
  readonly #onError: (error: unknown) => void;
  readonly #meter: DataMeter;
  readonly #outboxWatchers = new Set<(unsent: boolean) => void>();
  readonly #personWatchers = new Set<(person: SignedIn | null) => void>();
  #starting: Promise<Started> | null = null;
  #workspace: Workspace | null = null;
  #stopWarming: () => void = () => undefined;
  #visible = true;
  #network: NetworkHint = { online: true, kind: 'unknown', saveData: false };
  #grade: Grade = gradeHere;
  /** Entering and leaving happen one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(environment: Environment, onError: (error: unknown) => void) {
    super();
    this.#clock = new SchoolClock(environment);
    this.#environment = { ...environment, fetch: this.#clock.hearing(environment.fetch) };
    this.#onError = onError;
    this.#store = new DeviceStore(environment.indexedDB);
    this.#meter = new DataMeter(environment, this.#store, () => this.#queries.changed(new Set(['device:sync'])), onError);
    this.#channel = environment.openChannel();
    this.#channel.listen((message) => this.#hear(message));
    this.#queries = new LiveQueries(environment, (note) => this.#workspace?.viewContext(note) ?? null, onError);
  }

  async start(origin: string): Promise<{ current: SignedIn | null; accounts: readonly DeviceAccount[] }> {
    const first = this.#starting === null;
    this.#starting ??= this.#open(origin);
    await this.#starting;
    if (first) {
      await this.#enterLast();
      // Where it cannot be loaded now, the first text tries again and tells.
      this.#stopWarming = this.#environment.after(WARM_AFTER_MS, () => {
        this.#markdown.warm().catch(() => undefined);
        this.#nudgeCourier();
      });
    }
    return { current: this.#workspace?.signedIn ?? null, accounts: await this.accounts() };
  }

  async #open(origin: string): Promise<Started> {
    await this.#store.open();
    await deviceIdOf(this.#environment, this.#store);
    const deviceId = (): Promise<string> => deviceIdOf(this.#environment, this.#store);
    const keys = new DeviceKeys(this.#environment, this.#store);
    const apiAt = (address: string): ServerApi =>
      new ServerApi(address, this.#environment.fetch, async () => deviceHeaders(await deviceId(), this.#environment.now()), keys.ask);
    const places = new Places({ environment: this.#environment, store: this.#store, origin, onChange: () => this.#syncChanged() });
    const session = new SessionKeeper(this.#environment, this.#store, places, keys, apiAt, (accountId) => {
      this.#accountTold(accountId).catch(this.#onError);
      this.#channel.post({ kind: 'device', part: 'accounts' });
    });
    const courier = new Courier({
      environment: this.#environment,
      store: this.#store,
      session,
      keys,
      places,
      deviceId,
      isIn: (accountId) => this.#workspace?.accountId === accountId,
      onChange: () => {
        this.#tellPerson();
        this.#channel.post({ kind: 'device', part: 'accounts' });
      },
      onError: this.#onError,
    });
    return { session, keys, places, api: apiAt(origin), apiAt, courier };
  }

  /** The person who was in when the page was last open, while their account is open. */
  async #enterLast(): Promise<void> {
    const accountId = await this.#store.setting(CURRENT, asText);
    const account = accountId === null ? undefined : await this.#store.accounts.get(accountId);
    if (account?.open === true) await this.#useAccount(account.accountId);
  }

  async #started(): Promise<Started> {
    if (this.#starting === null) throw new Error('start() comes first');
    return this.#starting;
  }

  async accounts(): Promise<readonly DeviceAccount[]> {
    const rows = await this.#store.accounts.toArray();
    return rows.map(({ accountId, school, schoolName, username, displayName, kind, unsent, open, way }) => ({
      accountId,
      school,
      schoolName,
      username,
      displayName,
      kind,
      unsent,
      state: open ? 'open' : 'locked',
      unlockedBy: way?.by ?? 'password',
    }));
  }

  async watchPerson(show: (person: SignedIn | null) => void): Promise<{ stop(): void }> {
    this.#personWatchers.add(show);
    return { stop: () => this.#personWatchers.delete(show) };
  }

  #tellPerson(): void {
    const person = this.#workspace?.signedIn ?? null;
    for (const show of this.#personWatchers) show(person);
  }

  async schools(): Promise<readonly SchoolChoice[]> {
    const { api } = await this.#started();
    const answer = await api.schools();
    if (answer.ok) {
      await this.#store.keepSetting('schools', answer.value);
      return answer.value.schools;
    }
    return this.#store.setting('schools', (value) => {
      const parsed = v.safeParse(schoolsSchema, value);
      return parsed.success ? parsed.output.schools : [];
    });
  }

  signIn(school: string, username: string, password: string): Promise<SignInOutcome> {
    return this.#signIn(school, { by: 'password', username, secret: password });
  }

  signInByCode({ school, classId, classCode, learners }: ClassHere, accountId: string, code: string): Promise<SignInOutcome> {
    const by = learners.find((each) => each.accountId === accountId)?.by ?? 'pin';
    return this.#signIn(school, { by, classId, classCode, accountId, secret: code });
  }

  signInByCard({ school, classId, accountId, secret }: SignInCard): Promise<SignInOutcome> {
    return this.#signIn(school, { by: 'card', classId, accountId, secret });
  }

  async openClass(school: string, classCode: string): Promise<ClassOutcome> {
    const { apiAt, places } = await this.#started();
    return openClass(this.#store, apiAt((await places.nearest(school)).address), school, classCode);
  }

  async classesHere(): Promise<readonly ClassHere[]> {
    await this.#started();
    return classesHere(this.#store);
  }

  async #signIn(school: string, shown: Shown): Promise<SignInOutcome> {
    const { session } = await this.#started();
    const known = await this.#store.setting('schools', (value) => v.safeParse(schoolsSchema, value));
    const schoolName = (known.success ? known.output.schools.find(({ slug }) => slug === school)?.name : undefined) ?? school;
    const deviceId = await deviceIdOf(this.#environment, this.#store);
    return this.#entered(() => session.signIn(school, shown, { schoolName, deviceId }));
  }

  async enter(accountId: string, secret?: string): Promise<SignInOutcome> {
    const { session } = await this.#started();
    return this.#entered(() => session.enter(accountId, secret));
  }

  async #entered(opening: () => Promise<SignInOutcome>): Promise<SignInOutcome> {
    try {
      const outcome = await opening();
      if (!outcome.ok) return outcome;
      await this.#useAccount(outcome.person.accountId);
      this.#channel.post({ kind: 'device', part: 'accounts' });
      return outcome;
    } catch (error) {
      if (!isStorage(error)) throw error;
      return { ok: false, problem: 'storage', detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async #useAccount(accountId: string): Promise<void> {
    const { courier } = await this.#started();
    await courier.without(accountId, () => this.#inTurn(() => this.#openWorkspace(accountId)));
  }

  async #openWorkspace(accountId: string): Promise<void> {
    if (this.#workspace?.accountId === accountId) return;
    const account = await this.#store.accounts.get(accountId);
    if (account === undefined) return;
    const { session, keys, places } = await this.#started();
    await this.#leave();
    this.#workspace = await Workspace.open(
      {
        environment: this.#environment,
        clock: this.#clock,
        store: this.#store,
        session,
        keys,
        places,
        markdown: this.#markdown,
        onChanged: (keys) => this.#queries.changed(keys),
        onDocuments: (database, ids) => this.#channel.post({ kind: 'documents', database, ids }),
        wakeLeader: (asked) => this.#channel.post({ kind: 'wake', asked }),
        onOutbox: (unsent) => this.#tellOutbox(unsent),
        dataUsed: () => this.#meter.used(),
        onSync: () => {
          this.#channel.post({ kind: 'device', part: 'sync' });
          // The school has answered: what others left behind can go too.
          if (this.#workspace?.replication.state.state === 'resting') this.#nudgeCourier();
        },
        onError: this.#onError,
      },
      account,
      { visible: this.#visible, network: this.#network, dataUse: await this.#store.setting(DATA_USE, dataUseFrom) },
    );
    await this.#store.keepSetting(CURRENT, accountId);
    this.#queries.allChanged();
    this.#tellPerson();
  }

  #nudgeCourier(): void {
    this.#starting?.then(
      ({ courier }) => courier.nudge(),
      () => undefined, // Told to who started it.
    );
  }

  async #leave(): Promise<void> {
    const leaving = this.#workspace;
    this.#workspace = null;
    await leaving?.close();
    if (leaving !== null) this.#nudgeCourier();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // Told to who asked for it; the next is not stopped by it.
    return mine;
  }

  async lock(): Promise<void> {
    const accountId = this.#workspace?.accountId;
    if (accountId === undefined) return;
    const { session } = await this.#started();
    await session.lock(accountId);
    this.#channel.post({ kind: 'locked', accountId });
    await this.#leaveFor(accountId);
  }

  /** Nobody is in any more, if it was this one. */
  async #leaveFor(accountId: string): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#workspace?.accountId !== accountId) return;
      await this.#leave();
      await this.#store.settings.delete(CURRENT);
      this.#queries.allChanged();
      this.#tellPerson();
    });
  }

  async remove(accountId: string): Promise<Outcome> {
    const { courier } = await this.#started();
    return courier.without(accountId, () => this.#remove(accountId));
  }

  async #remove(accountId: string): Promise<Outcome> {
    const { session } = await this.#started();
    const account = await this.#store.accounts.get(accountId);
    if (account === undefined) return failed('not-found', accountId);
    if (!account.open) return failed('not-allowed', 'Open the account with its password first');
    try {
      await this.#useAccount(accountId);
      const unsafe = (await this.#workspace?.unsafeWork()) ?? 0;
      if (unsafe > 0) return failed('not-allowed', `${unsafe} pieces of work are nowhere else`);
      await session.logout(accountId);
      await this.#inTurn(async () => {
        const others = (await this.#store.accounts.toArray()).filter((each) => each.accountId !== accountId);
        const lastOfSchool = !others.some(({ school }) => school === account.school);
        const leaving = this.#workspace;
        this.#workspace = null;
        this.#channel.post({ kind: 'locked', accountId });
        await leaving?.destroy(lastOfSchool);
        await this.#forgetAccount(accountId, lastOfSchool ? contentDatabaseName(account.school) : null);
      });
    } catch (error) {
      return storageProblem(error);
    }
    this.#queries.allChanged();
    this.#tellPerson();
    return done();
  }

  async #forgetAccount(accountId: string, contentDatabase: string | null): Promise<void> {
    for (const name of [ownDatabaseName(accountId), ...(contentDatabase === null ? [] : [contentDatabase])]) {
      await this.#store.marks.delete(name);
      await forgetLedger(this.#store, name);
      await this.#store.settings.delete(`canary:${name}`);
    }
    for (const rows of [this.#store.positions, this.#store.asides, this.#store.sessions]) {
      await rows.where('accountId').startsWith(accountId).delete();
    }
    await this.#store.outbox.delete(accountId);
    await this.#store.deviceKeys.delete(accountId);
    await this.#store.accounts.delete(accountId);
    await this.#store.settings.delete(CURRENT);
  }

  watch<Name extends ViewName>(
    name: Name,
    params: Views[Name]['params'],
    show: (result: Views[Name]['result']) => void,
  ): Promise<{ stop(): void }> {
    return this.#queries.watch(name, params, show);
  }

  /** Runs a command of the person who is in. */
  protected override async command<Value>(run: (context: CommandContext) => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
    if (this.#workspace === null) return failed('not-signed-in', 'Nobody is in');
    const { attemptChanged, ...context } = this.#workspace.commandContext((quiz, answers) => this.#grade(quiz, answers));
    try {
      return await run({
        ...context,
        attemptChanged: () => {
          attemptChanged();
          this.#channel.post({ kind: 'device', part: 'open-attempts' });
        },
      });
    } catch (error) {
      return storageProblem(error);
    }
  }

  async makeCourierFile(): ReturnType<DatabaseApi['makeCourierFile']> {
    return this.#withFiles(async (files) => {
      const outcome = await files.make();
      return { ok: true, value: outcome.ok ? outcome.made : { because: outcome.because } };
    });
  }

  async lookIntoCourierFile(file: Blob): ReturnType<DatabaseApi['lookIntoCourierFile']> {
    return this.#withFiles(async (files) => ({ ok: true, value: await files.look(file) }));
  }

  async takeCourierFile(...[file, show]: Parameters<DatabaseApi['takeCourierFile']>): ReturnType<DatabaseApi['takeCourierFile']> {
    return this.#withFiles(async (files) => ({ ok: true, value: await files.take(file, show) }));
  }

  async carryCourierFile(file: Blob): ReturnType<DatabaseApi['carryCourierFile']> {
    return this.#withFiles((files) => files.carry(file));
  }

  async makeContentFile(wanted: ContentFileRequest): ReturnType<DatabaseApi['makeContentFile']> {
    return this.#withFiles((files) => files.makeFor(wanted));
  }

  async #withFiles<Value>(work: (files: CourierFiles) => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
    if (this.#workspace === null) return failed('not-signed-in', 'Nobody is in');
    try {
      return await work(this.#workspace.courierFiles);
    } catch (error) {
      return storageProblem(error);
    }
  }

  async syncNow(): Promise<void> {
    this.#nudgeCourier();
    this.#workspace?.replication.syncNow();
  }

  async retryRefused(id: string): Promise<Outcome> {
    if (this.#workspace === null) return failed('not-signed-in', 'Nobody is in');
    return this.#workspace.replication.retry(id);
  }

  async addPlace(text: string): Promise<Outcome<{ readonly name: string }>> {
    const { places } = await this.#started();
    if (this.#workspace === null) return failed('not-signed-in', 'Nobody is in');
    const address = addressFrom(text);
    if (address === null) return failed('invalid', text);
    const place = await places.add(address, this.#workspace.signedIn.school);
    if (place === null) return failed('unreachable', address);
    this.#workspace.replication.syncNow();
    return { ok: true, value: { name: place.name } };
  }

  async removePlace(address: string): Promise<Outcome> {
    const { places } = await this.#started();
    await places.remove(address);
    return done();
  }

  /** Which places are known, or met, changed. */
  #syncChanged(): void {
    this.#queries.changed(new Set(['device:sync']));
    this.#channel.post({ kind: 'device', part: 'sync' });
  }

  async setVisible(visible: boolean): Promise<void> {
    this.#visible = visible;
    this.#workspace?.replication.setVisible(visible);
  }

  async setNetwork(network: NetworkHint): Promise<void> {
    const returned = network.online && !this.#network.online;
    this.#network = network;
    this.#workspace?.replication.setNetwork(network);
    if (returned) this.#nudgeCourier();
  }

  async setDataUse(dataUse: DataUse): Promise<void> {
    await this.#store.keepSetting(DATA_USE, dataUse);
    this.#workspace?.replication.setDataUse(dataUse);
    this.#channel.post({ kind: 'data-use', dataUse });
  }

  async watchOutbox(show: (unsent: boolean) => void): Promise<{ stop(): void }> {
    this.#outboxWatchers.add(show);
    show((await this.#store.outbox.count()) > 0);
    return { stop: () => this.#outboxWatchers.delete(show) };
  }

  #tellOutbox(unsent: boolean): void {
    for (const show of this.#outboxWatchers) show(unsent);
  }

  async accessToken(): Promise<Outcome<string>> {
    const { session, places } = await this.#started();
    if (this.#workspace === null) return failed('not-signed-in', 'Nobody is in');
    const answer = await session.token(this.#workspace.accountId, null, await places.served());
    if (answer.ok) return { ok: true, value: answer.token };
    return failed(answer.reason === 'unreachable' ? 'unreachable' : 'not-signed-in', answer.detail);
  }

  async connectGrader(port: MessagePort): Promise<void> {
    this.#grade = gradeThrough(port, this.#environment);
  }

  async quizOpen(): Promise<boolean> {
    return (await this.#store.openAttempts.count()) > 0;
  }

  /** The server told of an account, here or to another tab. */
  async #accountTold(accountId: string): Promise<void> {
    const { session } = await this.#started();
    const account = await this.#store.accounts.get(accountId);
    const wanted = account === undefined ? null : await session.placeOfNoSession(account);
    const workspace = this.#workspace;
    if (account === undefined || workspace?.accountId !== accountId) return;
    if (wanted === null && workspace.replication.state.state === 'signed-out') workspace.replication.rightsChanged();
    if (!workspace.renew(account)) return;
    this.#queries.allChanged();
    this.#tellPerson();
  }

  #hear(message: TabMessage): void {
    const workspace = this.#workspace;
    switch (message.kind) {
      case 'documents':
        workspace?.changedElsewhere(message.database, message.ids);
        return;
      case 'device':
        if (message.part === 'sync') workspace?.syncedElsewhere();
        else if (message.part === 'open-attempts') this.#queries.changed(new Set(['device:open-attempts']));
        else if (workspace !== null) this.#accountTold(workspace.accountId).catch(this.#onError);
        return;
      case 'locked':
        this.#leaveFor(message.accountId).catch(this.#onError);
        return;
      case 'wake':
        workspace?.replication.wokenElsewhere(message.asked);
        return;
      case 'data-use':
        workspace?.replication.setDataUse(message.dataUse);
        return;
      default:
        message satisfies never;
    }
  }

  /** Ends everything that this worker holds open. */
  async close(): Promise<void> {
    this.#stopWarming();
    await this.#inTurn(() => this.#leave());
    if (this.#starting !== null) await (await this.#starting).courier.close();
    await this.#meter.close();
    this.#channel.close();
    this.#store.close();
  }
}
