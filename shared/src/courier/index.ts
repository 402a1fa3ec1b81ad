export type { Bytes } from './bytes.ts';
export { CHUNK_BYTES, type Sign } from './chunks.ts';
export { COURIER_PROBLEMS, CourierProblem, type CourierProblemId } from './courier-problem.ts';
export type { OpeningKey, Recipient } from './envelope.ts';
export {
  COURIER_ENDING,
  COURIER_TYPE,
  COURIER_VERSION,
  type CourierHeader,
  type CourierSender,
  courierHeaderSchema,
} from './header.ts';
export { type CourierLine, documentLines, type TakenLeaves } from './lines.ts';
export { MAX_FRAMES, QrSeriesReader, qrFrames } from './qr-series.ts';
export { COURIER_LIMITS, CourierFile, type CourierLimits, type CourierReader } from './read-courier.ts';
export { bytesOf, streamOf } from './streams.ts';
export { type CourierContent, writeCourier } from './write-courier.ts';
