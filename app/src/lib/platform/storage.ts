export interface StorageState {
  /** The browser promised not to clear this site's data by itself. */
  readonly persistent: boolean;
  /** Bytes; null where the browser does not say. */
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
}

/** What this site uses and may use on the device. */
export async function storageState(): Promise<StorageState> {
  // Absent on pages that are not secure and in older WebKit.
  const storage: Partial<StorageManager> = navigator.storage ?? {};
  const [persistent, estimate] = await Promise.all([storage.persisted?.() ?? false, storage.estimate?.() ?? null]);
  return { persistent, usedBytes: estimate?.usage ?? null, quotaBytes: estimate?.quota ?? null };
}

/** Asks the browser to keep this site's data. Some browsers ask the person; ask after a gesture. */
export async function askForPersistentStorage(): Promise<boolean> {
  const storage: Partial<StorageManager> = navigator.storage ?? {};
  return (await storage.persist?.()) ?? false;
}
