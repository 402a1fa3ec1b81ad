import type { Token } from 'markdown-it';
import { spokenMath } from './math.ts';

/** The words of a text without its marks, one paragraph a line: for reading aloud. Code and figures are left out. */
export function plainText(tokens: readonly Token[]): string {
  const lines: string[] = [];
  for (const token of tokens) {
    if (token.type === 'math_block') lines.push(spokenMath(token.content));
    if (token.type !== 'inline') continue;
    const line = (token.children ?? []).map(wordsOf).join('').trim();
    if (line !== '') lines.push(line);
  }
  return lines.join('\n');
}

function wordsOf({ type, content }: Token): string {
  switch (type) {
    case 'text':
    case 'code_inline':
      return content;
    case 'math_inline':
      return spokenMath(content);
    case 'softbreak':
    case 'hardbreak':
      return ' ';
    default:
      return '';
  }
}
