/** Where and when a document is made. The clock, the device and its counter are the caller's: nothing here reads them. */
export interface Origin {
  /** The device that makes it: `server` for services, `demo` for the demo school. */
  readonly deviceId: string;
  /** As `Date.prototype.toISOString` writes it. */
  readonly createdAt: string;
}

/** The origin of something that a person did: a device counts what is done on it, each number once. */
export interface CountedOrigin extends Origin {
  readonly seq: number;
}
