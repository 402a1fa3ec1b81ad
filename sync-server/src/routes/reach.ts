import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import encodeQR from 'qr';
import type { Config } from '../config.ts';
import { type Interfaces, reachableAt } from '../lan/reach.ts';
import { isLoopback } from '../middleware/client-address.ts';
import { apiError } from '../middleware/errors.ts';
import type { ServerEnv } from '../middleware/server-context.ts';
import { reachWords } from './reach-words.ts';

export interface ReachRouteParts {
  readonly config: Pick<Config, 'port' | 'publicUrl' | 'mdnsName' | 'tls' | 'wifi' | 'dataFolder'>;
  /** What people call this place. */
  readonly name: () => Promise<string>;
  readonly interfaces: () => Interfaces;
}

const STYLE = `
:root{color-scheme:light;font:17px/1.5 system-ui,sans-serif;background:#f5efe2;color:#1f1b16}
body{max-inline-size:60rem;margin:0 auto;padding:1.5rem 1.25rem}
h1{font-size:1.9rem;line-height:1.2}
ol{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1.25rem;padding:0;margin:1.5rem 0;list-style:none}
li.step{padding:1.25rem;border:1px solid #d9cfba;border-radius:14px;background:#fffdf6}
h2{margin:0 0 .75rem;font-size:1.15rem}
svg{display:block;inline-size:min(100%,22rem);block-size:auto;background:#fff}
.big{font-size:1.45rem;font-weight:700;overflow-wrap:anywhere}
a{color:#00524b}
@media print{:root{background:#fff}li.step{break-inside:avoid}}
`;
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`;

/** A text as a QR code: dark on light, with the quiet edge that scanners need; one path, so that a printer draws no seams. */
function qrCode(text: string): string {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return `<svg viewBox="0 0 ${rows.length} ${rows.length}" shape-rendering="crispEdges" aria-hidden="true"><path d="${path}"/></svg>`;
}

/** What phones read as a Wi-Fi to join. */
function wifiText({ name, password }: NonNullable<Config['wifi']>): string {
  const escaped = (text: string): string => text.replace(/[\\;,":]/g, (sign) => `\\${sign}`);
  return password === '' ? `WIFI:T:nopass;S:${escaped(name)};;` : `WIFI:T:WPA;S:${escaped(name)};P:${escaped(password)};;`;
}

/**
 * `/hub`: the page for the laptop's own screen, the projector or a sheet of paper, that says how a phone gets here. The password of the
 * Wi-Fi is shown to this machine alone. `/hub/authority.crt`: the certificate that phones may install, where one was made.
 */
export function reachRoutes({ config, name, interfaces }: ReachRouteParts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  const authority = (): Promise<Buffer | null> => readFile(join(config.dataFolder, 'tls', 'authority.crt')).catch(() => null); // none was made

  routes.get('/hub', async (c) => {
    c.set('route', 'reach');
    c.header('Content-Security-Policy', POLICY);
    c.header('Cache-Control', 'no-store');
    const words = reachWords(c.req.header('accept-language'));
    const [best, ...others] = reachableAt(config, interfaces());
    const wifi = isLoopback(c.env.incoming?.socket.remoteAddress ?? '') ? config.wifi : null;
    const title = words.title(await name());
    const hasAuthority = (await authority()) !== null;
    return c.html(html`<!doctype html>
<html lang="${words.language}" dir="${words.language === 'ar' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${raw(STYLE)}</style></head>
<body><h1>${title}</h1>
${
  best === undefined
    ? html`<p class="big">${words.notReachable}</p>`
    : html`<ol>
<li class="step"><h2>1. ${words.wifi}</h2>${
        wifi === null
          ? html`<p>${words.wifiHidden}</p>`
          : html`${raw(qrCode(wifiText(wifi)))}<p class="big" dir="auto">${wifi.name}</p><p>${words.wifiPassword}: <span class="big" dir="ltr">${wifi.password}</span></p>`
      }</li>
<li class="step"><h2>2. ${words.scan}</h2>${raw(qrCode(best))}<p>${words.type}</p><p class="big" dir="ltr">${best}</p></li>
</ol>
<p>${words.inApp}</p>
${others.length === 0 ? '' : html`<p>${words.also}:</p><ul>${others.map((each) => html`<li><bdi dir="ltr">${each}</bdi></li>`)}</ul>`}`
}
${hasAuthority ? html`<p><a href="/hub/authority.crt">${words.authority}</a></p>` : ''}
</body></html>`);
  });

  routes.get('/hub/authority.crt', async (c) => {
    c.set('route', 'reach');
    const found = await authority();
    if (found === null) return apiError(c, 404, 'not-found', 'No authority was made on this machine');
    c.header('Content-Type', 'application/x-x509-ca-cert');
    return c.body(new Uint8Array(found));
  });
  return routes;
}
