import * as v from 'valibot';
import { erasureKeyOf } from './erasure.ts';
import {
  count,
  docRef,
  documentSchema,
  instant,
  key,
  language,
  line,
  markdown,
  paragraph,
  ratio,
  record,
  title,
  version,
} from './fields.ts';

/** Documents of the partitions `public` and `school`. */

export const PROGRAMMES = ['school', 'religious', 'skills'] as const;
export const CATEGORIES = ['mathematics', 'programming', 'art', 'music', 'religion', 'business', 'repair'] as const;
export const TIERS = ['children', 'youth', 'adults'] as const;
export const LEVELS = ['beginner', 'intermediate', 'advanced'] as const;

/** `public:school:card` */
export const schoolSchema = documentSchema('school', {
  slug: key,
  name: title,
  motto: line,
  languages: v.array(language),
});

/** `public:course:<courseId>`: a published course as the catalogue shows it. */
export const courseSchema = documentSchema('course', {
  courseId: key,
  version,
  title,
  summary: paragraph,
  language,
  programme: v.picklist(PROGRAMMES),
  category: v.picklist(CATEGORIES),
  tier: v.picklist(TIERS),
  grade: v.nullable(v.picklist([7, 8, 9])),
  level: v.picklist(LEVELS),
  tags: v.pipe(v.array(line), v.maxLength(20)),
  featured: v.boolean(),
  /** Every member of the school may read it, assigned or not. */
  open: v.boolean(),
  lessonCount: count,
  quizCount: count,
  minutes: count,
  authorIds: v.array(key),
});

/** `public:issuer-key:<kid>`: a key that certificates are verified with. */
export const issuerKeySchema = documentSchema('issuer-key', { kid: key, publicJwk: record(v.string(), v.unknown()) });

/** `public:job:<ulid>` */
export const jobSchema = documentSchema('job', {
  employerId: key,
  employerName: title,
  title,
  place: line,
  description: markdown,
  courseIds: v.array(key),
  closesAt: v.nullable(instant),
});

/** `school:category:<category>` */
export const categorySchema = documentSchema('category', { category: v.picklist(CATEGORIES), names: record(v.string(), line) });

/** `school:announcement:<ulid>` or `class-<id>:announcement:<ulid>` */
export const announcementSchema = documentSchema('announcement', { authorId: key, authorName: line, title, body: paragraph });

/** `school:settings:main` */
export const settingsSchema = documentSchema('settings', { timeZone: line, passingScore: ratio });

/** `school:achievement:<slug>` */
export const achievementSchema = documentSchema('achievement', { names: record(v.string(), line), points: count });

/** `staff:audit:<ulid>`: something an admin or a service did. */
export const auditSchema = documentSchema('audit', { actorId: key, action: line, target: line, detail: v.unknown() });

/** `staff:erasure:<key>`: a learner's partition, or one document, was erased for good; see `erasure.ts`. */
export const erasureSchema = v.pipe(
  documentSchema('erasure', { erased: key, target: docRef, actorId: key }),
  v.check(({ erased, target }) => erased === erasureKeyOf(target), 'must name what its target is'),
);
