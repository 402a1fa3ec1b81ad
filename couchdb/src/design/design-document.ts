/** A design document as CouchDB stores it, without its revision. Functions are JavaScript text. */
export interface DesignDocument {
  readonly _id: `_design/${string}`;
  readonly language: 'javascript';
  readonly views?: Readonly<Record<string, { readonly map: string; readonly reduce?: string }>>;
  readonly validate_doc_update?: string;
  /** CommonJS modules that the validation function may `require`. */
  readonly lib?: Readonly<Record<string, string>>;
}

/** A Mango index, as `POST /<db>/_index` takes it. */
export interface MangoIndex {
  readonly ddoc: string;
  readonly name: string;
  readonly type: 'json';
  readonly index: { readonly fields: readonly string[]; readonly partial_filter_selector?: Readonly<Record<string, unknown>> };
}

/** All that is in `design/documents`, put together. */
export interface DesignSource {
  readonly designDocuments: readonly DesignDocument[];
  readonly indexes: readonly MangoIndex[];
}
