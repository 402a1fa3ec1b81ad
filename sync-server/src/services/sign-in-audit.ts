import { documentTypes, parseDocId } from '@darasa/shared/documents';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments } from '../couch/school-documents.ts';
import type { Audit } from './audit.ts';
import type { FeedService } from './feed-services.ts';

/**
 * Writes down in `staff` that a teacher made or took back a learner's PIN, pictures or card, or the code of a class, by whatever way the
 * document came: straight from a device, or from a class laptop weeks later. Never what they are. Who did it is the writer's word.
 */
export function signInAuditService(couch: CouchClient, audit: Pick<Audit, 'write'>): FeedService {
  return {
    name: 'sign-in-audit',
    wants: (id) => id.startsWith('register-') && ['class-sign-in', 'class-code'].includes(parseDocId(id)?.type ?? ''),
    async handle({ school, database }, ids) {
      for (const [id, doc] of await readDocuments(couch, database, [...new Set(ids)])) {
        const detail = detailOf(doc);
        if (detail !== null)
          await audit.write({ school, actorId: 'service-sign-in-audit', action: 'class-sign-in.change', target: id, detail });
      }
    },
  };
}

function detailOf(doc: unknown): Readonly<Record<string, unknown>> | null {
  const signIn = v.safeParse(documentTypes['class-sign-in'].schema, doc);
  if (signIn.success) {
    const { code, card } = signIn.output;
    const told = ({ value, tick }: typeof code | typeof card) => ({ kind: value.kind, by: value.by, tick });
    return { code: told(code), card: told(card) };
  }
  const classCode = v.safeParse(documentTypes['class-code'].schema, doc);
  if (!classCode.success) return null;
  const { value, tick } = classCode.output.code;
  return { classCode: { by: value.by, tick } };
}
