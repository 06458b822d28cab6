import { describe, expect, it } from 'vitest';
import { clockText, ranMinutes } from './clock';

describe('the clock', () => {
  it('counts whole minutes and never goes below zero when two clocks differ', () => {
    const start = '2026-03-03T10:00:00Z';
    expect(ranMinutes(start, Date.parse('2026-03-03T10:24:59Z'))).toBe(24);
    expect(ranMinutes(start, Date.parse('2026-03-03T09:59:00Z'))).toBe(0);
  });
  it('reads like a clock', () => {
    expect(clockText(725)).toBe('12:05');
    expect(clockText(-3)).toBe('0:00');
  });
});
