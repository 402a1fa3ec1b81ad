import { appearance } from '$lib/features/shell/appearance.svelte.ts';

export const ssr = false;
export const prerender = false;

/** Nothing is shown before its words are there: one small module, in the precache. */
export async function load(): Promise<void> {
  await appearance.start();
}
