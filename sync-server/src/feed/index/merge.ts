/** Something that is read step by step, with the key at which it stands. */
export interface Head {
  readonly key: number;
  /** Moves on; false when it has ended. */
  next(): boolean;
}

/** Yields heads in the order of their keys, each as often as it has steps: a heap, so that a step costs little among many. */
export function* merged<One extends Head>(heads: readonly One[]): Generator<One> {
  const heap = heads.toSorted((one, other) => one.key - other.key);
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    yield first;
    if (!first.next()) {
      const last = heap.pop();
      if (last === undefined || last === first) continue;
      heap[0] = last;
    }
    sink(heap);
  }
}

/** Lets the first sink to its place. */
function sink(heap: Head[]): void {
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) if (keyAt(heap, child) < keyAt(heap, least)) least = child;
    const [one, other] = [heap[at], heap[least]];
    if (least === at || one === undefined || other === undefined) return;
    [heap[at], heap[least]] = [other, one];
    at = least;
  }
}

function keyAt(heap: readonly Head[], at: number): number {
  return heap[at]?.key ?? Number.POSITIVE_INFINITY;
}
