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

/** A public key on the curve P-256 with its thumbprint (RFC 7638), by which signatures and envelopes name it. */
const placeKey = v.object({
  keyId: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
  publicKey: v.object({ kty: v.literal('EC'), crv: v.literal('P-256'), x: line, y: line }),
});

/** `school:place:<placeId>`: a place of the school, so that whoever is out of its reach can write to it and knows what comes from it. */
export const placeDocumentSchema = documentSchema('place', {
  placeId: key,
  kind: v.picklist(['school', 'hub']),
  name: title,
  /** It signs with one of these. The newest comes first. */
  signing: v.pipe(v.array(placeKey), v.maxLength(10)),
  /** What is for it is encrypted to the first of these. */
  opening: v.pipe(v.array(placeKey), v.maxLength(10)),
  /** The classes that it keeps; null for the whole school. */
  classes: v.nullable(v.pipe(v.array(key), v.maxLength(200))),
  /** Origins under which it may be reached, for example `https://laptop.hubs.example.org`. */
  addresses: v.optional(v.pipe(v.array(v.pipe(line, v.regex(/^https?:\/\/[^/\s]+$/, 'must be an origin'))), v.maxLength(10))),
  /** From then on nothing that it signs is believed, and nothing is written to it. */
  revokedAt: v.nullable(instant),
});

/** `staff:audit:<ulid>`: something an admin or a service did. */
export const auditSchema = documentSchema('audit', { actorId: key, action: line, target: line, detail: v.unknown() });

/** `staff:erasure:<key>`: a learner's partition, or one document, was erased for good; see `erasure.ts`. */
export const erasureSchema = v.pipe(
  documentSchema('erasure', { erased: key, target: docRef, actorId: key }),
  v.check(({ erased, target }) => erased === erasureKeyOf(target), 'must name what its target is'),
);
