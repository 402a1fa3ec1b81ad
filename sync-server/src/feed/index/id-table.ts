/**
 * Numbers the ids of documents, 0, 1, 2, …, outside the heap of JavaScript: a million ids are a few arrays of bytes, which
 * the garbage collector does not walk. Ids are ASCII, as those of every document of a school.
 */
export class IdTable {
  /** Ids one after another; where each begins stands in `#starts`. */
  #bytes = new Uint8Array(1 << 14);
  #used = 0;
  #starts = new Uint32Array(1 << 9);
  /** Open addressing: a number plus one, or 0 for a free place. At most half of the places are taken. */
  #places = new Uint32Array(1 << 10);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#places.byteLength;
  }

  /** The number of an id; −1 when it has none. */
  find(id: string): number {
    return (this.#places[this.#placeOf(id)] ?? 0) - 1;
  }

  /** The number of an id, which it gets now if it has none. */
  number(id: string): number {
    const place = this.#placeOf(id);
    const known = (this.#places[place] ?? 0) - 1;
    if (known >= 0) return known;
    const number = this.#count;
    this.#append(id);
    this.#places[place] = number + 1;
    if (this.#count * 2 > this.#places.length) this.#widen();
    return number;
  }

  text(number: number): string {
    const start = this.#starts[number] ?? 0;
    const end = this.#endOf(number);
    let text = '';
    for (let i = start; i < end; i += 1) text += String.fromCharCode(this.#bytes[i] ?? 0);
    return text;
  }

  #append(id: string): void {
    if (this.#used + id.length > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#used + id.length);
    if (this.#count + 1 > this.#starts.length) this.#starts = grown(this.#starts, this.#count + 1);
    this.#starts[this.#count] = this.#used;
    for (let i = 0; i < id.length; i += 1) this.#bytes[this.#used + i] = id.charCodeAt(i);
    this.#used += id.length;
    this.#count += 1;
  }

  #placeOf(id: string): number {
    const mask = this.#places.length - 1;
    let place = hashOf(id.length, (i) => id.charCodeAt(i)) & mask;
    for (;;) {
      const number = (this.#places[place] ?? 0) - 1;
      if (number < 0 || this.#is(number, id)) return place;
      place = (place + 1) & mask;
    }
  }

  #is(number: number, id: string): boolean {
    const start = this.#starts[number] ?? 0;
    if (this.#endOf(number) - start !== id.length) return false;
    for (let i = 0; i < id.length; i += 1) if (this.#bytes[start + i] !== id.charCodeAt(i)) return false;
    return true;
  }

  #endOf(number: number): number {
    return number + 1 < this.#count ? (this.#starts[number + 1] ?? 0) : this.#used;
  }

  #widen(): void {
    const places = new Uint32Array(this.#places.length * 2);
    const mask = places.length - 1;
    for (let number = 0; number < this.#count; number += 1) {
      const start = this.#starts[number] ?? 0;
      let place = hashOf(this.#endOf(number) - start, (i) => this.#bytes[start + i] ?? 0) & mask;
      while ((places[place] ?? 0) !== 0) place = (place + 1) & mask;
      places[place] = number + 1;
    }
    this.#places = places;
  }
}

/** FNV-1a, with its bits mixed once more: neighbours in an order of counters would lie side by side. */
function hashOf(length: number, unit: (i: number) => number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i += 1) hash = Math.imul(hash ^ unit(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The array with at least `needed` places: twice as many as before, or a quarter more once it is large. */
export function grown<Numbers extends Uint8Array | Uint32Array>(from: Numbers, needed: number): Numbers {
  const step = from.length < 1 << 22 ? from.length * 2 : from.length + (from.length >> 2);
  // The same kind of array as was given.
  const into = new (from.constructor as new (length: number) => Numbers)(Math.max(needed, step));
  into.set(from);
  return into;
}
