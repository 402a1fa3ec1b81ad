import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A Workbox manifest transform which adds to each file the hash of what is in it (Subresource Integrity). The service worker
 * then refuses to install a build whose files were replaced while it fetched them.
 *
 * @param {string} folder where the built app is
 * @returns {import('workbox-build').ManifestTransform}
 */
export function withIntegrity(folder) {
  return (entries) => ({
    warnings: [],
    manifest: entries.map((entry) => ({
      ...entry,
      integrity: `sha256-${createHash('sha256')
        .update(readFileSync(join(folder, entry.url)))
        .digest('base64')}`,
    })),
  });
}
