import * as v from 'valibot';
import { key, paragraph, points, record } from '../documents/fields.ts';

/** What the schemas of several kinds of question share. */

/** What every question asks with. Each `hint` is shown on demand, one after the other. */
export const asked = {
  id: key,
  points,
  prompt: paragraph,
  hints: v.optional(v.pipe(v.array(paragraph), v.maxLength(5))),
  /** The points that each wrong choice costs; a question never costs more than it is worth. Nothing where it is left out. */
  penalty: v.optional(points),
  /** Whether an answer that is right in part earns nothing. */
  allOrNothing: v.optional(v.boolean()),
  /** Whether options stand as they are written where a quiz shuffles them: `none of these` comes last. */
  keepOrder: v.optional(v.boolean()),
};

/** A practice question carries its key and explanation; a question of an exam paper carries neither. */
export const solved = <Key extends v.GenericSchema>(keySchema: Key) => ({ key: v.optional(keySchema), explanation: v.optional(paragraph) });

/** What is said to whoever chose an option or missed a gap, by its id. It stands in the key, because it tells the answer. */
export const feedback = v.optional(record(key, paragraph));

export const option = v.looseObject({ id: key, text: paragraph });
export const options = v.pipe(v.array(option), v.minLength(2), v.maxLength(20));

/** A finite number: a document cannot hold another. */
export const finite = v.pipe(v.number(), v.finite());
export const tolerance = v.pipe(v.number(), v.finite(), v.minValue(0));

/** The ids that stand more than once. */
export function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
}

/** What is wrong with ids that name parts of a question, in words for its author. */
export function idProblems(what: string, ids: readonly string[]): readonly string[] {
  return repeated(ids).map((id) => `${what} ids are unique: ${id} is not`);
}

/** What is wrong with a key that names parts of a question, in words for its author. */
export function keyProblems(what: string, named: readonly string[], there: readonly string[]): readonly string[] {
  return [
    ...repeated(named).map((id) => `the key names ${what} once: ${id} stands twice`),
    ...named.filter((id) => !there.includes(id)).map((id) => `the key names ${what} of the question: ${id} is none`),
  ];
}

/** A member of an object that may come from outside, never one that all objects inherit. */
export function own<Value>(members: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
