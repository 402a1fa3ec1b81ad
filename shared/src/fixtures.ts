/** Tables of decided outcomes and the documents that they need, for the tests of every workspace. Nothing that ships imports this. */
export { type AccessCase, accessTable, openCoursesOfTable } from './rules/access/access-table.fixture.ts';
export { type PersonaName, personas, strangers } from './rules/access/personas.fixture.ts';
export { type Placing, SAMPLE_TIME, sampleAttempt, sampleDocument } from './rules/validation/sample-documents.fixture.ts';
export { validationTable } from './rules/validation/validation.fixture.ts';
export type { ValidationCase, Verdict } from './rules/validation/validation-case.fixture.ts';
