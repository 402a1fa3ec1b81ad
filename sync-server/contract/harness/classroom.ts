import { addToClass, createAccount, schoolDatabase } from '@darasa/couchdb/provisioning';
import { classCardId } from '@darasa/shared/documents';
import type { Session } from '@darasa/shared/protocol';
import { call } from './call.ts';
import type { TestServer } from './test-server.ts';

export const PASSWORD = 'kiboko-na-simba';

/** A class of the test server's school. */
export async function makeClass({ admin, school }: TestServer, classId: string, courseIds: readonly string[]): Promise<void> {
  const card = {
    ...{ _id: classCardId(classId), type: 'class', schemaVersion: 1, createdAt: '2026-01-05T08:00:00.000Z', deviceId: 'server' },
    ...{ classId, name: classId, grade: 7, courseIds },
  };
  await admin.request('PUT', `/${schoolDatabase(school)}/${encodeURIComponent(card._id)}`, { body: card });
}

/** An account of the test server's school, in a class where one is named; answers its id. */
export async function makeAccount(
  { admin, school }: TestServer,
  kind: 'learner' | 'teacher' | 'admin',
  username: string,
  classId: string | null = null,
): Promise<string> {
  const made = await createAccount(admin, { slug: school, username, password: PASSWORD, displayName: username, kind });
  if (!made.ok) throw new Error(made.error);
  const { id } = made.account;
  if (classId !== null) {
    const placed = await addToClass(admin, { classId, accountId: id, role: kind === 'teacher' ? 'teacher' : 'learner' });
    if (!placed.ok) throw new Error(placed.error);
  }
  return id;
}

/** Signs in at a place. Throws where it says no. */
export async function signInAt(url: string, school: string, username: string, password = PASSWORD): Promise<Session> {
  const answer = await call(`${url}/v1/auth/login`, { json: { school, username, password, deviceId: `phone-${username}` } });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json;
}
