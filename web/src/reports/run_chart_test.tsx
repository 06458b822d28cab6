import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { render } from '@testing-library/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { RunChart, type RunModel, RunTable, runDomain, runSentence, runs, tickStep } from './run_chart';

/** A small generator with a seed: the same series in every run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
function series(seed: number): RunModel {
  const next = numbers(seed);
  const percent = next(2) === 0;
  const points = Array.from({ length: next(30) }, (_, index) => {
    const kind = next(8);
    const denominator = kind === 0 ? 0 : 1 + next(400);
    const numerator = next(denominator + 1);
    const suppressed = kind === 1;
    const exact = percent
      ? Math.floor((numerator * 2000 + denominator) / (2 * denominator)) / 10
      : next(900) / 10;
    return {
      id: `2024-${index}`,
      tick: MONTHS[index % 12]!,
      year: index % 12 === 0,
      name: `${MONTHS[index % 12]} ${2024 + Math.floor(index / 12)}`,
      value: suppressed || denominator === 0 ? null : exact,
      numerator: suppressed ? null : percent ? numerator : null,
      denominator: suppressed ? null : denominator,
      suppressed,
    };
  });
  return {
    name: 'Response',
    unit: percent ? 'percent' : 'days',
    points,
    median: next(3) === 0 ? null : next(90),
    signals: [],
    notes: [],
  };
}
const page = (model: RunModel, compact = false) => (
  <I18nProvider i18n={i18n}>
    <RunChart model={model} compact={compact} />
    <RunTable model={model} />
  </I18nProvider>
);

describe('run chart', () => {
  it('says the same in its drawing and in its table, for 80 series', () => {
    const container = document.createElement('div');
    for (let seed = 1; seed <= 80; seed++) {
      container.innerHTML = renderToStaticMarkup(page(series(seed), seed % 2 === 0));
      const drawn = [...container.querySelectorAll('.run-point')].map(
        (one) => one.querySelector('title')!.textContent,
      );
      const listed = [...container.querySelectorAll('tbody tr')].reverse().map((row) => {
        const words = ['.run-value', '.run-counts'].map((cell) => row.querySelector(cell)?.textContent ?? '');
        return `${row.querySelector('th')!.textContent}: ${words.filter(Boolean).join(', ')}`;
      });
      expect(drawn).toEqual(listed);
    }
  }, 30_000);

  it('draws nothing over a gap and marks it', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const model = series(seed);
      const shown = model.points.filter((point) => point.value !== null).length;
      expect(runs(model.points).flat()).toHaveLength(shown);
      for (const run of runs(model.points))
        for (const [i, one] of run.entries()) if (i) expect(one.index).toBe(run[i - 1]!.index + 1);
      const container = document.createElement('div');
      container.innerHTML = renderToStaticMarkup(page(model));
      expect(container.querySelectorAll('.run-dot')).toHaveLength(shown);
      expect(container.querySelectorAll('.run-gap')).toHaveLength(model.points.length - shown);
    }
  });

  it('a suppressed month says so and gives no number away', () => {
    const model: RunModel = {
      name: 'Response',
      unit: 'percent',
      median: null,
      signals: [],
      notes: [],
      points: [
        {
          id: 'a',
          tick: 'Jan',
          name: 'January 2026',
          value: null,
          numerator: null,
          denominator: null,
          suppressed: true,
        },
        {
          id: 'b',
          tick: 'Feb',
          name: 'February 2026',
          value: null,
          numerator: 0,
          denominator: 0,
          suppressed: false,
        },
      ],
    };
    const { container } = render(page(model));
    const titles = [...container.querySelectorAll('.run-point title')].map((one) => one.textContent);
    expect(titles).toEqual(['January 2026: not shown', 'February 2026: no patients']);
  });

  it('has a name and a sentence for who cannot see it', () => {
    const model = {
      ...series(5),
      signals: [{ words: 'six months above the median', from: '2024-1', to: '2024-3' }],
    };
    const { getByRole } = render(page(model));
    const described = getByRole('img')
      .getAttribute('aria-labelledby')!
      .split(' ')
      .map((id) => document.getElementById(id)!.textContent);
    expect(described).toEqual(['Response', runSentence(model)]);
    expect(described[1]).toContain('six months above the median');
  });

  it('the axis begins at zero, holds every value and never passes 100 %', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const model = series(seed);
      const [low, high] = runDomain(model);
      expect(low).toBe(0);
      for (const point of model.points)
        if (point.value !== null) expect(point.value).toBeLessThanOrEqual(high);
      if (model.unit === 'percent') expect(high).toBeLessThanOrEqual(100);
    }
  });

  it('words under the axis never run into each other', () => {
    for (const room of [4, 9, 12, 18, 35, 60]) expect(tickStep(room, 34) * room).toBeGreaterThanOrEqual(34);
  });

  it('an empty series is said, not drawn', () => {
    const model: RunModel = {
      name: 'Response',
      unit: 'percent',
      points: [],
      median: null,
      signals: [],
      notes: [],
    };
    expect(runSentence(model)).toBe('Response: nothing yet.');
    expect(render(page(model)).container.querySelectorAll('.run-point')).toHaveLength(0);
  });
});
