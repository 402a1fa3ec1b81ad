import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type DemoAccount, schoolsSchema } from '@darasa/shared/protocol';
import { type Answer, type Question, questionSchema } from '@darasa/shared/questions';
import { feedbackOn } from '@darasa/shared/rules';
import * as v from 'valibot';
import type { SchoolServer } from './school-server.ts';

const courses = resolve(import.meta.dirname, '../../../couchdb/demo/greenhill/courses');

const quizSchema = v.object({ id: v.string(), title: v.string(), questions: v.array(questionSchema) });
const courseSchema = v.object({
  id: v.string(),
  title: v.string(),
  sections: v.array(v.object({ items: v.array(v.union([v.object({ lesson: v.string() }), v.object({ quiz: v.string() })])) })),
});

export type SourceQuestion = Question;
export type SourceQuiz = v.InferOutput<typeof quizSchema>;
export type SourceCourse = v.InferOutput<typeof courseSchema>;

/** A course as its authors wrote it. */
export function sourceCourse(courseId: string): SourceCourse {
  return v.parse(courseSchema, JSON.parse(readFileSync(join(courses, courseId, 'course.json'), 'utf8')));
}

/** A quiz with its keys, as its authors wrote it. */
export function sourceQuiz(courseId: string, quizId: string): SourceQuiz {
  return v.parse(quizSchema, JSON.parse(readFileSync(join(courses, courseId, 'quizzes', `${quizId}.json`), 'utf8')));
}

/** An answer that earns everything; to an essay and a file, some answer. */
export function rightAnswer(question: SourceQuestion): Answer {
  if (question.kind === 'essay') return { kind: 'essay', text: 'Every Friday we sing it on the way home, and everybody answers.' };
  if (question.kind === 'file') return { kind: 'file', files: [] };
  const solution = feedbackOn(question, undefined)?.solution ?? null;
  if (solution === null) throw new Error(`Nothing is right for ${question.id}.`);
  return solution;
}

/** The title of a lesson, from its front matter. */
export function lessonTitle(courseId: string, lessonId: string): string {
  const title = /^title:\s*(.+)$/m.exec(readFileSync(join(courses, courseId, 'lessons', `${lessonId}.md`), 'utf8'))?.[1];
  if (title === undefined) throw new Error(`${courseId}/${lessonId} has no title.`);
  return title.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** The accounts that the sign-in page offers, in its order. */
export async function demoAccounts(server: SchoolServer, kind: DemoAccount['kind']): Promise<readonly DemoAccount[]> {
  const { schools } = v.parse(schoolsSchema, await (await fetch(`${server.url}/v1/schools`)).json());
  return schools.flatMap((school) => school.demoAccounts).filter((account) => account.kind === kind);
}

/** The account with this sign-in name. */
export async function demoPerson(server: SchoolServer, username: string): Promise<DemoAccount> {
  const { schools } = v.parse(schoolsSchema, await (await fetch(`${server.url}/v1/schools`)).json());
  const account = schools.flatMap((school) => school.demoAccounts).find((each) => each.username === username);
  if (account === undefined) throw new Error(`The demo school has no ${username}.`);
  return account;
}

/** One of them; `at` counts from 0. */
export async function demoAccount(server: SchoolServer, kind: DemoAccount['kind'], at = 0): Promise<DemoAccount> {
  const account = (await demoAccounts(server, kind))[at];
  if (account === undefined) throw new Error(`The demo school has no ${kind} number ${at + 1}.`);
  return account;
}
