import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

describe('places for so many at once', () => {
  it('go to each name for itself, and come free again', async () => {
    const slots = new Slots(1, 0);
    const first = await slots.enter('ada');
    expect(await slots.enter('ada')).toBeNull();
    expect(await slots.enter('ben')).not.toBeNull();
    first?.();
    first?.();
    expect(await slots.enter('ada')).not.toBeNull();
    expect(await slots.enter('ada')).toBeNull();
  });

  it('are waited for in order, by so many and no more', async () => {
    const slots = new Slots(1, 2);
    const first = await slots.enter('ada');
    const order: string[] = [];
    const waiting = ['second', 'third'].map(async (who) => {
      const leave = await slots.enter('ada');
      order.push(who);
      leave?.();
    });
    expect(await slots.enter('ada')).toBeNull();
    expect(order).toEqual([]);
    first?.();
    await Promise.all(waiting);
    expect(order).toEqual(['second', 'third']);
  });
});
