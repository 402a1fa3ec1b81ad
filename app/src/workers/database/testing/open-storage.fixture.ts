import { AppTab } from './app-tab.fixture.ts';
import type { FakeAccount, FakeDevice, FakeSchool } from './device.fixture.ts';

const ORIGIN = 'https://school.example';

/** A tab with an account's storage, that signs in anew for each request. */
export function openStorage(school: FakeSchool, account: FakeAccount, device: FakeDevice): Promise<AppTab> {
  const { id, username, password } = account;
  const send: typeof fetch = async (input, init) => {
    const login = await school.fetch(`${ORIGIN}/v1/auth/login`, { method: 'POST', body: JSON.stringify({ username, password }) });
    const { accessToken } = (await login.json()) as { accessToken: string }; // the fixture's own answer
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${accessToken}`);
    return school.fetch(input, { ...init, headers });
  };
  return AppTab.open(device.tab(), { accountId: id, roles: () => account.roles, origin: ORIGIN, school: 'greenhill', send });
}
