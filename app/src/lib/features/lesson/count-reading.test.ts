import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { countReading, type ReadingClock } from './count-reading.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function page(): { clock: ReadingClock; show: (visible: boolean) => void; watched: () => boolean } {
  let tell: ((visible: boolean) => void) | null = null;
  return {
    clock: {
      now: () => Date.now(),
      watch: (show) => {
        tell = show;
        show(true);
        return () => {
          tell = null;
        };
      },
    },
    show: (visible) => tell?.(visible),
    watched: () => tell !== null,
  };
}

it('reports whole seconds and the farthest part now and then, and what is left at the end', () => {
  const { clock, watched } = page();
  const report = vi.fn();
  const reading = countReading(report, clock);
  reading.seen(0.4);
  reading.seen(0.2);
  vi.advanceTimersByTime(15_000);
  expect(report.mock.calls).toEqual([[{ seen: 0.4, seconds: 15 }]]);
  vi.advanceTimersByTime(2_600);
  reading.end();
  expect(report).toHaveBeenLastCalledWith({ seen: 0.4, seconds: 2 });
  expect(watched()).toBe(false);
  vi.advanceTimersByTime(60_000);
  expect(report).toHaveBeenCalledTimes(2);
});

it('counts no time while the page is hidden, and reports when it is', () => {
  const { clock, show } = page();
  const report = vi.fn();
  const reading = countReading(report, clock);
  vi.advanceTimersByTime(4_000);
  show(false);
  expect(report.mock.calls).toEqual([[{ seen: 0, seconds: 4 }]]);
  vi.advanceTimersByTime(600_000);
  show(true);
  vi.advanceTimersByTime(3_000);
  reading.end();
  expect(report).toHaveBeenLastCalledWith({ seen: 0, seconds: 3 });
});

it('keeps parts of a second for the next report, and reports nothing that adds nothing', () => {
  const { clock, show } = page();
  const report = vi.fn();
  const reading = countReading(report, clock);
  for (let visit = 0; visit < 4; visit += 1) {
    vi.advanceTimersByTime(400);
    show(false);
    show(true);
  }
  expect(report.mock.calls).toEqual([[{ seen: 0, seconds: 1 }]]);
  reading.seen(0.5);
  show(false);
  expect(report).toHaveBeenLastCalledWith({ seen: 0.5, seconds: 0 });
  reading.end();
  expect(report).toHaveBeenCalledTimes(2);
});
