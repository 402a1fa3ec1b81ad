import { describe, expect, it } from 'vitest';
import { isSameOrigin } from './same-origin.ts';

const origin = 'https://learn.example.org';
const from = (headers: Record<string, string>) => isSameOrigin(new Headers(headers), origin);

describe('a request made with a cookie', () => {
  it('comes from our own pages when the browser says so', () => {
    expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(from({ origin })).toBe(true);
  });

  it('comes from elsewhere in every other case', () => {
    expect(from({})).toBe(false);
    expect(from({ origin: 'null' })).toBe(false);
    expect(from({ origin: 'https://learn.example.org.evil.example' })).toBe(false);
    expect(from({ 'sec-fetch-site': 'same-site', origin })).toBe(false);
    expect(from({ 'sec-fetch-site': 'none', origin })).toBe(false);
  });
});
