/** The local database of a school's content, shared by everybody of the school on this device. */
export function contentDatabaseName(school: string): string {
  return `content-${school}`;
}

/** The local database of one person. */
export function ownDatabaseName(accountId: string): string {
  return `person-${accountId}`;
}
