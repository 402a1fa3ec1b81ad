import {
  bytesOf,
  COURIER_ENDING,
  COURIER_PROBLEMS,
  COURIER_TYPE,
  CourierFile,
  type CourierHeader,
  type CourierLine,
  CourierProblem,
  type CourierProblemId,
  documentLines,
  type OpeningKey,
  writeCourier,
} from '@darasa/shared/courier';
import { opaqueId, parseDocId, partitionOf } from '@darasa/shared/documents';
import {
  apiErrorSchema,
  COURIER_ERROR,
  type ContentFileRequest,
  courierReportSchema,
  type DeviceKey,
  fromBase64url,
} from '@darasa/shared/protocol';
import type { Person } from '@darasa/shared/rules';
import { type ExchangeDocument, fromBlock, hexOf } from '@darasa/shared/sync';
import * as v from 'valibot';
import type { CarriedFile, FileLook, FileOutcome, MadeFile, NotMade, TakenFile } from '../api/courier.ts';
import type { Outcome } from '../api.ts';
import type { DeviceStore } from '../device-store.ts';
import { type Environment, instantOf } from '../environment.ts';
import { type ExchangeStorage, readLeaves } from '../exchange-storage.ts';
import type { Reader } from '../reader.ts';
import { failed } from '../write.ts';
import { placesOf, recipientsOf, senderOf } from './known-places.ts';
import { openingKeyOf } from './opening-key.ts';

/** What a device signs files with, and what says whose it is. */
export interface CourierSigner {
  readonly key: DeviceKey;
  readonly pass: string;
}

export interface CourierFileParts {
  readonly environment: Pick<Environment, 'now' | 'random'>;
  readonly store: DeviceStore;
  readonly school: string;
  readonly person: () => Person;
  readonly reader: Reader;
  /** The person's documents as an exchange with a class laptop meets them; null for the school. */
  readonly storageAt: (hub: string | null) => ExchangeStorage;
  /** Null where no place has signed this device in with a key of its own. */
  readonly signer: () => Promise<CourierSigner | null>;
  /** A request to the place that is met, with the person's token. */
  readonly ask: (path: string, init: RequestInit) => Promise<Response>;
}

/** Makes, reads and takes courier files for the person who is in (docs/courier-spec.md). */
export class CourierFiles {
  readonly #parts: CourierFileParts;

  constructor(parts: CourierFileParts) {
    this.#parts = parts;
  }

  /** Everything of the person that the school has not acknowledged. It stays unsent until it is proved to have arrived. */
  async make(): Promise<{ readonly ok: true; readonly made: MadeFile } | { readonly ok: false; readonly because: NotMade }> {
    const { environment, person, reader, school, store } = this.#parts;
    const storage = this.#parts.storageAt(null);
    const signer = await this.#parts.signer();
    if (signer === null) return { ok: false, because: 'sign-in' };
    const { id, learns, teaches } = person();
    const recipients = recipientsOf(await placesOf(reader), new Set([...learns, ...teaches]));
    if (recipients.length === 0) return { ok: false, because: 'no-place' };
    const { publicKey: answerTo } = await openingKeyOf(store, id);
    const waiting = await storage.waiting();
    async function* documents(): AsyncGenerator<ExchangeDocument> {
      for (const [docId, leaves] of waiting) yield* await readLeaves(storage.databaseOf(docId), docId, leaves);
    }
    const madeAt = instantOf(environment);
    const pieces = await all(
      writeCourier({
        header: {
          school,
          serial: opaqueId(environment.random) + opaqueId(environment.random),
          purpose: 'work',
          madeAt,
          from: { kind: 'device', accountId: id, key: signer.key.publicKey, pass: signer.pass, answerTo },
          to: recipients.map(({ placeId }) => placeId),
          documents: waiting.reduce((sum, [, leaves]) => sum + leaves.length, 0),
        },
        recipients: recipients.map(({ recipient }) => recipient),
        lines: documentLines(documents()),
        sign: async (bytes) => new Uint8Array(await signer.key.sign(bytes)),
      }),
    );
    return {
      ok: true,
      made: {
        name: fileName('work', madeAt),
        file: new Blob(pieces, { type: COURIER_TYPE }),
        documents: waiting.filter(([docId]) => isPiece(docId)).length,
      },
    };
  }

  /** What is in a file; one that is for this device is verified from the first to the last byte. Nothing is taken. */
  async look(file: Blob): Promise<FileLook> {
    try {
      const { header } = await CourierFile.open(bytesOf(file.stream()));
      const { madeAt, documents, school } = header;
      if (school !== this.#parts.school) throw new CourierProblem('other-school', `The file is of the school ${school}`);
      const bytes = file.size;
      if (header.from.kind === 'device') {
        const { accountId } = header.from;
        return {
          kind: 'work',
          own: accountId === this.#parts.person().id,
          author: await this.#nameOf(accountId),
          madeAt,
          documents,
          bytes,
        };
      }
      let [arrived, refused] = [0, 0];
      const { place, lines } = await this.#read(file);
      for await (const line of lines) {
        if (line[0] === 't') arrived += line[1].length;
        if (line[0] === 'r') refused += 1;
      }
      const from = { kind: place.kind, name: place.name };
      return { kind: header.purpose === 'receipt' ? 'receipt' : 'content', from, madeAt, documents, bytes, arrived, refused };
    } catch (error) {
      if (error instanceof CourierProblem) return { kind: 'problem', problem: error.id };
      throw error;
    }
  }

  /** Takes what a place has made for this device. What the person may not read any more is left out; what is here already changes nothing. */
  async take(file: Blob, show: (documents: number) => void): Promise<FileOutcome<TakenFile>> {
    const { reader, storageAt } = this.#parts;
    let [documents, arrived, refused] = [0, 0, 0];
    let storage = storageAt(null);
    const told: (readonly [id: string, hash: string, count: number])[] = [];
    try {
      const { place, lines } = await this.#read(file);
      // What a laptop says that it has is at the laptop; that the school has it, only the school says.
      storage = storageAt(place.kind === 'hub' ? place.placeId : null);
      for await (const line of lines) {
        switch (line[0]) {
          case 'd': {
            const docs: ExchangeDocument[] = [];
            for (const doc of fromBlock(line)) if (await reader.mayRead(partitionOf(doc.id))) docs.push(doc);
            await storage.apply(docs);
            documents += docs.length;
            show(documents);
            break;
          }
          case 'p':
            for (const entry of line[1]) if (await reader.mayRead(entry[0])) told.push(entry);
            break;
          case 't':
            await storage.sent(line[1].map(([id, rev]) => ({ id, rev, ancestors: [], body: {} })));
            arrived += line[1].length;
            break;
          case 'r': {
            const [, id, rev, error, reason] = line;
            // A late receipt: by now the school has it, or there is a newer one.
            const waits = (await storage.waiting()).some(([each, leaves]) => each === id && leaves.includes(rev));
            if (!waits) break;
            await storage.refused([{ id, rev, error, reason }]);
            refused += 1;
            break;
          }
          default:
            line satisfies never;
        }
      }
    } catch (error) {
      if (error instanceof CourierProblem) return { ok: false, problem: error.id };
      throw error;
    }
    const held = new Map(await storage.digests());
    const whole = told.filter(([id, hash, count]) => {
      const digest = held.get(id);
      return digest !== undefined && hexOf(digest) === hash && digest.count === count;
    });
    return { ok: true, value: { documents, arrived, refused, partitions: told.length, whole: whole.length } };
  }

  /** Brings somebody's work to the place that is met. */
  async carry(file: Blob): Promise<Outcome<FileOutcome<CarriedFile>>> {
    const answer = await this.#ask('/v1/courier', file, COURIER_TYPE);
    if (!answer.ok) return answer;
    const text = await answer.value.text();
    if (!answer.value.ok) {
      const problem = problemFrom(text);
      return problem === null ? failed('unexpected', text.slice(0, 200)) : { ok: true, value: { ok: false, problem } };
    }
    const report = v.parse(courierReportSchema, JSON.parse(text));
    const receipt = {
      name: fileName('receipt', instantOf(this.#parts.environment)),
      file: new Blob([fromBase64url(report.receipt) ?? new Uint8Array()], { type: COURIER_TYPE }),
      documents: 0,
    };
    return { ok: true, value: { ok: true, value: { report, receipt } } };
  }

  /** Has the place that is met make a file for the devices of a class, or of one learner. */
  async makeFor(wanted: ContentFileRequest): Promise<Outcome<MadeFile | null>> {
    const answer = await this.#ask('/v1/courier/content', JSON.stringify(wanted), 'application/json');
    if (!answer.ok) return answer;
    // None of their devices is known there: that is for the screen to say.
    if (answer.value.status === 409) return { ok: true, value: null };
    if (!answer.value.ok) return failed('not-allowed', (await answer.value.text()).slice(0, 200));
    const file = await answer.value.blob();
    const { header } = await CourierFile.open(bytesOf(file.stream()));
    return { ok: true, value: { name: fileName('class', header.madeAt), file, documents: header.documents } };
  }

  async #ask(path: string, body: BodyInit, type: string): Promise<Outcome<Response>> {
    try {
      return { ok: true, value: await this.#parts.ask(path, { method: 'POST', body, headers: { 'content-type': type } }) };
    } catch (error) {
      return failed('unreachable', error instanceof Error ? error.message : String(error));
    }
  }

  async #read(
    file: Blob,
  ): Promise<{ readonly place: Awaited<ReturnType<typeof senderOf>>['place']; readonly lines: AsyncGenerator<CourierLine> }> {
    const { reader, store, person, school } = this.#parts;
    const opened = await CourierFile.open(bytesOf(file.stream()));
    const header: CourierHeader = opened.header;
    if (header.school !== school) throw new CourierProblem('other-school', `The file is of the school ${header.school}`);
    const { place, signer } = await senderOf(header, await placesOf(reader));
    const key: OpeningKey = await openingKeyOf(store, person().id);
    return { place, lines: opened.lines({ signer, keys: [key] }) };
  }

  /** What somebody of one of the person's classes is called. */
  async #nameOf(accountId: string): Promise<string | null> {
    const { reader, person } = this.#parts;
    const { learns, teaches } = person();
    for (const classId of [...learns, ...teaches]) {
      const member = await reader.one(`class-${classId}:member:${accountId}`, 'member');
      if (member !== null) return member.displayName;
    }
    return null;
  }
}

/** Lesson events only repeat, one by one, what progress tells as a whole: people are told of what `unsentCount` counts. */
const isPiece = (id: string): boolean => parseDocId(id)?.type !== 'lesson-event';
const fileName = (what: string, madeAt: string): string => `darasa-${what}-${madeAt.slice(0, 16).replace(/[T:]/g, '-')}${COURIER_ENDING}`;

async function all<Piece>(pieces: AsyncIterable<Piece>): Promise<Piece[]> {
  const list: Piece[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}

function problemFrom(text: string): CourierProblemId | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = v.safeParse(apiErrorSchema, json);
  const id = parsed.success && parsed.output.error.id.startsWith(COURIER_ERROR) ? parsed.output.error.id.slice(COURIER_ERROR.length) : null;
  return COURIER_PROBLEMS.find((problem) => problem === id) ?? null;
}
