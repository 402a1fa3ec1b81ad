import * as v from 'valibot';
import { key, line, paragraph } from '../../documents/fields.ts';
import { asked, solved } from '../parts.ts';

/** Thousandths of the picture's width or height, from its upper left corner. Whole, so that every device finds the same. */
const thousandths = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1000));
const place = { x: thousandths, y: thousandths };

/** A part of the picture. An ellipse has half axes, for a picture is seldom square. What is on the border is inside. */
const shape = v.variant('shape', [
  v.looseObject({ shape: v.literal('rectangle'), ...place, width: thousandths, height: thousandths, feedback: v.optional(paragraph) }),
  v.looseObject({ shape: v.literal('ellipse'), ...place, rx: thousandths, ry: thousandths, feedback: v.optional(paragraph) }),
  v.looseObject({
    shape: v.literal('polygon'),
    points: v.pipe(v.array(v.object(place)), v.minLength(3), v.maxLength(60)),
    feedback: v.optional(paragraph),
  }),
]);
export type Shape = v.InferOutput<typeof shape>;

/** `right` are the places that are looked for; `wrong` are others that something is to be said about. */
export const hotspotKey = v.looseObject({
  right: v.pipe(v.array(shape), v.minLength(1), v.maxLength(20)),
  wrong: v.optional(v.pipe(v.array(shape), v.maxLength(20))),
});
/**
 * `figure` is one of the quiz's figures, and `description` says what is on it for whoever does not see it. `places` may be
 * chosen by name as well: right ones and others.
 */
export const hotspotQuestion = v.looseObject({
  kind: v.literal('hotspot'),
  ...asked,
  figure: line,
  description: paragraph,
  places: v.optional(v.pipe(v.array(v.looseObject({ id: key, label: line, ...place })), v.maxLength(20))),
  ...solved(hotspotKey),
});
export const hotspotAnswer = v.looseObject({ kind: v.literal('hotspot'), ...place });
