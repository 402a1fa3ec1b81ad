import type { Views } from '../api.ts';
import { classCard, loadClass } from './class.ts';
import type { ViewContext } from './context.ts';
import { loadReview } from './review.ts';

export async function loadClasses(_params: unknown, context: ViewContext): Promise<Views['classes']['result']> {
  const { yours } = await loadReview({}, context);
  const views = await Promise.all([...context.person.teaches].map((classId) => loadClass({ classId }, context)));
  const { own } = await context.replication();
  return {
    classes: views.flatMap((view) => (view === null ? [] : [classCard(view)])),
    asOf: own.contactAt,
    toDecide: yours.length,
    drafts: context.person.authors.size,
  };
}
