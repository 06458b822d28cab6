// Care dates are "YYYY-MM-DD" at the site, instants are UTC. Nothing here asks the clock: today is given.
import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { dateFormat } from './intl';

export type DateText = string;

const DAY = 86_400_000;
const noon = (date: DateText) => new Date(`${date}T12:00:00Z`);

export function daysBetween(from: DateText, to: DateText) {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / DAY);
}
export function addDays(date: DateText, days: number): DateText {
  return new Date(noon(date).getTime() + days * DAY).toISOString().slice(0, 10);
}
export function dateOf(instant: string, zone?: string): DateText {
  return dateFormat('en-CA', { timeZone: zone ?? 'UTC' }).format(new Date(instant));
}

function part(date: DateText, options: Intl.DateTimeFormatOptions) {
  const locale = i18n.locale === 'es' ? 'es' : 'en-US';
  return dateFormat(locale, { timeZone: 'UTC', ...options })
    .format(noon(date))
    .replace('.', '');
}

/** "Tue 3 Mar"; with the year when it is more than ten months away. */
export function shortDate(date: DateText, today: DateText) {
  const day = Number(date.slice(8));
  const month = part(date, { month: 'short' });
  if (Math.abs(daysBetween(date, today)) > 300) return `${day} ${month} ${date.slice(0, 4)}`;
  return `${part(date, { weekday: 'short' })} ${day} ${month}`;
}
/** "Tuesday 3 March" */
export function dayAndMonth(date: DateText) {
  const day = Number(date.slice(8));
  return i18n.locale === 'es'
    ? `${part(date, { weekday: 'long' })} ${day} de ${part(date, { month: 'long' })}`
    : `${part(date, { weekday: 'long' })} ${day} ${part(date, { month: 'long' })}`;
}
/** "Tuesday 3 March 2026" */
export function fullDate(date: DateText) {
  return i18n.locale === 'es'
    ? `${dayAndMonth(date)} de ${date.slice(0, 4)}`
    : `${dayAndMonth(date)} ${date.slice(0, 4)}`;
}
/** "3 Mar 1991", for birth dates. */
export function plainDate(date: DateText) {
  return `${Number(date.slice(8))} ${part(date, { month: 'short' })} ${date.slice(0, 4)}`;
}

export function timeOf(instant: string, zone?: string) {
  const locale = i18n.locale === 'es' ? 'es' : 'en-GB';
  return dateFormat(locale, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(instant));
}

export function ageOn(birth: DateText, today: DateText) {
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** "today", "tomorrow", "in 5 days", "overdue 9 days" */
export function dueWords(due: DateText, today: DateText) {
  const days = daysBetween(today, due);
  if (days === 0) return t`today`;
  if (days === 1) return t`tomorrow`;
  if (days > 0) return plural(days, { one: 'in # day', other: 'in # days' });
  return plural(-days, { one: 'overdue # day', other: 'overdue # days' });
}
/** The same for a narrow column: "overdue 5 d", "in 3 d" */
export function dueShort(due: DateText, today: DateText) {
  const days = daysBetween(today, due);
  if (days === 0 || days === 1) return dueWords(due, today);
  const size = Math.abs(days);
  return days > 0 ? t`in ${size} d` : t`overdue ${size} d`;
}
/** "today", "yesterday", "9 days ago", "7 weeks ago" */
export function agoWords(date: DateText, today: DateText) {
  const days = daysBetween(date, today);
  if (days <= 0) return t`today`;
  if (days === 1) return t`yesterday`;
  if (days < 28) return plural(days, { one: '# day ago', other: '# days ago' });
  return plural(Math.floor(days / 7), { one: '# week ago', other: '# weeks ago' });
}
export function agoShort(date: DateText, today: DateText) {
  const days = daysBetween(date, today);
  if (days <= 1) return agoWords(date, today);
  const weeks = Math.floor(days / 7);
  return days < 14 ? t`${days} d ago` : t`${weeks} wk ago`;
}
export function weeksShort(weeks: number) {
  return t`${weeks} wk`;
}
export function weeksWords(weeks: number) {
  return plural(weeks, { one: '# week', other: '# weeks' });
}
/** "1 h 40 left", "25 min late" */
export function clockWords(due: string, now: Date) {
  const minutes = Math.round((new Date(due).getTime() - now.getTime()) / 60_000);
  const size = Math.abs(minutes);
  const h = Math.floor(size / 60);
  const m = size % 60;
  const days = Math.floor(h / 24);
  const words =
    days > 1 ? plural(days, { one: '# day', other: '# days' }) : h > 0 ? t`${h} h ${m} min` : t`${m} min`;
  return minutes >= 0 ? t`${words} left` : t`${words} late`;
}
