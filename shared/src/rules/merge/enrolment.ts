import type { DocumentOf } from '../../documents/registry.ts';
import { earliest, laterRegister } from './join.ts';
import { mergeWith } from './merge-document.ts';

/** Enrolled when first enrolled, complete when first complete; the status is a register. */
export const mergeEnrolment = mergeWith<DocumentOf<'enrolment'>>({
  status: laterRegister,
  enrolledAt: earliest,
  completedAt: earliest,
});
