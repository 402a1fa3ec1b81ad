import { expose } from 'comlink';
import type { DatabaseApi } from './api.ts';

const database: Pick<DatabaseApi, 'start' | 'accounts' | 'connectGrader' | 'setVisible' | 'syncNow' | 'quizOpen'> = {
  start: async () => ({ current: null, accounts: [] }),
  accounts: async () => [],
  connectGrader: async () => undefined,
  setVisible: async () => undefined,
  syncNow: async () => undefined,
  quizOpen: async () => false,
};

expose(database);
