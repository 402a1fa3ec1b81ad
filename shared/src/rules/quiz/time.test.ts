import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedMs, beginTime, type ClockReading, denyBreak, keepTime, type TimeKept, timeLeft } from './time.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T08:00:00.000Z');
const YEAR = 365 * 24 * 60 * MINUTE;

/** A device: time passes on all its clocks, unless something is done to one of them. */
class Device {
  #now = 0;
  #wallOff = 0;
  #monoFrom = 0;
  #session = 1;
  school: boolean;
  constructor(school = false) {
    this.school = school;
  }
  pass(ms: number): this {
    this.#now += ms;
    return this;
  }
  setClock(by: number): this {
    this.#wallOff += by;
    return this;
  }
  restart(): this {
    this.#session += 1;
    this.#monoFrom = this.#now;
    return this;
  }
  get reading(): ClockReading {
    return {
      wall: START + this.#now + this.#wallOff,
      mono: this.#now - this.#monoFrom,
      session: `s${this.#session}`,
      school: this.school ? START + this.#now : null,
    };
  }
}

const whats = (kept: TimeKept): string[] => kept.doubts.map(({ what }) => what);

describe('the time of an attempt', () => {
  it('is what passed while the app was open, whatever is done to the clock', () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 10 * MINUTE }), fc.integer({ min: -YEAR, max: YEAR }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const device = new Device();
        let kept = beginTime(device.reading);
        for (const [ms, change] of steps) kept = keepTime(kept, device.pass(ms).setClock(change).reading, 'all');
        expect(kept.spent).toBe(steps.reduce((sum, [ms]) => sum + ms, 0));
      }),
    );
  });

  it('never goes back, and what is in sections adds up to it, while nothing but the device tells', () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: MINUTE }),
      change: fc.integer({ min: -YEAR, max: YEAR }),
      restart: fc.boolean(),
      section: fc.constantFrom('a', 'b'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const device = new Device();
        let kept = beginTime(device.reading);
        for (const { ms, change, restart, section } of steps) {
          const before = kept.spent;
          device.pass(ms).setClock(change);
          if (restart) device.restart();
          kept = keepTime(kept, device.reading, section);
          expect(kept.spent).toBeGreaterThanOrEqual(before);
          expect(Object.values(kept.sections).reduce((sum, each) => sum + each, 0)).toBe(kept.spent);
        }
      }),
    );
  });

  it('goes on while the app is closed, by the clock on the wall', () => {
    const device = new Device();
    const kept = keepTime(beginTime(device.reading), device.pass(3 * MINUTE).restart().reading, 'all');
    expect(kept.spent).toBe(3 * MINUTE);
    expect(whats(kept)).toEqual(['closed']);
  });

  it('takes nothing for a clock that was put back while the app was closed, and says so', () => {
    const device = new Device();
    const kept = keepTime(beginTime(device.reading), device.pass(MINUTE).setClock(-YEAR).restart().reading, 'all');
    expect(kept.spent).toBe(0);
    expect(whats(kept)).toEqual(['clock-went-back']);
  });

  it('lets a learner deny a break that was a change of the clock, and says so', () => {
    const device = new Device();
    let kept = keepTime(beginTime(device.reading), device.pass(2 * MINUTE).reading, 'all');
    kept = keepTime(kept, device.setClock(YEAR).restart().reading, 'all');
    expect(timeLeft(kept, { quiz: 10 * MINUTE, section: null }, 'all').quiz).toBe(0);
    const denied = denyBreak(kept);
    expect(timeLeft(denied, { quiz: 10 * MINUTE, section: null }, 'all').quiz).toBe(8 * MINUTE);
    expect(whats(denied)).toEqual(['closed', 'break-denied']);
    expect(denyBreak(denied)).toEqual(denied);
  });

  it('is mended by the school’s clock, forward and back, as soon as it is heard again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * MINUTE }), fc.integer({ min: -YEAR, max: YEAR }), (closedFor, change) => {
        const device = new Device(true);
        let kept = keepTime(beginTime(device.reading), device.pass(MINUTE).reading, 'all');
        device.school = false;
        kept = keepTime(kept, device.pass(closedFor).setClock(change).restart().reading, 'all');
        device.school = true;
        kept = keepTime(kept, device.pass(MINUTE).reading, 'all');
        expect(kept.spent).toBe(2 * MINUTE + closedFor);
        expect(kept.sections).toEqual({ all: kept.spent });
        expect(kept.unproved).toBeNull();
      }),
    );
  });

  it('stays short, however often the app is closed, and keeps the first and the latest of what it noted', () => {
    const device = new Device();
    let kept = beginTime(device.reading);
    for (let i = 0; i < 100; i += 1) kept = keepTime(kept, device.pass(MINUTE).restart().reading, 'all');
    expect(kept.doubts).toHaveLength(40);
    expect(kept.doubts[0]?.at).toBe(MINUTE);
    expect(kept.doubts.at(-1)?.at).toBe(100 * MINUTE);
  });

  it('is limited for the quiz and for each section, with extra time on both', () => {
    expect(allowedMs(60, 0.5)).toBe(90_000);
    expect(allowedMs(null, 0.5)).toBeNull();
    const device = new Device();
    let kept = keepTime(beginTime(device.reading), device.pass(MINUTE).reading, 'a');
    kept = keepTime(kept, device.pass(2 * MINUTE).reading, 'b');
    const limits = { quiz: 10 * MINUTE, section: 90_000 };
    expect(timeLeft(kept, limits, 'a')).toEqual({ quiz: 7 * MINUTE, section: 30_000 });
    expect(timeLeft(kept, limits, 'b')).toEqual({ quiz: 7 * MINUTE, section: 0 });
    expect(timeLeft(kept, { quiz: null, section: null }, 'a')).toEqual({ quiz: null, section: null });
  });
});
