// The sentence of a goal, as it grows; the server writes the one that counts.
import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { Day, GoalBody } from './types';

export const DAYS: Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** Monday is 5 January 2026. */
export function dayName(day: Day, long = true) {
  const date = new Date(Date.UTC(2026, 0, 5 + DAYS.indexOf(day), 12));
  return new Intl.DateTimeFormat(i18n.locale === 'es' ? 'es' : 'en', {
    timeZone: 'UTC',
    weekday: long ? 'long' : 'short',
  }).format(date);
}
export function daysWords(days: Day[]) {
  if (days.length === 7) return t`every day`;
  const names = DAYS.filter((day) => days.includes(day)).map((day) => dayName(day));
  return new Intl.ListFormat(i18n.locale === 'es' ? 'es' : 'en', { type: 'conjunction' }).format(names);
}

export const NEW_GOAL: GoalBody = {
  what: '',
  how_long: '',
  days: [],
  at: '',
  where_with: '',
  confidence: -1,
  obstacle: '',
  obstacle_plan: '',
};

const tidy = (text: string) => text.trim().replace(/[.\s]+$/, '');
export function sentence(goal: Pick<GoalBody, 'what' | 'how_long' | 'days' | 'at' | 'where_with'>) {
  const what = tidy(goal.what);
  let words = t`I will ${what}`;
  const long = tidy(goal.how_long);
  if (long) words = t`${words} for ${long}`;
  const place = tidy(goal.where_with);
  if (place) words = `${words} ${place}`;
  if (goal.days.length === 7) words = `${words} ${daysWords(goal.days)}`;
  else if (goal.days.length) {
    const days = daysWords(goal.days);
    words = t`${words} on ${days}`;
  }
  const at = tidy(goal.at);
  if (at) words = `${words}, ${at}`;
  return `${words}.`;
}
