import { describe, expect, it } from 'vitest';
import { wholePercent } from './figures';
import { fresh, noMonths, runModel } from './model';
import type { FigurePage, SeriesPoint } from './queries';
import { askedWords, readReportSearch } from './search';
import { monthsBetween, signalWords } from './signals';
import { readChanges, writeChanges } from './what_if_changes';

const month = (id: string, change: Partial<SeriesPoint> = {}): SeriesPoint => ({
  period: { from: `${id}-01`, to: `${id}-28` },
  month: id,
  suppressed: false,
  numerator: 20,
  denominator: 40,
  percent: 50,
  value: null,
  lower: null,
  upper: null,
  ...change,
});
const page = (series: SeriesPoint[], kind = 'rate') =>
  ({
    figure: {
      id: 'response_of_enrolled',
      name: 'Response',
      kind,
      unit: kind === 'rate' ? 'percent' : 'patients',
    },
    series,
    run_chart: {
      median: 50,
      signals: [
        { kind: 'shift', direction: 'up', from: '2026-01', to: '2026-06', points: 6 },
        { kind: 'trend', direction: 'down', from: '2025-01', to: '2025-05', points: 5 },
      ],
      rule_set: 'run-charts-2026',
      rule_set_version: '1',
      enough_points: true,
    },
  }) as unknown as FigurePage;

describe('what a chart is given', () => {
  it('a hidden month has no number at all', () => {
    const [point] = runModel(page([month('2026-06', { suppressed: true })])).points;
    expect(point).toMatchObject({ value: null, numerator: null, denominator: null, suppressed: true });
  });
  it('a count has no denominator under it', () => {
    const [point] = runModel(page([month('2026-06', { value: 40, percent: null })], 'count')).points;
    expect(point).toMatchObject({ value: 40, denominator: null });
  });
  it('when no month may be told there is no chart; a month without anybody is nothing to hide', () => {
    const hidden = month('2026-05', { suppressed: true, numerator: null, denominator: null, percent: null });
    const empty = month('2026-06', { numerator: 0, denominator: 0, percent: null });
    expect(noMonths([hidden, empty])).toBe(true);
    expect(noMonths([hidden, month('2026-06')])).toBe(false);
    expect(noMonths([empty])).toBe(false);
  });
  it('January carries the year', () => {
    expect(runModel(page([month('2025-12'), month('2026-01')])).points.map((one) => one.tick)).toEqual([
      'Dec',
      '2026',
    ]);
  });
  it('of twelve months only their own signals are told, cut at the edge', () => {
    const series = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06'].map((id) => month(id));
    expect(runModel(page(series)).signals.map((one) => [one.from, one.to])).toEqual([['2026-02', '2026-06']]);
  });
  it('news is what still goes on or just ended', () => {
    expect(fresh(page([month('2026-07')]), 2).map((one) => one.kind)).toEqual(['shift']);
    expect(fresh(page([month('2026-09')]), 2)).toEqual([]);
  });
});

describe('words and addresses', () => {
  it('a signal says how long and when', () => {
    expect(signalWords({ kind: 'shift', direction: 'up', from: '2026-01', to: '2026-06', points: 6 })).toBe(
      '6 months in a row above the median, January to June 2026',
    );
    expect(monthsBetween('2025-11', '2026-02')).toBe(4);
  });
  it('a whole percent is rounded once, half up, from the ratio', () => {
    expect(wholePercent(1, 200)).toBe(1);
    expect(wholePercent(83, 200)).toBe(42);
    expect(wholePercent(4146, 10_000)).toBe(41);
    expect(wholePercent(0, 7)).toBe(0);
  });
  it('an address keeps only what a report can be asked', () => {
    const search = readReportSearch({
      period: 'week',
      at: '2026-13',
      sex: 'female',
      standing: 'all',
      published: '2',
      name: 'x',
    });
    expect(askedWords(search)).toBe('published=2&sex=female');
  });
  it('changed numbers survive the address', () => {
    const changes = [
      { id: 'review.nonresponse.from_days', value: 42 },
      { id: 'plan.adjust.days', value: 56 },
    ];
    expect(readChanges(writeChanges(changes))).toEqual(changes);
    expect(readChanges('nonsense;a=b;=3')).toEqual([]);
  });
});
