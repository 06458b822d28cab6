// The server's rows -> what a run chart draws. Pure.
import { i18n } from '@lingui/core';
import { dateFormat } from '../ui/intl';
import { monthOf, monthWords } from '../ui/months';
import type { Annotation, FigurePage } from './queries';
import type { RunModel, RunPoint } from './run_chart';
import { monthsBetween, signalWords } from './signals';

/** "Mar"; January carries the year instead. */
function tick(month: string) {
  if (month.endsWith('-01')) return month.slice(0, 4);
  const words = dateFormat(i18n.locale === 'es' ? 'es' : 'en-US', {
    timeZone: 'UTC',
    month: 'short',
  }).format(new Date(`${month}-15T12:00:00Z`));
  return words.replace('.', '');
}

type Page = Pick<FigurePage, 'figure' | 'series' | 'run_chart'> & { annotations?: Annotation[] };

/** `months`: only the last ones are drawn; a signal that began before begins at the edge. */
export function runModel(page: Page, months?: number): RunModel {
  const series = months ? page.series.slice(-months) : page.series;
  const share = page.figure.kind === 'rate' || page.figure.kind === 'funnel';
  const points = series.map((row): RunPoint => {
    const month = monthOf(row.month);
    return {
      id: month,
      tick: tick(month),
      year: month.endsWith('-01'),
      name: monthWords(month),
      value: row.suppressed ? null : ((share ? row.percent : row.value) ?? null),
      numerator: share && !row.suppressed ? row.numerator : null,
      denominator: row.suppressed || page.figure.kind === 'count' ? null : row.denominator,
      suppressed: row.suppressed,
      lower: row.lower,
      upper: row.upper,
    };
  });
  const first = points[0]?.id ?? '';
  const last = points.at(-1)?.id ?? '';
  const signals = page.run_chart.signals
    .filter((signal) => monthOf(signal.to) >= first)
    .map((signal) => ({
      words: signalWords(signal),
      from: monthOf(signal.from) < first ? first : monthOf(signal.from),
      to: monthOf(signal.to),
    }));
  const notes = (page.annotations ?? [])
    .filter((note) => !note.ended_at && monthOf(note.date) >= first && monthOf(note.date) <= last)
    .map((note) => ({ id: note.id, at: monthOf(note.date), text: note.text }));
  return {
    name: page.figure.name,
    unit: share ? 'percent' : page.figure.unit,
    points,
    median: page.run_chart.median,
    signals,
    notes,
  };
}

/** Nothing of any month may be told. */
export const noMonths = (series: FigurePage['series']) =>
  series.some((row) => row.suppressed) && series.every((row) => row.suppressed || !row.denominator);

/** Signals that are still going on, or ended at most `months` ago: what changed lately. */
export function fresh(page: Page, months = 2) {
  const last = page.series.at(-1)?.month;
  if (!last) return [];
  return page.run_chart.signals.filter((signal) => monthsBetween(signal.to, last) <= months);
}
