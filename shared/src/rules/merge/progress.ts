import type { DocumentOf } from '../../documents/registry.ts';
import { earliest, greatest, joinFields, joinMembers, laterRegister } from './join.ts';
import { mergeWith } from './merge-document.ts';

type Lesson = DocumentOf<'progress'>['lessons'][string];

const joinLesson = joinFields<Lesson>({
  completedAt: earliest,
  seen: greatest,
  // Each device only ever raises its own count, so the greater is the later, and the sum over devices counts nothing twice.
  seconds: joinMembers(() => greatest),
});

/** Progress only grows: what was seen or completed on any device was seen or completed. Where to resume is a register. */
export const mergeProgress = mergeWith<DocumentOf<'progress'>>({
  lessons: joinMembers(() => joinLesson),
  resume: laterRegister,
});
