import type { DocumentOf } from '@darasa/shared/documents';

export interface FeedbackLine {
  readonly from: string;
  readonly body: string;
  readonly at: string;
}

/** Teachers' words, the latest first. */
export function feedbackLines(feedback: readonly DocumentOf<'feedback'>[]): readonly FeedbackLine[] {
  return [...feedback]
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .map(({ authorName, body, createdAt }) => ({ from: authorName, body, at: createdAt }));
}
