// Calendar months, "2026-03". Pure.
import { i18n } from '@lingui/core';
import { dateFormat } from './intl';

export const monthOf = (date: string) => date.slice(0, 7);

export function addMonths(month: string, n: number) {
  const all = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + n;
  return `${String(Math.floor(all / 12)).padStart(4, '0')}-${String((all % 12) + 1).padStart(2, '0')}`;
}

export function isMonth(text: string | undefined): text is string {
  return !!text && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

/** "March 2026", inside a sentence: Spanish writes it small. */
export function monthIn(month: string) {
  return dateFormat(i18n.locale === 'es' ? 'es' : 'en-US', {
    timeZone: 'UTC',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${month}-15T12:00:00Z`));
}
/** The same at the beginning of a line. */
export function monthWords(month: string) {
  const words = monthIn(month);
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
