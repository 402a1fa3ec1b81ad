/** A broken rule of `demo/README.md`: the file, from the course's folder, and the rule in words. */
export interface Problem {
  readonly file: string;
  readonly rule: string;
}

/** Collects the problems of one file. */
export type Report = (rule: string) => void;
