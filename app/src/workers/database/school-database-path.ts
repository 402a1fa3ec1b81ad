/** Where a server has a school's database, as CouchDB's replication protocol. */
export function schoolDatabasePath(school: string): string {
  return `/db/school-${school}`;
}
