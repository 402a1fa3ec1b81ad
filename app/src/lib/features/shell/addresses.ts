import type { ItemKind } from '$lib/client/index.ts';

/** The address of a lesson or a quiz. */
export function itemAddress(courseId: string, item: { readonly kind: ItemKind; readonly id: string }): string {
  return item.kind === 'lesson' ? `/courses/${courseId}/lessons/${item.id}` : `/courses/${courseId}/quizzes/${item.id}`;
}

export function stepAddress(step: { readonly courseId: string; readonly kind: ItemKind; readonly itemId: string }): string {
  return itemAddress(step.courseId, { kind: step.kind, id: step.itemId });
}

export function resultAddress(attemptId: string): string {
  return `/results/${encodeURIComponent(attemptId)}`;
}
