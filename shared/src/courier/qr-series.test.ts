import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bytes } from './bytes.ts';
import { MAX_FRAMES, QrSeriesReader, qrFrames } from './qr-series.ts';

const file = fc.uint8Array({ minLength: 1, maxLength: 4_000 }).map((bytes): Bytes => new Uint8Array(bytes));

async function read(frames: readonly string[], reader = new QrSeriesReader()): Promise<Bytes | null> {
  for (const frame of frames) {
    const whole = await reader.add(frame);
    if (whole !== null) return whole;
  }
  return null;
}

it('brings a file whatever the order of its frames, and however often each is seen (CQ1)', async () => {
  await fc.assert(
    fc.asyncProperty(file, fc.infiniteStream(fc.nat()), async (bytes, chance) => {
      const frames = (await qrFrames(bytes)) ?? [];
      const shown = [...frames, ...frames].map((frame) => [chance.next().value ?? 0, frame] as const).sort(([a], [b]) => a - b);
      expect(await read(shown.map(([, frame]) => frame))).toEqual(bytes);
      // Nothing but what an alphanumeric code can hold.
      for (const frame of frames) expect(frame).toMatch(/^[0-9A-Z $%*+\-./:]+$/);
    }),
  );
});

it('brings nothing while a frame is missing, and goes on where it was (CQ1)', async () => {
  const bytes: Bytes = Uint8Array.from({ length: 2_000 }, (_, at) => at % 251);
  const frames = (await qrFrames(bytes)) ?? [];
  const reader = new QrSeriesReader();
  expect(await read(frames.slice(1), reader)).toBeNull();
  expect(reader.progress).toEqual({ seen: frames.length - 1, of: frames.length });
  expect(await read(frames.slice(0, 1), reader)).toEqual(bytes);
});

it('passes over what is no frame, and begins anew with another series (CQ2)', async () => {
  const [one, other] = [Uint8Array.from({ length: 900 }, () => 1), Uint8Array.from({ length: 900 }, () => 2)];
  const [ofOne, ofOther] = [(await qrFrames(one)) ?? [], (await qrFrames(other)) ?? []];
  const reader = new QrSeriesReader();
  const forged = `${ofOne[0]?.slice(0, 20)}/9/9/AAA`;
  expect(await read(['', 'https://school.example', 'DARASA1/1/1/1/A', forged, ...ofOne.slice(1)], reader)).toBeNull();
  expect(await read(ofOther, reader)).toEqual(other);
});

it('is for small files alone (CQ1)', async () => {
  expect(await qrFrames(new Uint8Array(MAX_FRAMES * 320))).toHaveLength(MAX_FRAMES);
  expect(await qrFrames(new Uint8Array(MAX_FRAMES * 320 + 1))).toBeNull();
});
