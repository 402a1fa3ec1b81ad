import { schoolDatabase } from '@darasa/couchdb/provisioning';
import { docId, erasureKeyOf, partitionId } from '@darasa/shared/documents';
import { newErasureSchema } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import { type CouchClient, CouchRefused } from '../couch/couch-client.ts';
import { readDocuments, writeDocuments } from '../couch/school-documents.ts';
import { RequestProblem } from '../middleware/errors.ts';
import { readValid } from '../middleware/json-body.ts';
import type { ServerContext, ServerEnv } from '../middleware/server-context.ts';
import type { Principal } from '../policies/principal.ts';
import type { Audit } from '../services/audit.ts';
import type { Environment } from '../services/environment.ts';

export interface ErasureParts {
  readonly couch: CouchClient;
  readonly audit: Audit;
  readonly environment: Environment;
}

/**
 * `POST /v1/admin/erasures {target}`: erases for good what a learner's partition holds, or one document elsewhere. It is written down, not
 * done, when the answer comes: the service of erasing does it, here and on every server that the word of it reaches.
 */
export function adminErasureRoutes({ couch, audit, environment }: ErasureParts, adminOf: (c: ServerContext) => Principal): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.post('/', async (c) => {
    const actor = adminOf(c);
    const { target } = await readValid(c, newErasureSchema);
    const erased = erasureKeyOf(target);
    if (erased === null)
      throw new RequestProblem(
        400,
        'bad_request',
        'target: is a learner’s whole partition, or a document that is neither a learner’s nor the staff’s',
      );
    const database = schoolDatabase(actor.school);
    const _id = docId(partitionId('staff'), 'erasure', erased);
    if ((await readDocuments(couch, database, [_id])).size === 0) {
      const createdAt = new Date(environment.now()).toISOString();
      const erasure = { _id, type: 'erasure', schemaVersion: 1, createdAt, deviceId: 'server', erased, target, actorId: actor.accountId };
      const [result] = await writeDocuments(couch, database, [erasure], actor.authorization);
      if (result?.error !== undefined && result.error !== 'conflict')
        throw new CouchRefused('POST _bulk_docs (erasure)', 403, `${result.error}: ${result.reason ?? ''}`);
      await audit.write({ school: actor.school, actorId: actor.accountId, action: 'erasure.create', target, detail: {} });
    }
    return c.json({ erasure: { id: _id, target } }, 202);
  });
  return routes;
}
