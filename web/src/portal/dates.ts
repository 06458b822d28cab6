// Care dates are "YYYY-MM-DD" at the clinic, instants are UTC. Nothing here asks the clock: today is given.
import { t } from '@lingui/core/macro';
import { language } from './i18n';

export type DateText = string;

const DAY = 86_400_000;
const noon = (date: DateText) => new Date(`${date}T12:00:00Z`);
const locale = () => (language() === 'es' ? 'es-US' : 'en-US');
const tag = () => (language() === 'es' ? 'es' : 'en-GB');

export function daysBetween(from: DateText, to: DateText) {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / DAY);
}
export function addDays(date: DateText, days: number): DateText {
  return new Date(noon(date).getTime() + days * DAY).toISOString().slice(0, 10);
}
/** The day of an instant, at the clinic. */
export function dateOf(instant: string, zone?: string): DateText {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(instant));
}
/** "Tuesday 3 March"; with the year when it is more than ten months away from today. */
export function longDate(date: DateText, today?: DateText) {
  const far = today !== undefined && Math.abs(daysBetween(date, today)) > 300;
  return new Intl.DateTimeFormat(tag(), {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(far && { year: 'numeric' }),
  })
    .format(noon(date))
    .replace(/^(\S+?),/, '$1');
}
/** "3 March", "3 March 2025" */
export function plainDate(date: DateText, today?: DateText) {
  const far = today === undefined || date.slice(0, 4) !== today.slice(0, 4);
  return new Intl.DateTimeFormat(tag(), {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    ...(far && { year: 'numeric' }),
  }).format(noon(date));
}
export function monthShort(date: DateText) {
  return new Intl.DateTimeFormat(tag(), { timeZone: 'UTC', month: 'short' })
    .format(noon(date))
    .replace('.', '');
}
/** "2:30 PM" at the clinic */
export function timeOf(instant: string, zone?: string) {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone, hour: 'numeric', minute: '2-digit' }).format(
    new Date(instant),
  );
}
/** Minutes after midnight at the clinic, as a time of day. */
export function clockTime(minute: number) {
  return timeOf(new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(), 'UTC');
}
/** "today", "tomorrow", "yesterday" or the day. */
export function dayWords(date: DateText, today: DateText) {
  const days = daysBetween(today, date);
  if (days === 0) return t`today`;
  if (days === 1) return t`tomorrow`;
  if (days === -1) return t`yesterday`;
  return longDate(date, today);
}
/** "today, 2:30 PM", "Tuesday 3 March, 9:00 AM" */
export function momentWords(instant: string, today: DateText, zone?: string) {
  const day = dayWords(dateOf(instant, zone), today);
  const time = timeOf(instant, zone);
  return t`${day}, ${time}`;
}
export const capital = (words: string) => words.charAt(0).toLocaleUpperCase() + words.slice(1);
