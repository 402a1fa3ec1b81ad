import { createSubscriber } from 'svelte/reactivity';

const MINUTE_MS = 60_000;
const tick = createSubscriber((update) => {
  const timer = setInterval(update, MINUTE_MS);
  return () => clearInterval(timer);
});

/** The time, followed by whatever shows it: read in a template it is renewed every minute. */
export function now(): Date {
  tick();
  return new Date();
}
