import { createSubscriber } from 'svelte/reactivity';

/** The time, followed by whatever shows it: read in a template it is renewed each so many milliseconds. */
function clock(everyMs: number): () => Date {
  const tick = createSubscriber((update) => {
    const timer = setInterval(update, everyMs);
    return () => clearInterval(timer);
  });
  return () => {
    tick();
    return new Date();
  };
}

/** The time, by the minute. */
export const now = clock(60_000);

/** The time by five seconds, for what is counted down. */
export const soon = clock(5_000);
