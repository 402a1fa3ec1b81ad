import * as v from 'valibot';
import { isKey } from '../documents/partitions.ts';

/** Bodies of `/v1/courier/*`: files that were carried here. */

const key = v.pipe(v.string(), v.check(isKey, 'must be an id'));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * The answer to `POST /v1/courier`, whose body is a courier file with somebody's work. Whoever carries it hears ids only of what they may
 * read themselves; its author learns everything from the receipt.
 */
export const courierReportSchema = v.object({
  serial: v.string(),
  /** Whose work it is. */
  accountId: v.string(),
  /** Documents that the school did not have before; that it had; that it does not take. */
  taken: count,
  known: count,
  refused: v.array(v.object({ type: v.string(), reason: v.string(), count, ids: v.array(v.string()) })),
  /** A courier file for the author's device, as base64url: what became of each document. */
  receipt: v.string(),
});
export type CourierReport = v.InferOutput<typeof courierReportSchema>;

/**
 * `POST /v1/courier/content`: a courier file with what a class has in common, for the devices of its learners, or with all that one learner may
 * read, for the devices of that learner. By a teacher of theirs or an admin; the devices are those that have sent a file here before.
 */
export const contentFileRequestSchema = v.variant('of', [
  v.object({ of: v.literal('class'), classId: key }),
  v.object({ of: v.literal('learner'), learnerId: key }),
]);
export type ContentFileRequest = v.InferOutput<typeof contentFileRequestSchema>;

/** Why a file is not taken, as `error.id` of the answer: `courier-` and one of the reasons of docs/courier-spec.md. */
export const COURIER_ERROR = 'courier-';
