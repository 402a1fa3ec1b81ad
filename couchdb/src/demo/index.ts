export type { Problem } from './course/problem.ts';
export { createDemoSchool, type DemoSchoolOptions, type DemoSchoolOutcome, type RefusedCourse } from './create-demo-school.ts';
export { DEMO_SLUG } from './demo-slug.ts';
export { type DemoAccount, demoAccounts } from './people/demo-accounts.ts';
