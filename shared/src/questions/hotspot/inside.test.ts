import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInside, middleOf } from './inside.ts';
import type { Shape } from './schema.ts';

const thousandths = fc.integer({ min: 0, max: 1000 });
const place = fc.record({ x: thousandths, y: thousandths });
const lShape: Shape = {
  shape: 'polygon',
  points: [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 900 },
    { x: 900, y: 900 },
    { x: 900, y: 1000 },
    { x: 0, y: 1000 },
  ],
};

describe('a place on a picture', () => {
  it('is inside a shape or on its border, and nowhere else', () => {
    for (const [x, y, inside] of [
      [50, 500, true],
      [100, 500, true],
      [900, 900, true],
      [101, 500, false],
      [500, 500, false],
      [500, 950, true],
      [901, 950, false],
    ] as const)
      expect(isInside({ x, y }, lShape), `${x}, ${y}`).toBe(inside);
    const ellipse: Shape = { shape: 'ellipse', x: 500, y: 500, rx: 300, ry: 100 };
    expect([isInside({ x: 800, y: 500 }, ellipse), isInside({ x: 500, y: 601 }, ellipse), isInside({ x: 712, y: 571 }, ellipse)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('in a rectangle is in the same rectangle drawn as a polygon, either way round', () => {
    fc.assert(
      fc.property(place, thousandths, thousandths, place, fc.boolean(), (corner, width, height, at, turned) => {
        const { x, y } = corner;
        const corners = [corner, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
        const rectangle: Shape = { shape: 'rectangle', x, y, width, height };
        expect(isInside(at, { shape: 'polygon', points: turned ? corners.reverse() : corners })).toBe(isInside(at, rectangle));
      }),
    );
  });

  it('in the middle is inside, for every shape', () => {
    const points = fc.array(place, { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(points, (corners) => {
        const shape: Shape = { shape: 'polygon', points: corners };
        expect(isInside(middleOf(shape), shape)).toBe(true);
      }),
    );
    expect(isInside(middleOf(lShape), lShape)).toBe(true);
  });
});
