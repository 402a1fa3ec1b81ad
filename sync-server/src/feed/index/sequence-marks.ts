/** A place in the index's order, and in the database's own feed. */
export interface Mark {
  readonly ordinal: number;
  readonly sequence: string;
}

/** So many changes lie between two marks at least. */
const APART = 100;
const MAX_MARKS = 2_000;

/**
 * Which place of the database's own feed stands behind an ordinal: whoever was sent everything up to the ordinal misses
 * nothing when they go on from that place. Marks are set now and then, and told when they are confirmed, so the place may
 * lie somewhat before.
 */
export class SequenceMarks {
  #marks: Mark[] = [];
  #last: Mark = { ordinal: 0, sequence: '0' };
  #confirmed = this.#last;

  /** Everything that the database's feed brings up to `sequence` stands at `ordinal` or before. */
  note(ordinal: number, sequence: string): void {
    this.#last = { ordinal, sequence };
    if (ordinal - (this.#marks.at(-1)?.ordinal ?? 0) < APART) return;
    this.#marks.push(this.#last);
    if (this.#marks.length > MAX_MARKS) this.#marks = this.#marks.filter((_, at) => at % 2 === 1);
  }

  /** The furthest one. */
  get last(): Mark {
    return this.#last;
  }

  /** Marks up to this one may be told. */
  confirm(mark: Mark): void {
    this.#confirmed = mark;
  }

  /** The sequence of a mark at an ordinal or before it. */
  before(ordinal: number): string {
    if (ordinal >= this.#confirmed.ordinal) return this.#confirmed.sequence;
    let [low, high] = [0, this.#marks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#marks[middle]?.ordinal ?? 0) > ordinal) high = middle;
      else low = middle + 1;
    }
    return this.#marks[low - 1]?.sequence ?? '0';
  }
}
