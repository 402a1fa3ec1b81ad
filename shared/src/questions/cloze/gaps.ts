const GAP = /\[\[([a-z0-9-]{1,40})\]\]/;

/** A cloze cut at its gaps: what is at an even place is text, at an odd one a gap's id. */
export function cutAtGaps(text: string): readonly string[] {
  return text.split(GAP);
}

/** The ids of the gaps in a text, in order. */
export function gapsIn(text: string): readonly string[] {
  return cutAtGaps(text).filter((_, i) => i % 2 === 1);
}
