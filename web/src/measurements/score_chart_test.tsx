import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { render } from '@testing-library/react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Measurement } from '../api/types';
import { addDays } from '../ui/dates';
import { chartSentence, lanes, ScoreChart, ScoreTable } from './score_chart';
import { chartModel } from './series';

const TODAY = '2026-03-03';
const words = { stopped: (name: string) => `${name} stopped`, review: 'review', contact: 'contact' };

/** A small generator with a seed: the same histories in every run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
function history(seed: number) {
  const next = numbers(seed);
  const measurements: Measurement[] = [];
  let date = addDays(TODAY, -400);
  for (let i = next(20); i >= 0; i--) {
    date = addDays(date, 1 + next(28));
    if (date > TODAY) break;
    const valid = next(10) > 0;
    measurements.push({
      id: `m${i}`,
      instrument: 'phq-9',
      mode: ['phone', 'in_person', 'link', 'video'][next(4)]!,
      administered_at: `${date}T15:00:00Z`,
      administered_date: date,
      total: valid ? next(28) : null,
      valid,
      safety: next(6) === 0 ? 'positive' : 'none',
      answers: [],
    });
  }
  return chartModel(
    {
      measurements,
      treatments: [],
      reviews: [],
      contacts: [],
      episode: {
        id: 'e',
        state: 'active',
        referred_date: addDays(TODAY, -380),
        enrolled_date: addDays(TODAY, -300),
        version: 1,
      },
    },
    'phq-9',
    TODAY,
    words,
  );
}
const page = (model: ReturnType<typeof history>) => (
  <I18nProvider i18n={i18n}>
    <ScoreChart model={model} today={TODAY} />
    <ScoreTable model={model} today={TODAY} />
  </I18nProvider>
);
const shown = (model: ReturnType<typeof history>) => render(page(model));

describe('score chart', () => {
  it('says the same in its drawing and in its table, for 300 histories', () => {
    const container = document.createElement('div');
    for (let seed = 1; seed <= 300; seed++) {
      container.innerHTML = renderToStaticMarkup(page(history(seed)));
      const drawn = [...container.querySelectorAll('.score-point')].map(
        (point) => point.querySelector('title')!.textContent!,
      );
      const listed = [...container.querySelectorAll('tbody tr')].reverse().map((row) => {
        const time = row.querySelector('time')!;
        return `${time.title}: ${Number.parseInt(row.querySelectorAll('td')[1]!.textContent!, 10)}`;
      });
      expect(drawn).toEqual(listed);
    }
  }, 30_000);
  it('keeps the axis at 0 to 27 and rings item 9', () => {
    const model = history(7);
    const { container } = shown(model);
    const ticks = [...container.querySelectorAll('.tick')].map((tick) => tick.textContent);
    expect(ticks).toEqual(expect.arrayContaining(['0', '5', '10', '15', '20', '27']));
    expect(container.querySelectorAll('.ring')).toHaveLength(
      model.points.filter((point) => point.safety).length,
    );
  });
  it('has a name and a sentence for who cannot see it', () => {
    const model = history(3);
    const { getByRole } = shown(model);
    const chart = getByRole('img');
    const described = chart
      .getAttribute('aria-labelledby')!
      .split(' ')
      .map((id) => document.getElementById(id)!.textContent);
    expect(described).toEqual(['PHQ-9', chartSentence(model, TODAY)]);
  });
  it('an empty history is said, not drawn', () => {
    const model = chartModel(
      { measurements: [], treatments: [], reviews: [], contacts: [] },
      'phq-9',
      TODAY,
      words,
    );
    expect(chartSentence(model, TODAY)).toBe('PHQ-9: no scores yet.');
    expect(shown(model).container.querySelectorAll('.score-point')).toHaveLength(0);
  });
  it('texts of treatments never run into each other', () => {
    const marks = [10, 30, 40, 300, 310].map((x) => ({ x, text: 'sertraline 50 mg', before: x > 305 }));
    const lane = lanes(marks);
    const width = 'sertraline 50 mg'.length * 6.8 + 10;
    for (const [i, a] of marks.entries())
      for (const [j, b] of marks.entries())
        if (i < j && lane[i] === lane[j]) {
          const from = (mark: typeof a) => (mark.before ? mark.x - width : mark.x);
          expect(Math.abs(from(a) - from(b))).toBeGreaterThanOrEqual(width - 1e-6);
        }
  });
});
