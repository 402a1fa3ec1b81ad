/** A paragraph, list, table, figure or fenced part of a lesson: what is edited, and merged, as one. */
export interface Block {
  readonly id: string;
  readonly text: string;
}

const FENCE = /^(`{3,}|~{3,}|:{3,}|\$\$)/;

/** The blocks of a Markdown text: parted by empty lines, save within fences and containers. Their texts, joined again, say the same. */
export function splitBlocks(markdown: string): readonly string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  const end = (): void => {
    if (lines.length > 0) blocks.push(lines.join('\n'));
    lines = [];
  };
  for (const line of markdown.replaceAll('\r\n', '\n').split('\n')) {
    const mark = FENCE.exec(line)?.[1] ?? null;
    if (fence === null && line.trim() === '') {
      end();
      continue;
    }
    lines.push(line.trimEnd());
    if (fence !== null && mark?.startsWith(fence) === true && line.trim() === mark) fence = null;
    else if (fence === null && mark !== null && !(line.trim().length > mark.length && line.trim().endsWith(mark))) fence = mark;
  }
  end();
  return blocks.map((block) => block.replace(/\s+$/, ''));
}

export function joinBlocks(blocks: readonly Pick<Block, 'text'>[]): string {
  return blocks.map(({ text }) => text).join('\n\n');
}

/** The longest common part of two lists, as pairs of places in each. */
function commonPairs(one: readonly string[], other: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined) row[j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/**
 * The blocks of a text after it was edited as one: a block whose text is unchanged keeps its id; between two such, changed
 * blocks keep theirs in order, so that a rewritten paragraph is an edit and not a removal and an insertion.
 */
export function editedBlocks(before: readonly Block[], markdown: string, newId: () => string): readonly Block[] {
  const texts = splitBlocks(markdown);
  const after: Block[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [
    ...commonPairs(
      before.map(({ text }) => text),
      texts,
    ),
    [before.length, texts.length] as const,
  ]) {
    for (; j < nextJ; j += 1, i += 1) after.push({ id: (i < nextI ? before[i]?.id : undefined) ?? newId(), text: texts[j] ?? '' });
    const kept = before[nextI];
    if (kept !== undefined && nextJ < texts.length) after.push(kept);
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return after;
}
