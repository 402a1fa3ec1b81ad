/** What the browser knows of the network. A hint: it says “online” on a network that leads nowhere. */
export interface NetworkHint {
  readonly online: boolean;
  /** Whether what is sent is paid for by its size; `unknown` where the browser does not say. */
  readonly kind: 'unmetered' | 'metered' | 'unknown';
  /** The person has told the browser or the system to use little data. */
  readonly saveData: boolean;
}

export const DATA_USES = ['always', 'wifi', 'ask'] as const;
/**
 * What a person lets the app use. Their own work is sent always: it is small, and it must not be lost.
 *
 * - `always`: everything is fetched on any network.
 * - `wifi`: courses are fetched on Wi-Fi or a cable alone; what is the person's own, as grades, on any network.
 * - `ask`: nothing is fetched until they ask.
 */
export type DataUse = (typeof DATA_USES)[number];
