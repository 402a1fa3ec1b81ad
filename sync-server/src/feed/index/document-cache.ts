/** Larger documents are read each time: they carry attachments or long texts, and would push out many others. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/**
 * Revisions that were read lately, in one form or another: a revision never changes, and the learners of a class read the
 * same ones. Bounded by the bytes of their JSON; what was used longest ago goes first.
 */
export class DocumentCache<Form> {
  readonly #maxBytes: number;
  readonly #entries = new Map<string, { readonly form: Form; readonly bytes: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(id: string, rev: string): Form | null {
    const key = `${id} ${rev}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.form;
  }

  put(id: string, rev: string, form: Form, bytes: number): void {
    const key = `${id} ${rev}`;
    if (bytes > MAX_DOCUMENT_BYTES || this.#entries.has(key)) return;
    this.#entries.set(key, { form, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }
}
