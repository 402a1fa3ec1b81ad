import type { Shape } from './schema.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Twice the area of a triangle, with its sense of rotation; 0 for three places in a line. */
function turn(a: Place, b: Place, c: Place): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

function isBetween(place: Place, a: Place, b: Place): boolean {
  return (
    turn(a, b, place) === 0 &&
    Math.min(a.x, b.x) <= place.x &&
    place.x <= Math.max(a.x, b.x) &&
    Math.min(a.y, b.y) <= place.y &&
    place.y <= Math.max(a.y, b.y)
  );
}

/** A ray to the right crosses the border an odd number of times. */
function isInPolygon(place: Place, corners: readonly Place[]): boolean {
  let inside = false;
  for (const [i, a] of corners.entries()) {
    const b = corners[(i + 1) % corners.length] ?? a;
    if (isBetween(place, a, b)) return true;
    const [upper, lower] = a.y < b.y ? [a, b] : [b, a];
    if (upper.y <= place.y && place.y < lower.y && turn(upper, lower, place) > 0) inside = !inside;
  }
  return inside;
}

/** Whether a place is in a shape or on its border. Whole numbers, far below 2^53, so exact. */
export function isInside(place: Place, shape: Shape): boolean {
  switch (shape.shape) {
    case 'rectangle':
      return shape.x <= place.x && place.x <= shape.x + shape.width && shape.y <= place.y && place.y <= shape.y + shape.height;
    case 'ellipse': {
      const [across, down] = [(place.x - shape.x) * shape.ry, (place.y - shape.y) * shape.rx];
      return across ** 2 + down ** 2 <= (shape.rx * shape.ry) ** 2;
    }
    case 'polygon':
      return isInPolygon(place, shape.points);
  }
}

/** A rectangle may reach beyond the picture; its middle does not. */
function halfWay(from: number, length: number): number {
  return from + Math.floor((Math.min(1000, from + length) - from) / 2);
}

/** A place that is in the shape: its middle, or for a polygon that bends around its middle one of its corners. */
export function middleOf(shape: Shape): Place {
  switch (shape.shape) {
    case 'rectangle':
      return { x: halfWay(shape.x, shape.width), y: halfWay(shape.y, shape.height) };
    case 'ellipse':
      return { x: shape.x, y: shape.y };
    case 'polygon': {
      const mean = (axis: 'x' | 'y') => Math.round(shape.points.reduce((sum, each) => sum + each[axis], 0) / shape.points.length);
      const middle = { x: mean('x'), y: mean('y') };
      return isInside(middle, shape) ? middle : (shape.points[0] ?? middle);
    }
  }
}
