import { type CheckedLine, MAX_LEARNER_LINES } from '@darasa/shared/protocol';
import { words } from '$lib/messages/index.ts';
import { freshPassword } from './fresh-password.ts';
import { learnerLines, type PlacedLine } from './learner-lines.ts';
import { addNewcomer, type Newcomer, newcomer } from './newcomer.ts';
import { refusalWords } from './refusal-words.ts';
import { checkLearners, registry } from './school-server.ts';

export interface PreviewLine {
  readonly line: PlacedLine;
  readonly checked: CheckedLine;
}

/** A list of learners on its way: typed, then checked line by line, then added one after the other. */
export class LearnerImport {
  text = $state('');
  /** Null before the list was checked. */
  preview = $state.raw<readonly PreviewLine[] | null>(null);
  /** Whom the list adds; null before that began. */
  people = $state.raw<readonly Newcomer[] | null>(null);
  busy = $state(false);
  trouble = $state<string | null>(null);
  #stopped = false;

  get good(): readonly PreviewLine[] {
    return (this.preview ?? []).filter(({ checked }) => checked.problem === null);
  }
  get bad(): readonly PreviewLine[] {
    return (this.preview ?? []).filter(({ checked }) => checked.problem !== null);
  }
  get added(): readonly Newcomer[] {
    return (this.people ?? []).filter(({ state }) => state === 'added');
  }
  get left(): readonly Newcomer[] {
    return (this.people ?? []).filter(({ state }) => state !== 'added');
  }

  async check(): Promise<void> {
    const lines = learnerLines(this.text);
    this.trouble = null;
    if (lines.length === 0) this.trouble = words().learnerList.empty;
    else if (lines.length > MAX_LEARNER_LINES) this.trouble = words().learnerList.tooMany(MAX_LEARNER_LINES);
    if (this.trouble !== null) return;
    this.busy = true;
    const answer = await checkLearners(lines);
    this.busy = false;
    this.trouble = refusalWords(answer);
    if (!answer.ok) return;
    this.preview = lines.flatMap((line, at) => {
      const checked = answer.value[at];
      return checked === undefined ? [] : [{ line, checked }];
    });
  }

  /** Adds who is not added yet. One at a time, so that whatever breaks off, it is known who is in and with which password. */
  async add(): Promise<void> {
    this.people ??= this.good.map(({ checked: { displayName, username, classIds } }) =>
      newcomer({ displayName, username, classIds, password: freshPassword(), kind: 'learner', guards: [], authors: [], operator: false }),
    );
    this.#stopped = false;
    this.busy = true;
    this.trouble = null;
    for (const [at, person] of this.people.entries()) {
      if (this.#stopped) break;
      if (person.state === 'added') continue;
      const now = await addNewcomer(person, registry);
      this.people = this.people.with(at, now);
      if (now.refusal?.problem === 'unreachable') {
        this.trouble = refusalWords(now.refusal);
        break;
      }
    }
    this.busy = false;
  }

  /** After the one that is being added. */
  stop(): void {
    this.#stopped = true;
  }

  /** Back to the text, with what was typed. */
  change(): void {
    this.preview = null;
    this.people = null;
    this.trouble = null;
  }
}
