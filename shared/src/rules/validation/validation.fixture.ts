import { acceptedWrites } from './accepted.fixture.ts';
import { refusedWrites } from './refused.fixture.ts';
import type { ValidationCase } from './validation-case.fixture.ts';

/**
 * Every write whose outcome was decided. The same table runs against the function here, and in `couchdb` against the
 * compiled function in a database. Names are unique.
 */
export const validationTable: readonly ValidationCase[] = [...acceptedWrites, ...refusedWrites];
