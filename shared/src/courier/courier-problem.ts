/** Why a courier file is not taken. Each stands for words that a person is shown. */
export const COURIER_PROBLEMS = [
  /** Not a courier file at all. */
  'no-courier',
  /** Made by a newer program, in a form that this one does not know. */
  'version',
  /** Of another school. */
  'other-school',
  /** Encrypted to other places or devices. */
  'not-for-us',
  /** Signed by nobody that is known here, or by somebody who may not any more. */
  'unknown-sender',
  /** Its signature is not the sender's: somebody else made it, or changed it, or it was damaged on the way. */
  'forged',
  /** Signed, but not to be opened or read: it was damaged on the way, or its maker has an error. */
  'damaged',
  /** The end is missing. */
  'cut-off',
  /** More than this place takes in one file. */
  'too-large',
] as const;
export type CourierProblemId = (typeof COURIER_PROBLEMS)[number];

/** A courier file is not taken, or not to its end. What came before in it was whole and is not undone. */
export class CourierProblem extends Error {
  override readonly name = 'CourierProblem';
  readonly id: CourierProblemId;

  constructor(id: CourierProblemId, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.id = id;
  }
}
