// A figure in words: "42%", "38 of 90", "no patients", "not shown". Never a zero where nobody was counted.
import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { numberFormat } from '../ui/intl';
import type { Figure } from './queries';

export type Unit = Figure['unit'];

export interface Counted {
  numerator?: number | null;
  denominator?: number | null;
  suppressed?: boolean;
}
export interface Valued extends Counted {
  value?: number | null;
  percent?: number | null;
  unit: string;
}

const locale = () => (i18n.locale === 'es' ? 'es-US' : 'en-US');
export const number = (value: number, digits = 0) =>
  numberFormat(locale(), { minimumFractionDigits: 0, maximumFractionDigits: digits }).format(value);
/** "Race, Sex, and Age" */
export const listed = (words: string[]) =>
  new Intl.ListFormat(locale(), { type: 'conjunction' }).format(words);
export const percentText = (value: number, digits = 1) =>
  numberFormat(locale(), {
    style: 'percent',
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  }).format(value / 100);
export const money = (value: number, digits = 0) =>
  numberFormat(locale(), {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);

/** "42.2%", "12 days", "$1,737"; short for an axis: "12". */
export function amount(value: number, unit: string, digits = 1, form: 'full' | 'short' = 'full'): string {
  const size = number(value, digits);
  switch (unit) {
    case 'percent':
      return percentText(value, digits);
    case 'usd':
      return money(value, form === 'short' || Math.abs(value) >= 100 ? 0 : 2);
    case 'days':
      return form === 'short' ? size : plural(value, { one: `${size} day`, other: `${size} days` });
    case 'weeks':
      return form === 'short' ? size : plural(value, { one: `${size} week`, other: `${size} weeks` });
    case 'hours':
      return form === 'short' ? size : plural(value, { one: `${size} hour`, other: `${size} hours` });
    case 'minutes':
      return form === 'short' ? size : t`${size} min`;
    case 'patients':
      return form === 'short' ? size : plural(value, { one: `${size} patient`, other: `${size} patients` });
    case 'points':
      return form === 'short' ? size : plural(value, { one: `${size} point`, other: `${size} points` });
    case 'contacts':
      return form === 'short' ? size : plural(value, { one: `${size} contact`, other: `${size} contacts` });
    case 'points per week':
      return form === 'short' ? size : t`${size} points a week`;
    case 'patients per FTE':
      return form === 'short' ? size : t`${size} patients each`;
    case 'patients per hour':
      return form === 'short' ? size : t`${size} an hour`;
    case 'ratio':
      return money(value, 2);
    default:
      return size;
  }
}

/** The whole percent of an exact ratio, half up: never a rounding of a rounding. */
export const wholePercent = (numerator: number, denominator: number) =>
  Math.floor((200 * numerator + denominator) / (2 * denominator));

/** "42.2%", "12 days", "no patients", "not shown" */
export function valueWords(figure: Valued, digits = 1): string {
  if (figure.suppressed) return t`not shown`;
  const value = figure.percent ?? figure.value;
  if (value === null || value === undefined) return t`no patients`;
  return amount(value, figure.unit, digits);
}
/** "38 of 90"; nothing where there is nobody or nothing may be said. */
export function countWords(figure: Counted): string {
  if (figure.suppressed || !figure.denominator) return '';
  const of = number(figure.denominator);
  if (figure.numerator === null || figure.numerator === undefined)
    return plural(figure.denominator, { one: `${of} patient`, other: `${of} patients` });
  return t`${number(figure.numerator)} of ${of}`;
}
