import type { Passage } from './reading-aloud.svelte.ts';

/** Blocks in reading order; what is inside a closed solution is not read. */
function blocksOf(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('h2, h3, h4, p, li, figcaption, th, td, .math')].filter(
    (block) =>
      block.closest('details:not([open])') === null &&
      block.parentElement?.closest('li, td, th') === null &&
      (block.textContent ?? '').trim() !== '',
  );
}

/** The words, and each formula as a whole: its own text alone would be numbers without signs. */
function readable(node: Node): number {
  if (node instanceof Element) return node.localName === 'math' ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  return node.parentElement?.closest('math') == null ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
}

/** What is read of a rendered text: block by block, and within a block each run of another language by itself. */
export function passagesOf(root: HTMLElement, language: string): Passage[] {
  return blocksOf(root).flatMap((block) => {
    const runs: { text: string; language: string }[] = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, readable);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = (node instanceof Element ? node.getAttribute('alttext') : node.textContent) ?? '';
      const own = node.parentElement?.closest<HTMLElement>('[lang]')?.lang ?? language;
      const last = runs.at(-1);
      if (last !== undefined && (last.language === own || text.trim() === '')) last.text += text;
      else runs.push({ text, language: own });
    }
    const mark = (read: boolean): void => {
      block.classList.toggle('reading', read);
      if (read) block.scrollIntoView({ block: 'nearest' });
    };
    return runs.map((run) => ({ ...run, mark }));
  });
}
