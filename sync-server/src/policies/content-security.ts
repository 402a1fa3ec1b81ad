import { createHash } from 'node:crypto';

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi;

/** `'sha256-…'` of each inline script of a page, as a content security policy names them. */
export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(INLINE_SCRIPT)].map(([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
}

/**
 * The policy of the app: its own scripts alone, and of inline ones only those that its page is known to have. It talks to its own server, and
 * to class laptops where the school has them (`hubSources`).
 */
export function appPolicy(html: string, hubSources: readonly string[]): string {
  return [
    "default-src 'self'",
    ["script-src 'self'", ...inlineScriptHashes(html)].join(' '),
    // Svelte writes style attributes for transitions and progress bars.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...hubSources].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** A worker is bound by the policy of its own script, not by its page's: the workers talk to the same places and load their own chunks. */
export function scriptPolicy(hubSources: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    ["connect-src 'self'", ...hubSources].join(' '),
    "worker-src 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** CouchDB's dashboard evaluates templates and styles itself. It gets this policy on its own path only. */
export const DASHBOARD_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');
