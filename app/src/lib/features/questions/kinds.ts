import type { QuestionKindName } from '@darasa/shared/questions';
import type { Component } from 'svelte';
import type { Answer, Language, QuestionView } from '$lib/client/index.ts';
import ChoicePlayer from './choice/Player.svelte';
import ChoiceResult from './choice/Result.svelte';
import ClozePlayer from './cloze/Player.svelte';
import ClozeResult from './cloze/Result.svelte';
import EssayPlayer from './essay/Player.svelte';
import EssayResult from './essay/Result.svelte';
import FilePlayer from './file/Player.svelte';
import FileResult from './file/Result.svelte';
import HotspotPlayer from './hotspot/Player.svelte';
import HotspotResult from './hotspot/Result.svelte';
import MatchingPlayer from './matching/Player.svelte';
import MatchingResult from './matching/Result.svelte';
import NewerPlayer from './newer/Player.svelte';
import OrderingPlayer from './ordering/Player.svelte';
import OrderingResult from './ordering/Result.svelte';
import TypedPlayer from './typed/Player.svelte';
import TypedResult from './typed/Result.svelte';

/** What takes an answer. The prompt stands above it. */
export interface PlayerProps<View extends QuestionView = QuestionView, Given extends Answer = Answer> {
  readonly question: View;
  /** Of the course. */
  readonly language: Language;
  readonly answer: Given | null;
  /** `typing`: more may follow at once. */
  readonly onanswer: (answer: Given | null, typing?: boolean) => void;
  /** The id of the prompt's element, to name what is answered. */
  readonly promptId: string;
  /** Where the question stands. */
  readonly courseId: string;
  readonly quizId: string;
}

/** What shows an answer: the learner's own, or a right one. */
export interface ResultProps<View extends QuestionView = QuestionView, Given extends Answer = Answer> {
  readonly question: View;
  readonly language: Language;
  readonly answer: Given;
  /** Which parts of it are right; empty where that is not known. */
  readonly parts: Readonly<Record<string, boolean>>;
}

interface KindOfScreen {
  readonly Player: Component<PlayerProps>;
  readonly Result: Component<ResultProps> | null;
  /** What is typed or taken is taken back where it stands; the rest by a button. */
  readonly clears: boolean;
}

/** Each component takes the views and answers of its kinds alone; the registry pairs them, which TypeScript cannot follow. */
function screens(player: unknown, result: unknown, clears = true): KindOfScreen {
  return { Player: player as KindOfScreen['Player'], Result: result as KindOfScreen['Result'], clears };
}

const choice = screens(ChoicePlayer, ChoiceResult);
const typed = screens(TypedPlayer, TypedResult, false);

/** Every kind of question and what shows it. A new kind is a folder beside this file and a line here. */
const kinds: { readonly [Kind in QuestionKindName | 'newer']: KindOfScreen } = {
  single: choice,
  multiple: choice,
  'true-false': choice,
  numeric: typed,
  'short-text': typed,
  cloze: screens(ClozePlayer, ClozeResult, false),
  ordering: screens(OrderingPlayer, OrderingResult),
  matching: screens(MatchingPlayer, MatchingResult),
  hotspot: screens(HotspotPlayer, HotspotResult),
  essay: screens(EssayPlayer, EssayResult, false),
  file: screens(FilePlayer, FileResult, false),
  newer: screens(NewerPlayer, null, false),
};

export function screensOf({ kind }: Pick<QuestionView, 'kind'>): KindOfScreen {
  return kinds[kind];
}
