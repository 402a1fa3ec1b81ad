import { enrolmentId, profileId, progressId } from '../known-ids.ts';
import type { DocumentOf } from '../registry.ts';
import type { Origin } from './origin.ts';

/**
 * A learner's state as it begins. Registers begin at tick 0, so whatever the learner chose on any device wins over
 * what another device began with.
 */
function begin<Value>(value: Value, deviceId: string) {
  return { value, tick: 0, deviceId };
}

export interface NewProfile extends Origin {
  readonly learnerId: string;
  readonly displayName: string;
  readonly language: DocumentOf<'profile'>['language']['value'];
  readonly avatar?: string | undefined;
  readonly bio?: string | undefined;
}

export function newProfile(profile: NewProfile): DocumentOf<'profile'> {
  const { learnerId, displayName, language, avatar = '', bio = '', deviceId, createdAt } = profile;
  return {
    _id: profileId(learnerId),
    type: 'profile',
    schemaVersion: 1,
    createdAt,
    deviceId,
    learnerId,
    displayName: begin(displayName, deviceId),
    avatar: begin(avatar, deviceId),
    bio: begin(bio, deviceId),
    language: begin(language, deviceId),
  };
}

export interface InCourse extends Origin {
  readonly learnerId: string;
  readonly courseId: string;
}

/** Enrolled from the moment of creation. */
export function newEnrolment({ learnerId, courseId, deviceId, createdAt }: InCourse): DocumentOf<'enrolment'> {
  return {
    _id: enrolmentId(learnerId, courseId),
    type: 'enrolment',
    schemaVersion: 1,
    createdAt,
    deviceId,
    learnerId,
    courseId,
    status: begin('active', deviceId),
    enrolledAt: createdAt,
    completedAt: null,
  };
}

/** Nothing seen yet. */
export function newProgress({ learnerId, courseId, deviceId, createdAt }: InCourse): DocumentOf<'progress'> {
  return {
    _id: progressId(learnerId, courseId),
    type: 'progress',
    schemaVersion: 1,
    createdAt,
    deviceId,
    learnerId,
    courseId,
    lessons: {},
    resume: null,
  };
}
