import { words } from '$lib/messages/index.ts';
import type { Answer } from './school-server.ts';

/** Why the server did not do it, in the language of the screen; null when it did. */
export function refusalWords(answer: Answer<unknown>): string | null {
  if (answer.ok) return null;
  const { unreachable, refused, because } = words().admin;
  return answer.problem === 'unreachable' ? unreachable : (because[answer.id] ?? refused(answer.reason));
}
