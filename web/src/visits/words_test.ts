import { describe, expect, it } from 'vitest';
import { weekOf } from './week';
import { answerWords, clock, minuteOf } from './words';

describe('visits', () => {
  it('tell the minute of the day as a clock does, and back', () => {
    expect(clock(545)).toBe('09:05');
    expect(clock(0)).toBe('00:00');
    expect(minuteOf('09:05')).toBe(545);
    expect(minuteOf('')).toBeNull();
    expect(minuteOf('soon')).toBeNull();
  });
  it('of a week begin on its Monday, on a Sunday too', () => {
    expect(weekOf('2026-03-02')).toBe('2026-03-02');
    expect(weekOf('2026-03-05')).toBe('2026-03-02');
    expect(weekOf('2026-03-08')).toBe('2026-03-02');
  });
  it('quote what the patient asks for', () => {
    expect(
      answerWords({
        answer: 'change_asked',
        answer_words: 'I work that day',
        answered_by: 'patient',
        state: 'booked',
      }),
    ).toBe('the patient asks for another time: “I work that day”');
    expect(answerWords({ answer: 'none', state: 'booked' })).toBe('');
  });
});
