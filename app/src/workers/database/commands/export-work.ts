import type { Outcome } from '../api.ts';
import { storageProblem } from '../write.ts';
import type { CommandContext } from './context.ts';

/** Everything of the person that is on this device, as JSON: documents, what was refused, attempts in hand. */
export async function exportWork({ person, own, store, environment }: CommandContext): Promise<Outcome<string>> {
  try {
    const { rows } = await own.use((pouch) => pouch.allDocs({ include_docs: true, conflicts: true }));
    const refused = await store.refused.where('accountId').equals(person.id).toArray();
    const openAttempts = await store.openAttempts.where('accountId').equals(person.id).toArray();
    const openFiles = await store.openFiles.where('accountId').equals(person.id).toArray();
    const documents = rows.flatMap(({ doc }) => doc ?? []);
    const exportedAt = new Date(environment.now()).toISOString();
    return { ok: true, value: JSON.stringify({ accountId: person.id, exportedAt, documents, refused, openAttempts, openFiles }, null, 2) };
  } catch (error) {
    return storageProblem(error);
  }
}
