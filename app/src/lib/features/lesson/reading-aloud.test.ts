import { expect, test, vi } from 'vitest';
import type { SpeechEnd } from '$lib/platform/speech.ts';
import { type Passage, ReadingAloud } from './reading-aloud.svelte.ts';

/** A voice that reads Swahili and Arabic, and ends a text when the test says so. */
function reader() {
  const heard: string[] = [];
  let end: (how: SpeechEnd) => void = () => undefined;
  const failed = vi.fn();
  const reading = new ReadingAloud(
    {
      can: (language) => ['sw', 'ar'].includes(language),
      speak: (text, language, ended) => {
        heard.push(`${language}: ${text}`);
        end = ended;
        return () => ended('stopped');
      },
    },
    failed,
  );
  return { reading, heard, failed, ends: (how: SpeechEnd = 'read') => end(how) };
}

const passages: Passage[] = [
  { text: 'moja', language: 'sw' },
  { text: 'two', language: 'en' },
  { text: 'ثلاثة', language: 'ar' },
];

test('passages are read in order, each in its language; one without a voice is left out', () => {
  const { reading, heard, ends } = reader();
  reading.start(passages);
  ends();
  expect([reading.state, heard]).toEqual(['reading', ['sw: moja', 'ar: ثلاثة']]);
  ends();
  expect(reading.state).toBe('silent');
});

test('after a pause the passage is read again from its beginning', () => {
  const { reading, heard, ends } = reader();
  const mark = vi.fn();
  reading.start([{ text: 'moja', language: 'sw', mark }, ...passages.slice(2)]);
  reading.pause();
  expect([reading.state, mark.mock.calls]).toEqual(['paused', [[true], [false]]]);
  reading.resume();
  ends();
  expect(heard).toEqual(['sw: moja', 'sw: moja', 'ar: ثلاثة']);
});

test('a stop, by the person or by another text that is read, goes no further', () => {
  for (const stop of ['person', 'another'] as const) {
    const { reading, heard, ends, failed } = reader();
    reading.start(passages);
    if (stop === 'person') reading.stop();
    else ends('stopped');
    expect([reading.state, heard]).toEqual(['silent', ['sw: moja']]);
    expect(failed).not.toHaveBeenCalled();
  }
});

test('a voice that fails ends the reading and is told', () => {
  const { reading, heard, ends, failed } = reader();
  reading.start(passages);
  ends('failed');
  expect([reading.state, heard]).toEqual(['silent', ['sw: moja']]);
  expect(failed).toHaveBeenCalledOnce();
});
