import { describe, expect, it } from 'vitest';
import { calendarBody, calendarDraft } from './draft';

const calendar = {
  week: [
    null,
    { opens: '08:00', closes: '17:00' },
    null,
    null,
    null,
    { opens: '08:00', closes: '12:00' },
    null,
  ],
  holidays: 'us_federal' as const,
  special_days: [
    { date: '2026-12-24', name: 'Half day', opens: '08:00', closes: '12:00' },
    { date: '2026-07-03', name: 'Bridge day', opens: null, closes: null },
  ],
};

describe('the calendar as it is edited', () => {
  it('comes back as it was when nothing is changed, days in order', () => {
    const body = calendarBody(calendarDraft(calendar));
    expect(body.week).toEqual(calendar.week);
    expect(body.special_days.map((day) => day.date)).toEqual(['2026-07-03', '2026-12-24']);
    expect(body.special_days[0]).toEqual({
      date: '2026-07-03',
      name: 'Bridge day',
      opens: null,
      closes: null,
    });
  });
  it('keeps the hours of a day that is closed for now, and sends none', () => {
    const draft = calendarDraft(calendar);
    draft.week[1] = { ...draft.week[1]!, open: false };
    expect(draft.week[1].opens).toBe('08:00');
    expect(calendarBody(draft).week[1]).toBeNull();
  });
});
