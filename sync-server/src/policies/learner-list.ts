import { isUsername, normaliseUsername } from '@darasa/couchdb/provisioning';
import type { AdminAccount, CheckedLine, LearnerLine } from '@darasa/shared/protocol';
import { fold } from './account-list.ts';

export interface SchoolSoFar {
  readonly accounts: readonly Pick<AdminAccount, 'username' | 'displayName' | 'kind' | 'classIds'>[];
  readonly classes: readonly { readonly classId: string; readonly name: string }[];
}

const MAX_NAME = 200;
/** Leaves room for a number behind it. */
const MAX_SUGGESTED = 36;

/**
 * What would become of each line of a list of learners. A blank sign-in name is made of the name; one that is given is kept or
 * refused, never changed. A learner of the same name in the same class is taken for the same person, so that a list that is sent
 * again adds nobody twice; whoever really shares a name needs a sign-in name of their own in the list.
 */
export function checkLearnerList(lines: readonly LearnerLine[], { accounts, classes }: SchoolSoFar): CheckedLine[] {
  const here = new Set(accounts.map(({ username }) => username));
  const people = new Set(
    accounts.flatMap(({ kind, displayName, classIds }) => {
      if (kind !== 'learner') return [];
      return classIds.length === 0 ? [personKey(displayName, [])] : classIds.map((id) => personKey(displayName, [id]));
    }),
  );
  // What is asked for by name goes before what is made of a name, on whichever line it stands.
  const given = new Map<string, number>();
  for (const [at, { username }] of lines.entries()) {
    const name = normaliseUsername(username);
    if (name !== '' && !given.has(name)) given.set(name, at);
  }
  const taken = new Set([...here, ...given.keys()]);
  const seen = new Map<string, number>();

  return lines.map((line, at) => {
    const displayName = line.name.trim().replace(/\s+/gu, ' ');
    const typed = normaliseUsername(line.username);
    const found = line.className.trim() === '' ? null : classNamed(classes, line.className);
    const classIds = found ? [found.classId] : [];
    const key = personKey(displayName, classIds);
    const first = seen.get(key);
    if (first === undefined && displayName !== '') seen.set(key, at);
    const refused = (problem: CheckedLine['problem'], of: number | null = null): CheckedLine => ({
      displayName,
      username: typed,
      classIds,
      problem,
      of,
    });

    if (displayName === '') return refused('no-name');
    if (displayName.length > MAX_NAME) return refused('long-name');
    if (found === undefined) return refused('no-such-class');
    if (typed === '') {
      if (first !== undefined) return refused('learner-twice', first);
      if (people.has(key)) return refused('learner-here');
      const username = freeUsername(displayName, taken);
      taken.add(username);
      return { displayName, username, classIds, problem: null, of: null };
    }
    if (!isUsername(typed)) return refused('bad-username');
    if (here.has(typed)) return refused('username-here');
    const owner = given.get(typed);
    return owner === at || owner === undefined ? refused(null) : refused('username-twice', owner);
  });
}

const personKey = (name: string, classIds: readonly string[]): string => JSON.stringify([fold(name), ...classIds]);

function classNamed(classes: SchoolSoFar['classes'], typed: string): SchoolSoFar['classes'][number] | undefined {
  const plain = (text: string): string => fold(text).replace(/\s+/gu, '');
  return classes.find(({ classId, name }) => plain(name) === plain(typed) || classId === plain(typed));
}

/** `amina.hassan` of “Amina Wanjiku Hassan”; `amina.hassan2` where somebody has it. */
function freeUsername(displayName: string, taken: ReadonlySet<string>): string {
  const parts = fold(displayName)
    .split(' ')
    .map((part) => part.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter(Boolean);
  const ends = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  const made = normaliseUsername(ends.join('.').slice(0, MAX_SUGGESTED));
  const base = isUsername(made) ? made : 'learner';
  for (let number = 1; ; number += 1) {
    const username = number === 1 ? base : `${base}${number}`;
    if (!taken.has(username)) return username;
  }
}
