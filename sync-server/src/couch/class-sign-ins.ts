import { schoolDatabase } from '@darasa/couchdb/provisioning';
import {
  classCardId,
  classCodeId,
  classSignInId,
  type DocumentOf,
  type DocumentTypeName,
  documentTypes,
  partitionId,
} from '@darasa/shared/documents';
import { type MergedTypeName, mergeDocuments } from '@darasa/shared/rules';
import * as v from 'valibot';
import { type CouchClient, documentPath } from './couch-client.ts';
import { readDocuments } from './school-documents.ts';

/** What a school's database says of how learners sign in with their class. */
export interface ClassSignIns {
  /** The class of a class code; null where no class has it. */
  classOf(school: string, classCode: string): Promise<{ readonly classId: string; readonly name: string } | null>;
  of(school: string, classId: string, accountId: string): Promise<DocumentOf<'class-sign-in'> | null>;
  ofClass(school: string, classId: string): Promise<readonly DocumentOf<'class-sign-in'>[]>;
}

const found = v.object({ docs: v.array(v.looseObject({ classId: v.string() })) });
const withConflicts = v.looseObject({ _id: v.string(), _conflicts: v.optional(v.array(v.string()), []) });
const rows = v.object({ rows: v.array(v.looseObject({ id: v.string() })) });
/** No school has more classes; Mango gives 25 where nothing is said. */
const MAX_CLASSES = 5_000;

export function classSignIns(couch: CouchClient): ClassSignIns {
  /** As all its leaves say together: what a teacher took back at the class laptop must not be good because nobody has merged it yet. */
  async function merged<Type extends MergedTypeName & DocumentTypeName>(
    database: string,
    type: Type,
    id: string,
  ): Promise<DocumentOf<Type> | null> {
    const path = documentPath(database, id);
    const winner = await couch.find(withConflicts, path, { query: { conflicts: 'true' } });
    if (winner === null) return null;
    const others = await Promise.all(winner._conflicts.map((rev) => couch.find(withConflicts, path, { query: { rev } })));
    const leaves = [winner, ...others].flatMap((leaf) => {
      const parsed = v.safeParse(documentTypes[type].schema, leaf);
      return parsed.success ? [parsed.output as DocumentOf<Type>] : []; // the schema of the same type
    });
    return leaves.length === 0 ? null : mergeDocuments(type, leaves);
  }

  const of: ClassSignIns['of'] = (school, classId, accountId) =>
    merged(schoolDatabase(school), 'class-sign-in', classSignInId(classId, accountId));

  return {
    of,
    async classOf(school, classCode) {
      const database = schoolDatabase(school);
      const json = { selector: { type: 'class-code' }, fields: ['classId'], limit: MAX_CLASSES };
      const { docs } = await couch.ask(found, 'POST', `/${encodeURIComponent(database)}/_find`, { json });
      for (const { classId } of docs) {
        const code = await merged(database, 'class-code', classCodeId(classId));
        if (code?.code.value.text !== classCode) continue;
        const card = v.safeParse(
          documentTypes.class.schema,
          (await readDocuments(couch, database, [classCardId(classId)])).get(classCardId(classId)),
        );
        return card.success ? { classId, name: card.output.name } : null;
      }
      return null;
    },
    async ofClass(school, classId) {
      const prefix = `${partitionId('register', classId)}:class-sign-in:`;
      const query = { startkey: JSON.stringify(prefix), endkey: JSON.stringify(`${prefix}\ufff0`) };
      const page = await couch.ask(rows, 'GET', `/${encodeURIComponent(schoolDatabase(school))}/_all_docs`, { query });
      const all = await Promise.all(page.rows.map(({ id }) => of(school, classId, id.slice(prefix.length))));
      return all.flatMap((doc) => doc ?? []);
    },
  };
}
