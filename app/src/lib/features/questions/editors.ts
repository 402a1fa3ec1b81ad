import type { QuestionKindName } from '@darasa/shared/questions';
import type { QuestionBody } from '@darasa/shared/rules';
import type { Component } from 'svelte';
import ChoiceEditor from './choice/Editor.svelte';
import ClozeEditor from './cloze/Editor.svelte';
import type { EditorProps } from './editing/editor-props.ts';
import EssayEditor from './essay/Editor.svelte';
import FileEditor from './file/Editor.svelte';
import HotspotEditor from './hotspot/Editor.svelte';
import MatchingEditor from './matching/Editor.svelte';
import OrderingEditor from './ordering/Editor.svelte';
import TypedEditor from './typed/Editor.svelte';

interface KindOfEditor {
  readonly Editor: Component<EditorProps>;
  /** A question of the kind as it begins, beside its prompt. */
  readonly begin: Readonly<Record<string, unknown>>;
}

const rows = (...ids: readonly string[]) => ids.map((id) => ({ id, text: '' }));

/** What edits each kind of question. It stands apart from `kinds.ts`: learners do not load it. */
const editors: { readonly [Kind in QuestionKindName]: KindOfEditor } = {
  single: { Editor: ChoiceEditor, begin: { options: rows('a', 'b') } },
  multiple: { Editor: ChoiceEditor, begin: { options: rows('a', 'b', 'c') } },
  'true-false': { Editor: ChoiceEditor, begin: {} },
  numeric: { Editor: TypedEditor, begin: { key: { tolerance: 0 } } },
  'short-text': { Editor: TypedEditor, begin: { key: { accepted: [] } } },
  cloze: { Editor: ClozeEditor, begin: { text: '', gaps: [], key: { gaps: {} } } },
  ordering: { Editor: OrderingEditor, begin: { items: rows('b', 'c', 'a'), key: { order: ['a', 'b', 'c'] } } },
  matching: {
    Editor: MatchingEditor,
    begin: { items: rows('a', 'b'), choices: rows('c1', 'c2'), key: { pairs: { a: 'c1', b: 'c2' } } },
  },
  hotspot: { Editor: HotspotEditor, begin: { figure: '', description: '', key: { right: [] } } },
  essay: { Editor: EssayEditor, begin: {} },
  file: { Editor: FileEditor, begin: { accept: 'photos' } },
};

export const EDITED_KINDS = Object.keys(editors) as readonly QuestionKindName[]; // the keys of the record above

/** What edits a question; null for a kind that only a newer app knows. */
export function editorOf({ kind }: Pick<QuestionBody, 'kind'>): KindOfEditor['Editor'] | null {
  const known = EDITED_KINDS.find((each) => each === kind);
  return known === undefined ? null : editors[known].Editor;
}

export function newBody(kind: QuestionKindName): QuestionBody {
  return { kind, points: 1, prompt: '', ...editors[kind].begin };
}
