import type { Place } from '@darasa/shared/protocol';
import { Hono } from 'hono';
import program from '../../../package.json' with { type: 'json' };
import type { SchoolDirectory } from '../couch/school-directory.ts';
import type { ServerEnv } from '../middleware/server-context.ts';
import type { OwnPlace } from '../services/own-place.ts';

export interface PlaceRouteParts {
  readonly own: OwnPlace;
  /** What people call it; null where the school's own name says it. */
  readonly name: string | null;
  readonly schools: Pick<SchoolDirectory, 'list'>;
  readonly now: () => number;
}

/** `GET /v1/place`: what answers here. The app asks the places that it knows from wherever it was opened, so any origin may read it. */
export function placeRoutes({ own, name, schools, now }: PlaceRouteParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.get('/v1/place', async (c) => {
    c.set('route', 'place');
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cache-Control', 'no-store');
    const [first, ...others] = await schools.list();
    const only = others.length === 0 ? first : undefined;
    const answer: Place = {
      ...own,
      name: name ?? only?.name ?? 'Darasa',
      school: only?.slug ?? null,
      version: program.version,
      now: now(),
    };
    return c.json(answer);
  });
  return routes;
}
