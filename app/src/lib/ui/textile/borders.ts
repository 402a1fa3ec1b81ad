import type { Print } from './fields.ts';
import { diamond, disc, korosho, polygon } from './shapes.ts';

/** One repeat of a *pindo*, the border of a cloth: 24 wide and 24 high, from the origin. It meets itself on both sides. */
export type Border = () => Print;

const sawtooth: Border = () => ({
  deep: polygon([
    [0, 24],
    [12, 4],
    [24, 24],
  ]),
  bright:
    polygon([
      [6, 24],
      [12, 14],
      [18, 24],
    ]) +
    polygon([
      [0, 0],
      [24, 0],
      [24, 2.5],
      [0, 2.5],
    ]),
  white: disc(0, 8, 2.2) + disc(24, 8, 2.2),
});
const diamonds: Border = () => ({
  deep: diamond(12, 12, 11, 11),
  bright:
    diamond(12, 12, 6, 6) +
    polygon([
      [0, 0],
      [24, 0],
      [24, 1.5],
      [0, 1.5],
    ]) +
    polygon([
      [0, 22.5],
      [24, 22.5],
      [24, 24],
      [0, 24],
    ]),
  white: diamond(12, 12, 2.4, 2.4) + diamond(0, 12, 2.4, 2.4) + diamond(24, 12, 2.4, 2.4),
});
const zigzag: Border = () => ({
  deep: polygon([
    [0, 16],
    [12, 4],
    [24, 16],
    [24, 23],
    [12, 11],
    [0, 23],
  ]),
  bright:
    polygon([
      [0, 0],
      [12, 0],
      [0, 12],
    ]) +
    polygon([
      [24, 0],
      [12, 0],
      [24, 12],
    ]),
  white: disc(12, 19, 2),
});
const cashew: Border = () => ({
  deep:
    polygon([
      [0, 0],
      [24, 0],
      [24, 3],
      [0, 3],
    ]) +
    polygon([
      [0, 21],
      [24, 21],
      [24, 24],
      [0, 24],
    ]),
  bright: korosho(12, 12, 7.5, 1),
  white: disc(12, 14.5, 1.6) + disc(0, 12, 1.8) + disc(24, 12, 1.8),
});
const steps: Border = () => ({
  deep: polygon([
    [0, 24],
    [0, 18],
    [4, 18],
    [4, 12],
    [8, 12],
    [8, 6],
    [16, 6],
    [16, 12],
    [20, 12],
    [20, 18],
    [24, 18],
    [24, 24],
  ]),
  bright:
    polygon([
      [9, 24],
      [9, 14],
      [15, 14],
      [15, 24],
    ]) +
    polygon([
      [0, 0],
      [24, 0],
      [24, 2],
      [0, 2],
    ]),
  white: diamond(0, 9, 3, 3) + diamond(24, 9, 3, 3),
});

export const BORDERS: readonly [Border, ...Border[]] = [sawtooth, diamonds, zigzag, cashew, steps];
