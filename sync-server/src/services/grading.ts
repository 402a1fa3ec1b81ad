import { answerKeyId, type DocumentOf, documentTypes, gradeIdFor, parseDocId, quizId } from '@darasa/shared/documents';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { CouchClient } from '../couch/couch-client.ts';
import { readDocuments, writeDocuments } from '../couch/school-documents.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Environment } from './environment.ts';
import type { FeedService } from './feed-services.ts';
import { gradeAttempt } from './grade-attempt.ts';
import type { Metrics } from './metrics.ts';

export interface GradingParts {
  readonly couch: CouchClient;
  readonly tokens: AccessTokens;
  readonly environment: Environment;
  readonly metrics: Metrics;
  readonly log: Logger;
}

type Attempt = DocumentOf<'attempt'>;

/**
 * Grades each attempt that arrives, into `learner-<id>:grade:<the attempt's key>`. An attempt that has a grade is left
 * alone, so reading the feed twice grades once.
 */
export function gradingService({ couch, tokens, environment, metrics, log }: GradingParts): FeedService {
  return {
    name: 'grading',
    wants: (id) => id.startsWith('learner-') && parseDocId(id)?.type === 'attempt',

    async handle({ school, database }, ids) {
      const grades = await readDocuments(couch, database, ids.map(gradeIdFor));
      const attempts = attemptsAmong(
        await readDocuments(
          couch,
          database,
          ids.filter((id) => !grades.has(gradeIdFor(id))),
        ),
      );
      if (attempts.length === 0) return;
      const papers = await readDocuments(couch, database, [...new Set(attempts.flatMap(papersOf))]);

      const createdAt = new Date(environment.now()).toISOString();
      const wanted = attempts.map((attempt) => {
        const [paper = '', key = ''] = papersOf(attempt);
        return gradeAttempt({ attempt, quiz: papers.get(paper) ?? null, answerKey: papers.get(key) ?? null, createdAt });
      });
      const results = await writeDocuments(couch, database, wanted, await tokens.signService('grading', school));
      for (const [index, { error, reason }] of results.entries()) {
        // Another server has graded it in the same moment: by the same rule, so with the same result.
        const outcome =
          error === 'conflict'
            ? 'elsewhere'
            : error !== undefined
              ? 'refused'
              : wanted[index]?.needsReview === null
                ? 'graded'
                : 'needs-review';
        metrics.graded.inc({ outcome });
        if (outcome === 'refused') log.error({ school, error, reason }, 'The database refused a grade');
      }
    },
  };
}

function papersOf({ courseId, quizId: quiz, quizVersion }: Attempt): [string, string] {
  return [quizId(courseId, quiz, quizVersion), answerKeyId(courseId, quiz, quizVersion)];
}

function attemptsAmong(docs: ReadonlyMap<string, unknown>): Attempt[] {
  return [...docs.values()].flatMap((doc) => {
    const parsed = v.safeParse(documentTypes.attempt.schema, doc);
    return parsed.success ? [parsed.output] : [];
  });
}
