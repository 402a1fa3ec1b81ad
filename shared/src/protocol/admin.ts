import * as v from 'valibot';
import { isKey } from '../documents/partitions.ts';

/** Bodies of `/v1/admin/*`. */

const key = v.pipe(v.string(), v.check(isKey, 'must be an id'));
const text = (max: number) => v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.maxLength(max));

export const ACCOUNT_KINDS = ['learner', 'teacher', 'guardian', 'employer', 'admin'] as const;

/** An account as its school's admin sees it. */
export const adminAccountSchema = v.object({
  id: v.string(),
  username: v.string(),
  displayName: v.string(),
  kind: v.picklist(ACCOUNT_KINDS),
  disabled: v.boolean(),
  /** The classes that a learner learns in or a teacher teaches. */
  classIds: v.array(v.string()),
  /** The learners whose guardian the account is. */
  guards: v.array(v.string()),
  /** The courses that the account writes. */
  authors: v.array(v.string()),
  /** Whether the account may use the whole database through the dashboard. */
  operator: v.boolean(),
});
export type AdminAccount = v.InferOutput<typeof adminAccountSchema>;

export const newAccountSchema = v.strictObject({
  username: text(100),
  displayName: text(200),
  password: text(200),
  kind: v.picklist(ACCOUNT_KINDS),
  classIds: v.optional(v.array(key), []),
  guards: v.optional(v.array(key), []),
  authors: v.optional(v.array(key), []),
  /** Only an operator makes operators, and only of admins. */
  operator: v.optional(v.boolean(), false),
});
export type NewAccountRequest = v.InferOutput<typeof newAccountSchema>;

/** What is not named stays. A list replaces the list that was. */
export const accountChangeSchema = v.strictObject({
  username: v.optional(text(100)),
  displayName: v.optional(text(200)),
  password: v.optional(text(200)),
  disabled: v.optional(v.boolean()),
  classIds: v.optional(v.array(key)),
  guards: v.optional(v.array(key)),
  authors: v.optional(v.array(key)),
  operator: v.optional(v.boolean()),
});
export type AccountChangeRequest = v.InferOutput<typeof accountChangeSchema>;

/** How many learners one list may have. */
export const MAX_LEARNER_LINES = 1_000;

/** A line of a list of learners, as it was typed; a class is named by its name or its id, and may be blank. */
export const learnerLineSchema = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(1_000)),
  className: v.pipe(v.string(), v.maxLength(1_000)),
  /** Blank: one is made of the name. */
  username: v.pipe(v.string(), v.maxLength(1_000)),
});
export type LearnerLine = v.InferOutput<typeof learnerLineSchema>;

/** The body of `POST /v1/admin/accounts/check`. */
export const learnerListSchema = v.strictObject({ lines: v.pipe(v.array(learnerLineSchema), v.maxLength(MAX_LEARNER_LINES)) });

/** Why a line cannot be added as it stands; `twice` and `here` tell apart what is in the list twice and what the school has. */
export const LEARNER_LINE_PROBLEMS = [
  'no-name',
  'long-name',
  'no-such-class',
  'bad-username',
  'username-here',
  'username-twice',
  'learner-here',
  'learner-twice',
] as const;

export const checkedLinesSchema = v.object({
  lines: v.array(
    v.object({
      displayName: v.string(),
      /** The one that was given or, for a blank, one that nobody has. */
      username: v.string(),
      classIds: v.array(v.string()),
      problem: v.nullable(v.picklist(LEARNER_LINE_PROBLEMS)),
      /** The line that it repeats, counted from 0, where the problem is of two lines. */
      of: v.nullable(v.number()),
    }),
  ),
});
export type CheckedLine = v.InferOutput<typeof checkedLinesSchema>['lines'][number];

/** `POST /v1/admin/erasures`: a learner's partition, or the id of one document. */
export const newErasureSchema = v.strictObject({ target: text(240) });

/** The query of `GET /v1/admin/accounts`: all accounts of the school when it is empty. */
export const accountsQuerySchema = v.strictObject({
  /** Part of a name or a sign-in name; case and accents do not matter. */
  search: v.optional(text(200)),
  kind: v.optional(v.picklist(ACCOUNT_KINDS)),
  classId: v.optional(key),
  limit: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/, 'must be a whole number from 1 to 999'), v.transform(Number))),
  /** The `next` of the page before. */
  after: v.optional(text(2_000)),
});
export type AccountsQuery = v.InferOutput<typeof accountsQuerySchema>;

export const adminAccountsSchema = v.object({
  accounts: v.array(adminAccountSchema),
  /** How many accounts the query has on all pages. */
  total: v.number(),
  /** What `after` has to be for the next page; null on the last. */
  next: v.nullable(v.string()),
});
export type AdminAccounts = v.InferOutput<typeof adminAccountsSchema>;

export const adminAccountAnswerSchema = v.object({ account: adminAccountSchema });

export const adminClassesSchema = v.object({
  classes: v.array(
    v.object({ classId: v.string(), name: v.string(), courseIds: v.array(v.string()), learners: v.number(), teachers: v.number() }),
  ),
});
export type AdminClasses = v.InferOutput<typeof adminClassesSchema>;
