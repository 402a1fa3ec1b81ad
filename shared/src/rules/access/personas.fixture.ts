import type { UserContext } from '../validation/validate-update.ts';

const persona = (name: string, ...roles: string[]): UserContext => ({ name, roles: ['school:greenhill', ...roles] });

/**
 * One person of each kind, as CouchDB sees them. Ada and Ben learn in class 7a, which takes the closed course `maths-7`;
 * the hub is the class laptop of 7a. Zoe learns in 8b, which takes the closed course `art-8`. Everybody may read `drums`, an open course.
 */
export const personas = {
  nobody: { name: null, roles: [] },
  learner: persona('ada', 'learner', 'learns:7a', 'takes:maths-7'),
  teacher: persona('tembo', 'teacher', 'teaches:7a', 'gives:maths-7', 'marks:ada,ben'),
  guardian: persona('grace', 'guardian', 'guards:ada'),
  employer: persona('acme', 'employer'),
  admin: persona('head', 'admin'),
  operator: persona('ops', 'operator'),
  author: persona('amina', 'teacher', 'authors:maths-7'),
  grading: persona('service-grading', 'service:grading'),
  presence: persona('service-presence', 'service:presence'),
  auditor: persona('service-audit', 'service:audit'),
  courier: persona('service-courier', 'service:courier'),
  receipts: persona('service-receipts', 'service:receipts'),
  hub: persona('laptop-7a', 'hub:laptop-7a', 'keeps:7a', 'gives:maths-7', 'marks:ada,ben', 'hosts:tembo'),
} as const satisfies Record<string, UserContext>;

export type PersonaName = keyof typeof personas;

/** People who appear in forged writes only: they are of the same kinds, elsewhere in the school. */
export const strangers = {
  classmate: persona('ben', 'learner', 'learns:7a', 'takes:maths-7'),
  learnerElsewhere: persona('zoe', 'learner', 'learns:8b', 'takes:art-8'),
  teacherElsewhere: persona('noor', 'teacher', 'teaches:8b', 'gives:art-8', 'marks:zoe'),
  coTeacher: persona('juma', 'teacher', 'teaches:7a', 'gives:maths-7', 'marks:ada,ben'),
  hubElsewhere: persona('laptop-8b', 'hub:laptop-8b', 'keeps:8b', 'gives:art-8', 'marks:zoe', 'hosts:noor'),
  otherEmployer: persona('bolt', 'employer'),
  serverAdmin: { name: 'root', roles: ['_admin'] },
} as const satisfies Record<string, UserContext>;
