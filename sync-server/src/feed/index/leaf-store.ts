import { grown } from './id-table.ts';

const USUAL_REV = /^([1-9]\d{0,8})-([0-9a-f]{32})$/;
/** A generation of 0: the leaves stand in the map. */
const ELSEWHERE = 0;

/** The leaf revisions of documents by number. One usual revision takes 20 bytes; conflicts and odd ones stand in a map. */
export class LeafStore {
  #words = new Uint32Array(5 << 9);
  readonly #others = new Map<number, readonly string[]>();

  get byteLength(): number {
    return this.#words.byteLength;
  }

  set(number: number, leaves: readonly string[]): void {
    const at = number * 5;
    if (at + 5 > this.#words.length) this.#words = grown(this.#words, at + 5);
    const usual = leaves.length === 1 ? USUAL_REV.exec(leaves[0] ?? '') : null;
    if (usual === null) {
      this.#words[at] = ELSEWHERE;
      this.#others.set(number, [...leaves]);
      return;
    }
    this.#others.delete(number);
    const [, generation, hash = ''] = usual;
    this.#words[at] = Number(generation);
    for (let word = 0; word < 4; word += 1) this.#words[at + 1 + word] = Number.parseInt(hash.slice(word * 8, word * 8 + 8), 16);
  }

  get(number: number): readonly string[] {
    const at = number * 5;
    const generation = this.#words[at] ?? ELSEWHERE;
    if (generation === ELSEWHERE) return this.#others.get(number) ?? [];
    let rev = `${generation}-`;
    for (let word = 1; word <= 4; word += 1) rev += (this.#words[at + word] ?? 0).toString(16).padStart(8, '0');
    return [rev];
  }
}
