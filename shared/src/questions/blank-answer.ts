import type { Answer, NewerAnswer } from './schemas.ts';

function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && value !== null && Object.values(value).every(isBlank);
}

/** Whether an answer says nothing (an empty text, no choice, gaps left open), and so counts as none. */
export function isBlankAnswer({ kind: _kind, ...said }: Answer | NewerAnswer): boolean {
  return isBlank(said);
}
