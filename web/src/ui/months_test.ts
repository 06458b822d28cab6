import { describe, expect, it } from 'vitest';
import { addMonths, isMonth } from './months';

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
