import { canonicalJson } from '../../documents/digest.ts';
import { type FieldJoins, type Join, joinFields } from './join.ts';

interface MergedDocument {
  readonly _id: string;
  readonly createdAt: string;
  readonly deviceId: string;
}

/** CouchDB's own members, save the id, belong to one revision and not to the document. */
function bodyOf<Doc extends MergedDocument>(doc: Doc): Doc {
  return Object.fromEntries(Object.entries(doc).filter(([name]) => name === '_id' || !name.startsWith('_'))) as Doc; // the schema asks for no other
}

/** A device that writes this writes the same bytes as any other: members in canonical order, so that revisions are equal too. */
function canonical<Doc extends MergedDocument>(doc: Doc): Doc {
  return JSON.parse(canonicalJson(doc)) as Doc; // the same value in another order
}

/** The document was made when it was first made, by the device that made it then; two at the same time are told apart by their ids. */
function origin(one: MergedDocument, other: MergedDocument): Pick<MergedDocument, 'createdAt' | 'deviceId'> {
  const first = one.createdAt !== other.createdAt ? one.createdAt < other.createdAt : one.deviceId <= other.deviceId;
  const { createdAt, deviceId } = first ? one : other;
  return { createdAt, deviceId };
}

/**
 * The merge of two versions of a document by the joins of its fields. Commutative, associative and idempotent up to canonical order,
 * and equal outcomes are equal text. `settle` makes what follows from other fields. Throws a RangeError for two different documents: a
 * bug in the caller.
 */
export function mergeWith<Doc extends MergedDocument>(joins: FieldJoins<Doc>, settle: (doc: Doc) => Doc = (doc) => doc): Join<Doc> {
  const join = joinFields<Doc>(joins);
  return (one, other) => {
    if (one._id !== other._id) throw new RangeError(`Two documents, not two versions of one: ${one._id}, ${other._id}`);
    return canonical(settle({ ...join(bodyOf(one), bodyOf(other)), ...origin(one, other) }));
  };
}
