import { CLOCK_HEADER, DEVICE_HEADER } from '@darasa/shared/protocol';
import type { SchoolRequest } from './school-request.ts';

/** Notes that a learner's device was heard from. The device is the one of the request, else the one that signed in. */
export function noteContact({ c, presence, principal, school, database }: SchoolRequest, received: number): void {
  if (principal === null || !principal.person.kinds.has('learner')) return;
  const deviceId = c.req.header(DEVICE_HEADER) ?? principal.deviceId;
  if (deviceId === null) return;
  const clock = c.req.header(CLOCK_HEADER);
  const deviceClock = clock !== undefined && /^\d{1,15}$/.test(clock) ? Number(clock) : null;
  presence.heard({ school, database, learnerId: principal.accountId, deviceId, deviceClock, received });
}
