import type { Seeded } from './seed.ts';
import { diamond, disc, korosho, petal, polygon, ring } from './shapes.ts';

/** The three inks of a print, each one path. */
export interface Print {
  deep: string;
  bright: string;
  white: string;
}
/** One repeat of a print. It meets itself on all four sides. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly print: Print;
}
/** A print for the *mji*, the middle of the cloth. */
export type Field = (random: Seeded) => Tile;

/**
 * Draws at the points of a square lattice whose shapes touch one tile of two steps by two. `reach` is how far a shape goes
 * from its point, in steps; every second row is shifted by half a step when `stagger` is set.
 */
function lattice(step: number, stagger: boolean, reach: number, draw: (print: Print, x: number, y: number, odd: boolean) => void): Tile {
  const print: Print = { deep: '', bright: '', white: '' };
  for (let row = -1; row <= 2; row += 1) {
    for (let column = -1; column <= 2; column += 1) {
      const x = column + 0.5 + (stagger && row % 2 !== 0 ? 0.5 : 0);
      const y = row + 0.5;
      const touches = x > -reach && x < 2 + reach && y > -reach && y < 2 + reach;
      if (touches) draw(print, x * step, y * step, (row + column) % 2 !== 0);
    }
  }
  return { width: step * 2, height: step * 2, print };
}

/** Rows of cashews, as on most kangas. */
const cashews: Field = (random) => {
  const step = 34 + random.below(3) * 6;
  return lattice(step, true, 0.6, (print, x, y, odd) => {
    const mirror = odd ? 1 : -1;
    print.bright += korosho(x, y, step * 0.36, mirror);
    print.deep += korosho(x + mirror * step * 0.02, y + step * 0.05, step * 0.22, mirror);
    print.white += disc(x - mirror * step * 0.08, y + step * 0.14, step * 0.055) + disc(x + step / 2, y, step * 0.05);
  });
};

/** Suns in rings, as on wax prints. */
const suns: Field = (random) => {
  const step = 48 + random.below(3) * 8;
  const rays = random.pick([12, 16, 20]);
  return lattice(step, true, 0.5, (print, x, y) => {
    print.deep += ring(x, y, step * 0.46, step * 0.4);
    for (let ray = 0; ray < rays; ray += 1) print.bright += petal(x, y, step * 0.2, step * 0.37, step * 0.035, ray / rays);
    print.white += ring(x, y, step * 0.17, step * 0.12);
    print.bright += disc(x, y, step * 0.075);
  });
};

/** The zigzag bands of a sisal basket, *kiondo*. */
const basket: Field = (random) => {
  const step = 20 + random.below(3) * 4;
  const inks = random.pick<readonly (keyof Print)[]>([
    ['deep', 'bright', 'deep', 'white'],
    ['deep', 'white', 'bright', 'white'],
    ['bright', 'deep', 'deep', 'white'],
  ]);
  const print: Print = { deep: '', bright: '', white: '' };
  const band = step * 0.52;
  const climb = step * 0.8;
  for (let row = -2; row < inks.length; row += 1) {
    const ink = inks[(row + inks.length) % inks.length] ?? 'deep';
    const y = row * step;
    print[ink] += polygon([
      [0, y],
      [step, y + climb],
      [step * 2, y],
      [step * 2, y + band],
      [step, y + climb + band],
      [0, y + band],
    ]);
  }
  return { width: step * 2, height: step * inks.length, print };
};

/** Medallions of petals among small diamonds. */
const medallions: Field = (random) => {
  const step = 52 + random.below(3) * 8;
  const petals = random.pick([6, 8, 10]);
  return lattice(step, false, 0.63, (print, x, y) => {
    for (let leaf = 0; leaf < petals; leaf += 1) {
      print.bright += petal(x, y, step * 0.1, step * 0.42, step * 0.1, leaf / petals);
      print.deep += petal(x, y, step * 0.16, step * 0.34, step * 0.035, leaf / petals);
    }
    print.white += disc(x, y, step * 0.075) + diamond(x + step / 2, y + step / 2, step * 0.12, step * 0.12);
    print.deep += diamond(x + step / 2, y + step / 2, step * 0.06, step * 0.06);
  });
};

/** Nested lozenges, as on mats and shields. */
const lozenges: Field = (random) => {
  const step = 40 + random.below(3) * 8;
  const tall = random.pick([0.5, 0.5, 0.62]);
  return lattice(step, true, 0.63, (print, x, y, odd) => {
    print.deep += diamond(x, y, step * 0.5, step * tall);
    print[odd ? 'bright' : 'white'] += diamond(x, y, step * 0.34, step * tall * 0.68);
    print.deep += diamond(x, y, step * 0.2, step * tall * 0.4);
    print[odd ? 'white' : 'bright'] += diamond(x, y, step * 0.09, step * tall * 0.18);
  });
};

/** Stripes of a kikoi with a row of stitches. */
const stripes: Field = (random) => {
  const rhythm = random.pick<readonly (readonly [keyof Print | null, number])[]>([
    [
      ['deep', 14],
      [null, 5],
      ['white', 3],
      [null, 5],
      ['bright', 9],
      [null, 16],
    ],
    [
      ['bright', 5],
      [null, 3],
      ['bright', 5],
      [null, 14],
      ['deep', 18],
      ['white', 3],
      [null, 8],
    ],
    [
      ['white', 4],
      ['deep', 12],
      ['white', 4],
      [null, 12],
      ['bright', 12],
      [null, 12],
    ],
  ]);
  const print: Print = { deep: '', bright: '', white: '' };
  let y = 0;
  for (const [ink, thick] of rhythm) {
    if (ink !== null)
      print[ink] += polygon([
        [0, y],
        [14, y],
        [14, y + thick],
        [0, y + thick],
      ]);
    else if (thick > 10) print.white += diamond(7, y + thick / 2, 3, 3);
    y += thick;
  }
  return { width: 14, height: y, print };
};

export const FIELDS: readonly [Field, ...Field[]] = [cashews, suns, basket, medallions, lozenges, stripes];
