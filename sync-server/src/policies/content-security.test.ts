import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appPolicy, DASHBOARD_POLICY, inlineScriptHashes, scriptPolicy } from './content-security.ts';

const start = '\n  { start(); }\n';
const page = `<html><script src="/_app/a.js"></script><script>${start}</script><script type="module">x()</script></html>`;
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('content security policy', () => {
  it('allows of inline scripts just those of the page, by their hashes', () => {
    expect(inlineScriptHashes(page)).toEqual([hash(start), hash('x()')]);
    expect(appPolicy(page, [])).toContain(`script-src 'self' ${hash(start)} ${hash('x()')};`);
  });

  it('of the app allows no other inline script and no evaluation', () => {
    const scripts = /script-src [^;]*/.exec(appPolicy(page, []))?.[0] ?? '';
    expect(scripts).not.toMatch(/unsafe|\*|https?:/);
  });

  it('lets the app and its workers talk to their own server, and to the laptops that the school names', () => {
    const hubs = ['http://*.local:*', 'https://*.hubs.example.org'];
    for (const policy of [appPolicy(page, hubs), scriptPolicy(hubs)]) {
      expect(policy).toContain("connect-src 'self' http://*.local:* https://*.hubs.example.org;");
    }
    expect(scriptPolicy([])).toContain("connect-src 'self';");
  });

  it('of the dashboard is looser, and still keeps to this origin', () => {
    expect(DASHBOARD_POLICY).not.toMatch(/https?:|\*/);
  });
});
