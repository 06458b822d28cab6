import { describe, expect, it } from 'vitest';
import { addMonths, clockText, isMonth, ranMinutes } from './month';

describe('months', () => {
  it('go over the turn of the year in both directions', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addMonths('2026-03', -15)).toBe('2024-12');
  });
  it('are told from other words of an address', () => {
    expect(isMonth('2026-03')).toBe(true);
    for (const text of ['2026-13', '2026-3', '', undefined, 'march']) expect(isMonth(text)).toBe(false);
  });
});

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
