import { type Outcome, problems } from '$lib/client/index.ts';
import { words } from '$lib/messages/index.ts';
import { toasts } from '$lib/ui/toasts.svelte.ts';

/** Waits for a command and puts a failure into words. Answers whether it was done; `value` has what came of it. */
export async function carryOut<Value>(trying: Promise<Outcome<Value>>): Promise<{ done: true; value: Value } | { done: false }> {
  try {
    const outcome = await trying;
    if (outcome.ok) return { done: true, value: outcome.value };
    toasts.problem(words().problem[outcome.problem]);
    return { done: false };
  } catch (error) {
    problems.report('command', error);
    toasts.problem(words().problem.unexpected);
    return { done: false };
  }
}
