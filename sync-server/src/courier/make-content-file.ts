import { schoolDatabase } from '@darasa/couchdb/provisioning';
import type { Bytes } from '@darasa/shared/courier';
import { opaqueId } from '@darasa/shared/documents';
import type { ContentFileRequest } from '@darasa/shared/protocol';
import { type Person, personFrom, type Readable } from '@darasa/shared/rules';
import type { Accounts } from '../couch/accounts.ts';
import { rolesFromClasses } from '../couch/class-roles.ts';
import { actingAs, type CouchClient } from '../couch/couch-client.ts';
import type { SchoolFeeds } from '../feed/school-feed.ts';
import { readableWithin } from '../policies/document-reader.ts';
import type { Principal } from '../policies/principal.ts';
import type { AccessTokens } from '../services/access-tokens.ts';
import type { Environment } from '../services/environment.ts';
import type { OwnPlace } from '../services/own-place.ts';
import { writeContentFile } from './content-file.ts';
import type { CourierDevices } from './courier-devices.ts';
import type { CourierKeys } from './courier-keys.ts';

export interface ContentParts {
  readonly couch: CouchClient;
  readonly accounts: Accounts;
  readonly accessTokens: Pick<AccessTokens, 'signService'>;
  readonly own: OwnPlace;
  readonly keys: CourierKeys;
  readonly devices: CourierDevices;
  readonly feeds: SchoolFeeds;
  readonly environment: Environment;
}

export type ContentOutcome =
  | { readonly ok: true; readonly file: AsyncGenerator<Bytes> }
  | { readonly ok: false; readonly status: 403 | 404 | 409 | 503; readonly id: string; readonly message: string };

/** How long the index of a server that has just started is waited for. */
const INDEX_MS = 30_000;

export function newSerial({ random }: Environment): string {
  return opaqueId(random) + opaqueId(random);
}

/** A file for the devices of a class, or of one learner, for whoever teaches them. */
export async function makeContentFile(wanted: ContentFileRequest, actor: Principal, parts: ContentParts): Promise<ContentOutcome> {
  const { couch, accounts, accessTokens, own, keys, devices, feeds, environment } = parts;
  const { school } = actor;
  const learners = (await accounts.ofSchool(school)).filter(({ name, roles, darasa }) => {
    const person = personFrom(name, roles);
    if (darasa.disabled === true || !person.kinds.has('learner')) return false;
    return wanted.of === 'class' ? person.learns.has(wanted.classId) : name === wanted.learnerId;
  });
  if (learners.length === 0) return { ok: false, status: 404, id: 'nobody', message: 'There is no such learner or class.' };
  if (!mayMakeFor(actor.person, wanted)) return { ok: false, status: 403, id: 'forbidden', message: 'This is for their teachers.' };
  const to = learners.map(({ name }) => name);
  const recipients = await devices.of(school, to);
  if (recipients.length === 0)
    return {
      ok: false,
      status: 409,
      id: 'no-devices',
      message: 'None of their devices has sent a file here yet: take one from each first.',
    };

  const feed = await feeds.of(school);
  const built = await feed.index.ready(INDEX_MS);
  if (built === null) return { ok: false, status: 503, id: 'index-building', message: 'The server has just started. Come again.' };
  const database = schoolDatabase(school);
  const readables = await Promise.all(
    learners.map(async ({ name, roles }) => {
      const all = [...roles, ...(await rolesFromClasses({ couch, accounts, database, school }, roles))];
      return readableWithin(personFrom(name, all), feed.openCourses(), null);
    }),
  );
  const file = writeContentFile(
    {
      couch: actingAs(couch, () => accessTokens.signService('reader', school)),
      database,
      index: feed.index,
      built,
      own,
      keys,
    },
    {
      school,
      serial: newSerial(environment),
      madeAt: new Date(environment.now()).toISOString(),
      readable: inCommon(readables),
      to,
      recipients,
    },
  );
  return { ok: true, file };
}

function mayMakeFor({ kinds, teaches, marks }: Person, wanted: ContentFileRequest): boolean {
  return kinds.has('admin') || (wanted.of === 'class' ? teaches.has(wanted.classId) : marks.has(wanted.learnerId));
}

/** What all may read: of a file for several each opens all. */
function inCommon(readables: readonly Readable[]): Readable {
  const [first, ...others] = readables;
  const partitions = [...(first?.partitions ?? [])].filter((id) => others.every((other) => other.partitions.has(id)));
  return { partitions: new Set(partitions), kinds: new Set() };
}
