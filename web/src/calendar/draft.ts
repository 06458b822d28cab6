// A site's calendar as it is edited. Pure. Weekdays: 0 is Sunday, as the server counts.
import { i18n } from '@lingui/core';
import type { SiteCalendar } from '../api/types';

export interface WeekDay {
  open: boolean;
  opens: string;
  closes: string;
}
export interface DayDraft extends WeekDay {
  date: string;
  name: string;
}
export interface CalendarDraft {
  week: WeekDay[];
  holidays: 'us_federal' | 'none';
  special: DayDraft[];
}

/** Monday first. */
export const weekOrder = [1, 2, 3, 4, 5, 6, 0];

export function weekdayName(day: number) {
  // 4 January 1970 was a Sunday.
  const name = new Intl.DateTimeFormat(i18n.locale === 'es' ? 'es' : 'en-US', {
    timeZone: 'UTC',
    weekday: 'long',
  }).format(new Date(Date.UTC(1970, 0, 4 + day)));
  return name.charAt(0).toLocaleUpperCase() + name.slice(1);
}

export function calendarDraft(
  calendar: Pick<SiteCalendar, 'week' | 'holidays' | 'special_days'>,
): CalendarDraft {
  return {
    week: Array.from({ length: 7 }, (_, day) => {
      const hours = calendar.week[day];
      return { open: !!hours, opens: hours?.opens ?? '08:00', closes: hours?.closes ?? '17:00' };
    }),
    holidays: calendar.holidays,
    special: calendar.special_days.map((day) => ({
      date: day.date,
      name: day.name,
      open: !!day.opens,
      opens: day.opens ?? '08:00',
      closes: day.closes ?? '12:00',
    })),
  };
}

export function calendarBody(draft: CalendarDraft) {
  return {
    week: draft.week.map((day) => (day.open ? { opens: day.opens, closes: day.closes } : null)),
    holidays: draft.holidays,
    special_days: [...draft.special]
      .sort((a, b) => a.date.localeCompare(b.date))
      .map((day) => ({
        date: day.date,
        name: day.name.trim(),
        opens: day.open ? day.opens : null,
        closes: day.open ? day.closes : null,
      })),
  };
}
