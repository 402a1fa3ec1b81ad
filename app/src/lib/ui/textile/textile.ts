import { BORDERS } from './borders.ts';
import { FIELDS, type Print, type Tile } from './fields.ts';
import { PALETTES, type Palette } from './palettes.ts';
import { seededBy } from './seed.ts';

/** The cloth of a course, drawn from its id: no picture is downloaded, and every device draws the same one. */
export interface Textile {
  readonly palette: Palette;
  /** One repeat of the middle of the cloth. */
  readonly field: Tile;
  /** One repeat of its border, `BORDER_SIZE` square. */
  readonly border: Print;
}

export const BORDER_SIZE = 24;

/** @param id any text; a course id as a rule. */
export function textileOf(id: string): Textile {
  const random = seededBy(id);
  const palette = random.pick(PALETTES);
  const field = random.pick(FIELDS)(random);
  const border = random.pick(BORDERS)();
  return { palette, field, border };
}
