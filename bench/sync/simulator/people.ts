import type { Chance } from './chance.ts';

/** Somebody with an account. The roles that the school may give and take change in a schedule. */
export interface Member {
  readonly name: string;
  readonly kind: readonly string[];
  readonly given: Set<string>;
}

const CAST: readonly { readonly name: string; readonly kind: readonly string[]; readonly may: readonly string[] }[] = [
  { name: 'ada', kind: ['learner'], may: ['learns:7a', 'takes:maths-7'] },
  { name: 'ben', kind: ['learner'], may: ['learns:7a', 'takes:maths-7'] },
  { name: 'tembo', kind: ['teacher'], may: ['teaches:7a', 'gives:maths-7', 'marks:ada', 'marks:ben', 'authors:maths-7'] },
  { name: 'grace', kind: ['guardian'], may: ['guards:ada', 'guards:ben'] },
  { name: 'head', kind: ['admin'], may: ['authors:maths-7'] },
  { name: 'acme', kind: ['employer'], may: [] },
];

/** Everybody, each with most of the roles that they may have. */
export function newMembers(chance: Chance): Member[] {
  return CAST.map(({ name, kind, may }) => ({ name, kind, given: new Set(may.filter(() => chance.happens(0.8))) }));
}

export function rolesOf({ kind, given }: Member): string[] {
  return ['school:sim', ...kind, ...given];
}

/** The school gives a role or takes one away. */
export function changeRole(member: Member, chance: Chance): void {
  const may = CAST.find(({ name }) => name === member.name)?.may ?? [];
  if (may.length === 0) return;
  const role = chance.of(may);
  if (!member.given.delete(role)) member.given.add(role);
}
