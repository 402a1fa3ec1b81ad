/** How many words a text has: runs of letters, marks and digits of any script. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{M}\p{N}]+(?:['’\-‑.,][\p{L}\p{M}\p{N}]+)*/gu)?.length ?? 0;
}
