/** Something that should not happen did: a worker crashed, or a call failed in a way that nobody foresaw. */
export interface UnexpectedProblem {
  readonly where: string;
  readonly message: string;
}

class Problems {
  /** Newest last; the layout shows them until they are dismissed. */
  list = $state.raw<readonly UnexpectedProblem[]>([]);

  report(where: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.list.some((each) => each.where === where && each.message === message)) return;
    this.list = [...this.list, { where, message }];
  }

  dismiss(problem: UnexpectedProblem): void {
    this.list = this.list.filter((each) => each !== problem);
  }
}

export const problems = new Problems();
