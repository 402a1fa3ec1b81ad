import type { en } from './en.ts';

/** Every message of the app. English defines the shape; the other languages must satisfy it. */
export type Messages = typeof en;
