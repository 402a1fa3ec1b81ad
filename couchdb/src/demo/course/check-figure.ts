import type { Report } from './problem.ts';

const MAX_BYTES = 6 * 1024;
const MAX_WIDTH = 640;
const MIN_STROKE = 2;
const MIN_TEXT = 16;
const GROUND = '#fbf6ea';
const COLOURS: readonly string[] = [
  '#1f1a14',
  '#0b5f5b',
  '#e9a820',
  '#b3412b',
  '#3f7a35',
  GROUND,
  '#e8dcc0',
  'none',
  'currentcolor',
  'transparent',
];

/** Every value of an attribute, or of the same property in a style. */
function values(svg: string, name: string): string[] {
  return [...svg.matchAll(new RegExp(`[\\s"';{]${name}\\s*[=:]\\s*["']?([^"';}>]+)`, 'gi'))].map(([, value = '']) =>
    value.trim().toLowerCase(),
  );
}

/** A figure is shown as an image, alone and on paper: see `demo/README.md`. Reads the text; the browser judges the drawing. */
export function checkFigure(svg: string, report: Report): void {
  if (Buffer.byteLength(svg) > MAX_BYTES) report('a figure has at most 6 KB');
  if (!/^\s*(?:<\?xml[^>]*\?>\s*)?<svg[\s>][\s\S]*<\/svg>\s*$/.test(svg)) report('a figure is one svg element');
  if (/<script|\son\w+\s*=|<foreignObject|javascript:/i.test(svg)) report('a figure has no scripts');
  const references = [...values(svg, 'href'), ...values(svg, 'xlink:href'), ...values(svg, 'src')];
  const urls = [...svg.matchAll(/url\(\s*["']?([^)"']*)/gi)].map(([, url = '']) => url);
  if ([...references, ...urls].some((target) => !target.startsWith('#')) || /@import/i.test(svg)) report('a figure has no external files');
  if (/@font-face/i.test(svg)) report('a figure has no web fonts');

  const [, width] = /viewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)/.exec(svg) ?? [];
  if (width === undefined || Number(width) > MAX_WIDTH) report('a figure has a viewBox at most 640 wide');
  if (!values(svg, 'fill').includes(GROUND)) report('a figure carries its own ground, #fbf6ea');
  if (values(svg, 'font-family').some((family) => family !== 'sans-serif')) report('text of a figure is in font-family="sans-serif"');
  if (values(svg, 'font-size').some((size) => !(Number.parseFloat(size) >= MIN_TEXT))) report('text of a figure is at least 16 units');
  if (/<text[\s>]/.test(svg) && values(svg, 'font-family').length === 0) report('text of a figure is in font-family="sans-serif"');
  if (values(svg, 'stroke-width').some((stroke) => !(Number.parseFloat(stroke) >= MIN_STROKE)))
    report('strokes of a figure are at least 2');
  for (const name of ['fill', 'stroke', 'color', 'stop-color']) {
    const stranger = values(svg, name).find((colour) => !COLOURS.includes(colour) && !colour.startsWith('url(#'));
    if (stranger !== undefined) report(`a figure uses the colours of the page: ${stranger} is none of them`);
  }
}
