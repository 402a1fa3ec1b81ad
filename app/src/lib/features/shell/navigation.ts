import type { AccountKind } from '$lib/client/index.ts';
import type { Messages } from '$lib/messages/index.ts';

export type PlaceName = keyof Messages['nav'];
export interface Destination {
  readonly name: PlaceName;
  readonly href: string;
}

const DESTINATIONS: Readonly<Record<PlaceName, Destination>> = {
  home: { name: 'home', href: '/' },
  catalogue: { name: 'catalogue', href: '/catalogue' },
  progress: { name: 'progress', href: '/progress' },
  sync: { name: 'sync', href: '/sync' },
  settings: { name: 'settings', href: '/settings' },
  classes: { name: 'classes', href: '/classes' },
  children: { name: 'children', href: '/children' },
  admin: { name: 'admin', href: '/admin' },
};

const BY_KIND: Readonly<Record<AccountKind, readonly PlaceName[]>> = {
  learner: ['home', 'catalogue', 'progress', 'sync'],
  teacher: ['classes', 'catalogue', 'sync', 'settings'],
  guardian: ['children', 'catalogue', 'sync', 'settings'],
  employer: ['home', 'catalogue', 'sync', 'settings'],
  admin: ['admin', 'classes', 'catalogue', 'settings'],
};

/** The four places in the main menu of a person. */
export function destinationsOf(kind: AccountKind): readonly Destination[] {
  return BY_KIND[kind].map((name) => DESTINATIONS[name]);
}

/** Where a person begins. */
export function startOf(kind: AccountKind): string {
  return DESTINATIONS[BY_KIND[kind][0] ?? 'home'].href;
}

/** Whether an address lies under a destination, so that the menu can mark it. */
export function isAt(destination: Destination, path: string): boolean {
  if (destination.name === 'catalogue' && (path.startsWith('/courses') || path.startsWith('/jobs'))) return true;
  if (destination.name === 'progress' && path.startsWith('/results')) return true;
  if (destination.name === 'classes' && /^\/(?:learners|review|drafts)/.test(path)) return true;
  return destination.href === '/' ? path === '/' : path === destination.href || path.startsWith(`${destination.href}/`);
}
