import { type DemoAccount, type Session, sessionSchema } from '@darasa/shared/protocol';
import * as v from 'valibot';
import { en } from '../src/lib/messages/en.ts';
import { demoAccount, demoPerson, lessonTitle } from './harness/demo-school.ts';
import type { Device } from './harness/device.ts';
import type { SchoolServer } from './harness/school-server.ts';
import { expect, test } from './harness/test.ts';

// The shortest that the server allows: a device asks for a new one each time, and with it hears of its roles.
test.use({ accessTokenSeconds: 60 });

/** Closed: it is read by those whose class follows it. */
const COURSE = 'art-7';
const LESSON = 'arranging-a-picture';
/** What a file at the lesson says. */
const ATTACHED = 'How a file at a lesson is kept';
/** What goes with the class: two partitions, the first picture of the lesson, and the file. */
const LOST = ['course-art-7', 'class-7a', '<title>The rule of thirds</title>', ATTACHED];
/** Open to everybody. */
const OTHER_COURSE = 'music-8';
const OTHER_LESSON = 'feel-the-beat';

async function signedIn(school: SchoolServer, { username, password }: DemoAccount): Promise<Session> {
  const answer = await fetch(`${school.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ school: 'greenhill', username, password }),
  });
  return v.parse(sessionSchema, await answer.json());
}

/** The admin says which classes a learner is in. */
async function setClasses(school: SchoolServer, learnerId: string, classIds: readonly string[]): Promise<void> {
  const { accessToken } = await signedIn(school, await demoAccount(school, 'admin'));
  const answer = await fetch(`${school.url}/v1/admin/accounts/${learnerId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ classIds }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** A document as the school gives it to this person. */
async function atSchool(school: SchoolServer, person: DemoAccount, id: string): Promise<string> {
  const { accessToken } = await signedIn(school, person);
  return (await fetch(`${school.url}/db/school-greenhill/${id}`, { headers: { authorization: `Bearer ${accessToken}` } })).text();
}

/** An author puts a file at the lesson. */
async function attachFile(school: SchoolServer, author: DemoAccount): Promise<void> {
  const id = `course-${COURSE}:lesson:${LESSON}`;
  const lesson = v.parse(v.looseObject({ _id: v.string() }), JSON.parse(await atSchool(school, author, id)));
  const file = { content_type: 'text/plain', data: Buffer.from(ATTACHED).toString('base64') };
  const { accessToken } = await signedIn(school, author);
  const answer = await fetch(`${school.url}/db/school-greenhill/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ ...lesson, _attachments: { 'note.txt': file } }),
  });
  expect(answer.status, await answer.text()).toBe(201);
}

interface Entry {
  /** `database/store`. */
  readonly store: string;
  /** Key and value, with the content of blobs and buffers. */
  readonly text: string;
}

/** Everything in IndexedDB, as the browser has it. */
async function allEntries({ page }: Device): Promise<readonly Entry[]> {
  return page.evaluate(async () => {
    const answerOf = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const entries: Entry[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await answerOf(indexedDB.open(name));
      for (const storeName of database.objectStoreNames) {
        const store = database.transaction(storeName).objectStore(storeName);
        const [keys, values]: [IDBValidKey[], unknown[]] = await Promise.all([answerOf(store.getAllKeys()), answerOf(store.getAll())]);
        for (const [at, value] of values.entries()) {
          const blobs: Blob[] = [];
          const text = JSON.stringify([keys[at], value], (_, part) => {
            if (part instanceof Blob) blobs.push(part);
            return part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? new TextDecoder().decode(part) : part;
          });
          const contents = await Promise.all(blobs.map((blob) => blob.text()));
          entries.push({ store: `${name}/${storeName}`, text: [text, ...contents].join(' ') });
        }
      }
      database.close();
    }
    return entries;
  });
}

const sayingOf = (entries: readonly Entry[], words: string): readonly string[] =>
  entries.filter(({ text }) => text.includes(words)).map(({ store, text }) => `${store} ${text.slice(0, 120)}`);

/** The ids of what PouchDB keeps of the course. */
const courseIds = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(({ store, text }) => (store.endsWith('/document-store') ? (/^\["(course-art-7:[^"]+)/.exec(text)?.[1] ?? []) : []));

/** How many documents the content's database has, and how many PouchDB says that it has. */
function counted(entries: readonly Entry[]): { readonly documents: number; readonly said: number } {
  const within = (name: string): readonly Entry[] => entries.filter(({ store }) => store.endsWith(`content-greenhill/${name}`));
  const documents = within('document-store').filter(({ text }) => text.includes('"deletedOrLocal":"0"')).length;
  return { documents, said: Number(/"docCount":(\d+)/.exec(within('meta-store')[0]?.text ?? '')?.[1]) };
}

async function lessonShows(device: Device, lessonId: string): Promise<void> {
  await device.open(`/courses/${COURSE}/lessons/${lessonId}`);
  await expect(device.page.getByRole('heading', { level: 1, name: lessonTitle(COURSE, lessonId) })).toBeVisible();
  const picture = device.page.locator('main figure img').first();
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0)).toBe(true);
}

test('a course that a learner loses leaves nothing on the device but their own work, and comes back whole (A3, A4)', async ({
  device,
  school,
}) => {
  const { page } = device;
  const learner = await demoPerson(school, 'amina');
  const { account } = await signedIn(school, learner);
  const progress = (courseId: string): string => `learner-${account.id}:progress:${courseId}`;
  await attachFile(school, await demoPerson(school, 'mwalimu.njeri'));
  await device.signInWithOneTap(learner);
  await device.isUpToDate();
  await lessonShows(device, LESSON);
  await device.finishLesson();
  await device.isUpToDate();
  expect(await atSchool(school, learner, progress(COURSE))).toContain(LESSON);
  const before = await allEntries(device);
  for (const words of LOST) expect(sayingOf(before, words), words).not.toEqual([]);

  await setClasses(school, account.id, []);
  await device.open(`/courses/${COURSE}/lessons/${LESSON}`);
  await expect(page.getByRole('heading', { name: en.missing.title })).toBeVisible();
  for (const words of LOST) {
    await expect.poll(async () => sayingOf(await allEntries(device), words), words).toEqual([]);
  }
  const after = await allEntries(device);
  expect(counted(after).said).toBe(counted(after).documents);
  expect(sayingOf(after, progress(COURSE))).not.toEqual([]);
  expect(await atSchool(school, learner, progress(COURSE))).toContain(LESSON);

  // What stays can be written, read after a restart, and sent.
  await device.open(`/courses/${OTHER_COURSE}/lessons/${OTHER_LESSON}`);
  await device.finishLesson();
  await page.reload();
  await expect(page.locator('main').getByText(en.lesson.completed, { exact: true })).toBeVisible();
  await device.isUpToDate();
  await expect(page.getByText(en.sync.proved)).toBeVisible();
  expect(await atSchool(school, learner, progress(OTHER_COURSE))).toContain(OTHER_LESSON);

  await setClasses(school, account.id, ['7a']);
  await lessonShows(device, LESSON);
  await expect(page.locator('main').getByText(en.lesson.completed, { exact: true })).toBeVisible();
  await device.isUpToDate();
  await expect(page.getByText(en.sync.proved)).toBeVisible();
  const again = await allEntries(device);
  expect(courseIds(again)).toEqual(courseIds(before));
  expect(sayingOf(again, ATTACHED)).not.toEqual([]);
  expect(counted(again).said).toBe(counted(again).documents);
});
