import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

PouchDB.plugin(memory);
let count = 0;

/** A stock PouchDB in memory, as a device has it. */
export function deviceDatabase(): PouchDB.Database {
  count += 1;
  return new PouchDB(`device-${process.pid}-${count}`, { adapter: 'memory' });
}

/** A school as a stock PouchDB sees it through the server. `token` is asked at each request: it may have been refreshed. */
export function remoteSchool(url: string, school: string, token: () => string | null): PouchDB.Database {
  return new PouchDB(`${url}/db/school-${school}`, {
    skip_setup: true,
    fetch(address, options = {}) {
      const headers = new Headers(options.headers);
      const bearer = token();
      if (bearer !== null) headers.set('Authorization', `Bearer ${bearer}`);
      return PouchDB.fetch(address, { ...options, headers });
    },
  });
}
