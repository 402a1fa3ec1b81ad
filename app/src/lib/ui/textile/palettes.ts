/** The dyes of a cloth. `ground` lies under everything; `deep` and `bright` are printed on it; `white` is the undyed thread. */
export interface Palette {
  readonly name: string;
  readonly ground: string;
  readonly deep: string;
  readonly bright: string;
  readonly white: string;
}

/** Clay red is absent on purpose: the app keeps it for danger. */
export const PALETTES: readonly [Palette, ...Palette[]] = [
  { name: 'lake', ground: '#0d5f5a', deep: '#073c39', bright: '#f4b72c', white: '#fbf3dd' },
  { name: 'sun', ground: '#eeaf27', deep: '#2b2416', bright: '#0d5f5a', white: '#fff6dc' },
  { name: 'indigo', ground: '#27366f', deep: '#161f45', bright: '#f0b84a', white: '#f4efe2' },
  { name: 'leaf', ground: '#2f6b35', deep: '#183c1d', bright: '#f2cf5b', white: '#f6f3df' },
  { name: 'plum', ground: '#6a2a57', deep: '#3f1634', bright: '#f3bd52', white: '#f8efe4' },
  { name: 'bark', ground: '#5a3a1e', deep: '#33200f', bright: '#eab54a', white: '#f7ecd6' },
  { name: 'ink', ground: '#26221d', deep: '#0f0d0b', bright: '#e9a91f', white: '#f6f0e3' },
  { name: 'sisal', ground: '#dcc596', deep: '#4a3316', bright: '#0d5f5a', white: '#fff8e6' },
];
