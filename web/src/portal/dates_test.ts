import { beforeEach, describe, expect, it } from 'vitest';
import { clockTime, dayWords, longDate, momentWords, plainDate } from './dates';
import { speak } from './test_words';

const today = '2026-03-03';

describe('days and times a patient reads', () => {
  beforeEach(() => speak('en'));

  it('near days have a name of their own', () => {
    expect(dayWords('2026-03-03', today)).toBe('today');
    expect(dayWords('2026-03-04', today)).toBe('tomorrow');
    expect(dayWords('2026-03-02', today)).toBe('yesterday');
    expect(dayWords('2026-03-10', today)).toBe('Tuesday 10 March');
  });
  it('the year is said only when it is another one, or far away', () => {
    expect(plainDate('2026-02-12', today)).toBe('12 February');
    expect(plainDate('2025-12-12', today)).toBe('12 December 2025');
    expect(longDate('2024-03-05', today)).toBe('Tuesday 5 March 2024');
  });
  it('times are those of the clinic, whatever the phone says', () => {
    expect(momentWords('2026-03-03T03:30:00Z', today, 'America/New_York').replace(/\s/g, ' ')).toBe(
      'yesterday, 10:30 PM',
    );
    expect(clockTime(14 * 60 + 5).replace(/\s/g, ' ')).toBe('2:05 PM');
  });
  it('are Spanish on a Spanish page', () => {
    speak('es');
    expect(dayWords('2026-03-10', today)).toBe('martes 10 de marzo');
  });
});
