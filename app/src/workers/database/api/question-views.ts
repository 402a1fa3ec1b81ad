import type { QuestionKindName } from '@darasa/shared/questions';

/** Questions as the runner shows them. No key is in them; feedback comes with the result. */

/** What every question shows. */
interface AskedView {
  readonly id: string;
  readonly points: number;
  readonly promptHtml: string;
  readonly spoken: string;
  /** Shown on demand, one after the other. */
  readonly hintsHtml: readonly string[];
}

export interface OptionView {
  readonly id: string;
  readonly html: string;
  /** Its words, for where no markup can stand. */
  readonly plain: string;
}

/** What questions of a kind show beyond that. */
export interface QuestionBodies {
  single: { readonly options: readonly OptionView[] };
  multiple: { readonly options: readonly OptionView[] };
  'true-false': Record<never, never>;
  numeric: {
    /** Null where the learner has to name it. */
    readonly unit: string | null;
    /** Whether another unit may be written. */
    readonly anyUnit: boolean;
  };
  'short-text': Record<never, never>;
  cloze: {
    /** Paragraphs of texts and gaps. */
    readonly paragraphs: readonly (readonly ({ readonly html: string } | { readonly gap: string })[])[];
    /** In order; without options they are written in. */
    readonly gaps: readonly { readonly id: string; readonly options: readonly OptionView[] | null }[];
  };
  ordering: { readonly items: readonly OptionView[] };
  matching: { readonly items: readonly OptionView[]; readonly choices: readonly OptionView[] };
  hotspot: {
    /** An address of the picture; null where it is not there. */
    readonly picture: string | null;
    readonly description: string;
    /** In thousandths of the picture's width and height. */
    readonly places: readonly { readonly id: string; readonly label: string; readonly x: number; readonly y: number }[];
  };
  essay: { readonly minWords: number | null; readonly maxWords: number | null };
  file: { readonly accept: 'photos' | 'files' };
}

export type QuestionViewOf<Kind extends QuestionKindName> = AskedView & { readonly kind: Kind } & QuestionBodies[Kind];

/** A question of a kind that a newer app knows and this one does not. */
type NewerQuestionView = AskedView & { readonly kind: 'newer' };

export type QuestionView = { [Kind in QuestionKindName]: QuestionViewOf<Kind> }[QuestionKindName] | NewerQuestionView;
