import type { AccountChangeRequest, AdminAccount } from '@darasa/shared/protocol';

/** What an admin writes of an account; which of the lists it has depends on its kind. */
export type AccountFields = Pick<AdminAccount, 'displayName' | 'username' | 'classIds' | 'guards' | 'authors' | 'operator'>;

export const NO_FIELDS: AccountFields = { displayName: '', username: '', classIds: [], guards: [], authors: [], operator: false };

/** The lists and rights that accounts of a kind have. */
export function fieldsOf(kind: AdminAccount['kind']): { classes: boolean; children: boolean; courses: boolean; operator: boolean } {
  return {
    classes: kind === 'learner' || kind === 'teacher',
    children: kind === 'guardian',
    courses: kind === 'teacher' || kind === 'admin',
    operator: kind === 'admin',
  };
}

/** What is typed, as the server compares it; and no list that the kind does not have. */
export function tidyFields(kind: AdminAccount['kind'], fields: AccountFields): AccountFields {
  const has = fieldsOf(kind);
  return {
    displayName: fields.displayName.trim().replace(/\s+/gu, ' '),
    username: fields.username.normalize('NFKC').trim().toLowerCase(),
    classIds: has.classes ? fields.classIds : [],
    guards: has.children ? fields.guards : [],
    authors: has.courses ? fields.authors : [],
    operator: has.operator && fields.operator,
  };
}

/** What differs from the account as it was; null where nothing does. */
export function changeOf(before: AdminAccount, after: AccountFields): AccountChangeRequest | null {
  const changed = Object.entries(after).filter(([name, value]) => !same(value, before[name as keyof AccountFields])); // fields of both
  return changed.length === 0 ? null : Object.fromEntries(changed);
}

function same(one: AccountFields[keyof AccountFields], other: AccountFields[keyof AccountFields]): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((each) => other.includes(each));
}
