import { createHash } from 'node:crypto';
import { opaqueId } from '@darasa/shared/documents';
import type { AccountKind } from '../../provisioning/accounts/account.ts';
import { DEMO_SLUG } from '../demo-slug.ts';
import { admin, type DemoPerson, employer, guardian, learners, teachers } from './people.ts';

export interface DemoAccount {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly kind: AccountKind;
}

/** An account of the demo school with all that belongs to it. */
export interface FullDemoAccount extends DemoAccount {
  readonly id: string;
  readonly roles: readonly string[];
}

/** An opaque id that follows from a name, so that the demo school is the same on every machine: 12 characters, like a real one. */
export function demoId(kind: 'account' | 'device', name: string): string {
  const digest = createHash('sha256').update(`${DEMO_SLUG}:${kind}:${name}`).digest();
  return opaqueId((bytes) => bytes.map((_, i) => digest[i] ?? 0));
}

export const accountIdOf = (username: string): string => demoId('account', username);

function full({ username, password, name }: DemoPerson, kind: AccountKind, roles: readonly string[]): FullDemoAccount {
  return { username, password, name, kind, id: accountIdOf(username), roles: [`school:${DEMO_SLUG}`, kind, ...roles] };
}

export const fullDemoAccounts: readonly FullDemoAccount[] = [
  ...learners.map((learner) => full(learner, 'learner', [`learns:${learner.classId}`])),
  ...teachers.map((teacher) =>
    full(teacher, 'teacher', [`teaches:${teacher.teaches}`, ...teacher.authors.map((course) => `authors:${course}`)]),
  ),
  full(
    guardian,
    'guardian',
    guardian.guards.map((username) => `guards:${accountIdOf(username)}`),
  ),
  full(employer, 'employer', []),
  full(admin, 'admin', ['operator']),
];

/** The accounts of the demo school as they are printed and offered on the sign-in page. */
export const demoAccounts: readonly DemoAccount[] = fullDemoAccounts.map(({ username, password, name, kind }) => ({
  username,
  password,
  name,
  kind,
}));
