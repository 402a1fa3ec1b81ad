import { canonicalJson } from '../../documents/digest.ts';

/**
 * Joins: the parts that merges are made of.
 *
 * A merge has to give the same document on every device, in whatever order and however often the versions meet. That
 * holds when it is built from joins: functions of two values that are commutative, associative and idempotent, as the
 * maximum of two numbers is. A record of joins is a join again, so a document's merge only names the join of each field.
 *
 * Comparisons are of numbers and of UTF-16 code units, never of a language's collation.
 */
export type Join<Value> = (one: Value, other: Value) => Value;

export const greatest: Join<number> = (one, other) => Math.max(one, other);

/** The earlier of two times; null is no time yet. Times of the one form that documents use compare as text. */
export const earliest = <Time extends string | null>(one: Time, other: Time): Time => {
  if (one === null || other === null) return one ?? other;
  return one <= other ? one : other;
};

/** Members by name: those of one side alone are kept, those of both are joined. */
export function joinMembers<Value>(join: (name: string) => Join<Value>): Join<Readonly<Record<string, Value>>> {
  return (one, other) => {
    const members = new Map(Object.entries(one));
    for (const [name, value] of Object.entries(other)) {
      const known = members.get(name);
      members.set(name, known === undefined ? value : value === undefined ? known : join(name)(known, value));
    }
    // A Map, and not assignment: a member may be called __proto__.
    return Object.fromEntries(members);
  };
}

interface RegisterShape {
  readonly tick: number;
  readonly deviceId: string;
}

/** The later of two registers: the higher tick, then the greater device id, then the greater text. */
export function laterRegister<Register extends RegisterShape | null>(one: Register, other: Register): Register {
  if (one === null || other === null) return one ?? other;
  if (one.tick !== other.tick) return one.tick > other.tick ? one : other;
  if (one.deviceId !== other.deviceId) return one.deviceId > other.deviceId ? one : other;
  return canonicalJson(one) >= canonicalJson(other) ? one : other;
}

const RANKS = ['null', 'boolean', 'number', 'string', 'array', 'object', 'register'] as const;

function rankOf(value: unknown): number {
  if (value === null) return RANKS.indexOf('null');
  if (Array.isArray(value)) return RANKS.indexOf('array');
  if (typeof value === 'object') return RANKS.indexOf(Object.hasOwn(value, 'tick') ? 'register' : 'object');
  return RANKS.indexOf(typeof value as (typeof RANKS)[number]); // JSON has no other types
}

function tickOf(register: object): number {
  const tick: unknown = 'tick' in register ? register.tick : null;
  return typeof tick === 'number' ? tick : -1;
}

/**
 * The join of a field that this program does not know: a newer one wrote it, and it must survive this one's merges.
 * Objects are joined member by member, an object with a `tick` is a register and is taken whole, numbers are joined to the greater, and of other
 * values that differ one is chosen, the same everywhere. Of values of different types the one later in `RANKS` stays.
 */
export const joinUnknown: Join<unknown> = (one, other) => {
  const rank = rankOf(one);
  const otherRank = rankOf(other);
  if (rank !== otherRank) return rank > otherRank ? one : other;
  switch (RANKS[rank]) {
    case 'number':
      return Math.max(one as number, other as number); // by their rank
    case 'object':
      return joinMembers(() => joinUnknown)(one as Record<string, unknown>, other as Record<string, unknown>); // by their rank
    case 'register': {
      const difference = tickOf(one as object) - tickOf(other as object); // by their rank
      if (difference !== 0) return difference > 0 ? one : other;
      return laterText(one, other);
    }
    default:
      return laterText(one, other);
  }
};

const laterText: Join<unknown> = (one, other) => (canonicalJson(one) >= canonicalJson(other) ? one : other);

/** The join of each field that a schema names; the rest of a loose object is not named. */
export type FieldJoins<Value> = { readonly [Field in keyof Value as string extends Field ? never : Field]?: Join<Value[Field]> };

/**
 * Joins objects by the join of each named field; fields without a name here are a newer program's and are joined as such.
 * `Value` is what both sides are, and so is the outcome, because every join keeps its field's type.
 */
export function joinFields<Value extends object>(joins: FieldJoins<Value>): Join<Value> {
  const byName = new Map<string, unknown>(Object.entries(joins));
  const join = joinMembers<unknown>((name) => (byName.get(name) ?? joinUnknown) as Join<unknown>); // both values are the field's
  return (one, other) => join({ ...one } as Record<string, unknown>, { ...other } as Record<string, unknown>) as Value; // see above
}
