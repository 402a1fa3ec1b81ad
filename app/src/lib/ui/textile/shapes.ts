/** SVG path fragments, drawn about a centre. Numbers are rounded so that the markup stays short. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

export type Point = readonly [number, number];

export function polygon(points: readonly Point[]): string {
  return `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;
}

export function diamond(x: number, y: number, width: number, height: number): string {
  return polygon([
    [x, y - height],
    [x + width, y],
    [x, y + height],
    [x - width, y],
  ]);
}

export function disc(x: number, y: number, radius: number): string {
  const r = n(radius);
  return `M${n(x - radius)} ${n(y)}a${r} ${r} 0 1 0 ${n(radius * 2)} 0a${r} ${r} 0 1 0 ${n(-radius * 2)} 0Z`;
}

/** A ring, to be filled by the even-odd rule. */
export function ring(x: number, y: number, outer: number, inner: number): string {
  return disc(x, y, outer) + disc(x, y, inner);
}

/** A petal from the centre outward. `angle` in turns. */
export function petal(x: number, y: number, inner: number, outer: number, width: number, angle: number): string {
  const turn = angle * 2 * Math.PI;
  const at = (along: number, across: number): Point => [
    x + along * Math.cos(turn) - across * Math.sin(turn),
    y + along * Math.sin(turn) + across * Math.cos(turn),
  ];
  const middle = (inner + outer) / 2;
  const pair = ([px, py]: Point): string => `${n(px)} ${n(py)}`;
  return `M${pair(at(inner, 0))}Q${pair(at(middle, width))} ${pair(at(outer, 0))}Q${pair(at(middle, -width))} ${pair(at(inner, 0))}Z`;
}

/** The cashew of a kanga, *korosho*: a drop that curls. `mirror` is 1 or -1; `size` is about half its height. */
export function korosho(x: number, y: number, size: number, mirror: number): string {
  const p = (dx: number, dy: number): string => `${n(x + dx * size * mirror)} ${n(y + dy * size)}`;
  return `M${p(0.55, -1)}C${p(-0.1, -1.05)} ${p(-0.85, -0.35)} ${p(-0.75, 0.35)}C${p(-0.65, 1.05)} ${p(0.3, 1.2)} ${p(0.65, 0.6)}C${p(0.95, 0)} ${p(0.5, -0.4)} ${p(0.15, -0.25)}C${p(-0.05, -0.6)} ${p(0.2, -0.85)} ${p(0.55, -1)}Z`;
}
