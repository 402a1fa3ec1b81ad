/** A run of a text, and whether the other text says something else there. */
export interface Run {
  readonly text: string;
  readonly differs: boolean;
}

/** Above so many pairs of words only the common beginning and end are found: a screen waits for it. */
const MAX_PAIRS = 250_000;

function wordsOf(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

/** Which words of `one` stand in the longest common part with `other`. */
function common(one: readonly string[], other: readonly string[]): readonly boolean[] {
  if (one.length * other.length > MAX_PAIRS) return one.map(() => false);
  const width = other.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const next = one[i] === other[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : 0;
      lengths[i * width + j] = Math.max(next, lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const marks = one.map(() => false);
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) {
      marks[i] = true;
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return marks;
}

/** The runs of a text, of which those are marked that the other text does not have. Spaces alone are no difference. */
export function markedWords(text: string, other: string): readonly Run[] {
  const [one, two] = [wordsOf(text), wordsOf(other)];
  let start = 0;
  while (start < one.length && one[start] === two[start]) start += 1;
  let end = 0;
  while (end < Math.min(one.length, two.length) - start && one[one.length - 1 - end] === two[two.length - 1 - end]) end += 1;
  const middle = common(one.slice(start, one.length - end), two.slice(start, two.length - end));
  const runs: Run[] = [];
  for (const [index, word] of one.entries()) {
    const inMiddle = index >= start && index < one.length - end;
    const differs = inMiddle && middle[index - start] === false && word.trim() !== '';
    const last = runs.at(-1);
    if (last !== undefined && (last.differs === differs || word.trim() === '')) runs[runs.length - 1] = { ...last, text: last.text + word };
    else runs.push({ text: word, differs });
  }
  return runs;
}
