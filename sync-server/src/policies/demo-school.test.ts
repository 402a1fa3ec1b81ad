import { describe, expect, it } from 'vitest';
import { hasDemoSchool } from './demo-school.ts';

describe('the demo school', () => {
  it('stands alone unless it is asked for', () => {
    const given = { demo: true, demoAsked: false, schools: [] };
    expect(hasDemoSchool(given)).toBe(true);
    expect(hasDemoSchool({ ...given, schools: [{ demo: true }] })).toBe(true);
    expect(hasDemoSchool({ ...given, schools: [{ demo: true }, { demo: false }] })).toBe(false);
    expect(hasDemoSchool({ ...given, demoAsked: true, schools: [{ demo: false }] })).toBe(true);
    expect(hasDemoSchool({ ...given, demo: false })).toBe(false);
  });
});
