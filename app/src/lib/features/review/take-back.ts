import { database } from '$lib/client/index.ts';
import { words } from '$lib/messages/index.ts';
import { toasts } from '$lib/ui/toasts.svelte.ts';
import { carryOut } from '../shell/outcomes.ts';

/** Takes a decision back and says so. */
export async function takeBack(documentId: string, name: string): Promise<void> {
  const { done } = await carryOut(database().takeBackDecision(documentId, name));
  if (done) toasts.done(words().review.undone);
}
