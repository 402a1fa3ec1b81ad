import type { AttemptLine } from '$lib/client/index.ts';
import { words } from '$lib/messages/index.ts';

/** What an attempt's quiz is called; where its course is not on this device, that it is a quiz. */
export function quizTitleOf({ quizTitle }: Pick<AttemptLine, 'quizTitle'>): string {
  return quizTitle ?? words().course.quiz;
}
