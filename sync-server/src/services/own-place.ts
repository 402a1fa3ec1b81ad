import type { Place } from '@darasa/shared/protocol';
import * as v from 'valibot';
import type { ServerStore } from '../couch/server-store.ts';
import { type Environment, randomId } from './environment.ts';

/** Which place a server is: those of one database are one. */
export type OwnPlace = Pick<Place, 'kind' | 'id'>;

const ID = 'place:own';
const placeRecord = v.looseObject({ id: v.string() });

/** The place of a school's servers: a random id, made once and kept in the database that they share. */
export async function schoolPlace(store: ServerStore, environment: Environment): Promise<OwnPlace> {
  const proposed = randomId(environment).slice(0, 12);
  await store.write({ _id: ID, id: proposed });
  // Written by whichever server was first.
  const held = await store.read(placeRecord, ID);
  return { kind: 'school', id: held?.id ?? proposed };
}
