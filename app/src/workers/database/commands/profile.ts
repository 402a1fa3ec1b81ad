import type { DocumentOf } from '@darasa/shared/documents';
import { bumpRegister } from '@darasa/shared/rules';
import type { DatabaseApi, Outcome } from '../api.ts';
import type { CommandContext } from './context.ts';
import { changeProfile } from './learner-state.ts';

type ProfileChange = Parameters<DatabaseApi['saveProfile']>[0];

export function saveProfile(context: CommandContext, change: ProfileChange): Promise<Outcome> {
  return changeProfile(context, (profile) => {
    let next: DocumentOf<'profile'> = profile;
    const { deviceId } = context;
    const { displayName, bio, avatar, language } = change;
    if (displayName !== undefined) next = { ...next, displayName: bumpRegister(next.displayName, displayName, deviceId) };
    if (bio !== undefined) next = { ...next, bio: bumpRegister(next.bio, bio, deviceId) };
    if (avatar !== undefined) next = { ...next, avatar: bumpRegister(next.avatar, avatar, deviceId) };
    if (language !== undefined) next = { ...next, language: bumpRegister(next.language, language, deviceId) };
    return next === profile ? null : next;
  });
}
