import { profileId } from '@darasa/shared/documents';
import type { ProfileView } from '../api.ts';
import type { ViewContext } from './context.ts';

/** A learner's profile; before they have written one, what the school says of them. */
export async function loadProfile(_params: unknown, { reader, person, displayName }: ViewContext): Promise<ProfileView | null> {
  if (!person.kinds.has('learner')) return null;
  const profile = await reader.one(profileId(person.id), 'profile');
  return {
    displayName: profile?.displayName.value ?? displayName,
    bio: profile?.bio.value ?? '',
    language: profile?.language.value ?? 'en',
  };
}
