import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '$lib/client/index.ts';
import { AnswerSaver, type SaveAnswer } from './answer-saver.svelte.ts';

const single = (option: string): Answer => ({ kind: 'single', option });
const text = (words: string): Answer => ({ kind: 'short-text', text: words });

/** A device that commits when it is told to. */
function device(): { save: SaveAnswer; saved: [string, Answer | null][]; commit: (done?: boolean) => Promise<void> } {
  const saved: [string, Answer | null][] = [];
  const waiting: ((done: boolean) => void)[] = [];
  return {
    saved,
    save: (questionId, answer) => {
      saved.push([questionId, answer]);
      return new Promise((resolve) => waiting.push((done) => resolve({ done })));
    },
    commit: async (done = true) => {
      await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0));
      waiting.shift()?.(done);
    },
  };
}

describe('an answer that is given', () => {
  it('says saved only when the device has committed it', async () => {
    const { save, commit } = device();
    const saver = new AnswerSaver(save);
    expect(saver.state).toBe('idle');
    saver.give('q1', single('a'));
    expect([saver.state, saver.given]).toEqual(['saving', { q1: single('a') }]);
    const flushed = saver.flush();
    await commit();
    expect(await flushed).toBe(true);
    expect(saver.state).toBe('saved');
  });

  it('is committed after the one before it, and the newest last', async () => {
    const { save, saved, commit } = device();
    const saver = new AnswerSaver(save);
    saver.give('q1', single('a'));
    await vi.waitFor(() => expect(saved).toHaveLength(1));
    saver.give('q1', single('b'));
    expect(saved).toHaveLength(1);
    await commit();
    expect(saver.state).toBe('saving');
    await commit();
    expect(await saver.flush()).toBe(true);
    expect(saved).toEqual([
      ['q1', single('a')],
      ['q1', single('b')],
    ]);
  });

  it('stays waiting when it could not be saved, and goes with the next try', async () => {
    const { save, saved, commit } = device();
    const saver = new AnswerSaver(save);
    saver.give('q1', null);
    const first = saver.flush();
    await commit(false);
    await commit(false);
    expect(await first).toBe(false);
    expect(saver.state).toBe('failed');
    const again = saver.flush();
    await commit();
    expect(await again).toBe(true);
    expect([saver.state, saved.at(-1)]).toEqual(['saved', ['q1', null]]);
  });
});

describe('an answer that is typed', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('waits until the typing rests, and is committed once', async () => {
    const saved: (Answer | null)[] = [];
    const saver = new AnswerSaver(async (_, answer) => {
      saved.push(answer);
      return { done: true };
    });
    for (const words of ['m', 'ma', 'mango']) {
      saver.give('q1', text(words), true);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect([saved, saver.state]).toEqual([[], 'saving']);
    await vi.advanceTimersByTimeAsync(200);
    expect([saved, saver.state]).toEqual([[text('mango')], 'saved']);
  });

  it('is committed at once when the learner goes on', async () => {
    const saved: (Answer | null)[] = [];
    const saver = new AnswerSaver(async (_, answer) => {
      saved.push(answer);
      return { done: true };
    });
    saver.give('q1', text('mango'), true);
    expect(await saver.flush()).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saved).toEqual([text('mango')]);
  });
});
