/** The school's published jobs. */

export interface JobLine {
  readonly id: string;
  readonly title: string;
  readonly employerName: string;
  readonly place: string;
  /** Safe HTML made in the worker. */
  readonly descriptionHtml: string;
  /** Null: open until it is taken down. */
  readonly closesAt: string | null;
  readonly closed: boolean;
  /** Published by the one who looks. */
  readonly own: boolean;
  /** Courses that prepare for it, those that are in the catalogue. */
  readonly courses: readonly { readonly courseId: string; readonly title: string }[];
}

export interface JobsView {
  /** The employer's own first, then open before closed, then by date of closing. */
  readonly jobs: readonly JobLine[];
}
