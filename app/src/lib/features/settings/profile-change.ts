import type { DatabaseApi, ProfileView } from '$lib/client/index.ts';

/** What of a profile was changed: what stayed as it was is not written, so that it loses to nothing and wins over nothing in a merge. */
export function profileChange(before: ProfileView, after: ProfileView): Parameters<DatabaseApi['saveProfile']>[0] {
  const displayName = after.displayName.trim();
  const bio = after.bio.trim();
  return {
    ...(displayName === before.displayName ? {} : { displayName }),
    ...(bio === before.bio ? {} : { bio }),
    ...(after.language === before.language ? {} : { language: after.language }),
  };
}
