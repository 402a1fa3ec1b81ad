/**
 * Whether two texts are at most so many edits apart: a sign replaced, left out, added, or two neighbours swapped, where
 * nothing is edited twice (optimal string alignment, the common form of the Damerau-Levenshtein distance). Texts are given
 * sign by sign, in the caller's idea of a sign.
 */
export function withinDistance(one: readonly string[], other: readonly string[], limit: number): boolean {
  if (Math.abs(one.length - other.length) > limit) return false;
  let older: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) best = Math.min(best, (older[j - 2] ?? 0) + 1);
      row.push(best);
    }
    older = above;
    above = row;
  }
  return (above[other.length] ?? 0) <= limit;
}
