import { describe, expect, it } from 'vitest';
import type { Measurement } from '../api/types';
import { baselineOf, chartModel, responseReached, scoresOf } from './series';

const score = (date: string, total: number | null, more: Partial<Measurement> = {}): Measurement => ({
  id: `${date}-${total}`,
  instrument: 'phq-9',
  mode: 'phone',
  administered_at: `${date}T15:00:00Z`,
  administered_date: date,
  total,
  valid: total !== null,
  safety: 'none',
  answers: [],
  ...more,
});
const words = { stopped: (name: string) => `${name} stopped`, review: 'review', contact: 'contact' };

describe('a series of scores', () => {
  it('takes the first score within 14 days after enrolment as the baseline, never one from before', () => {
    const scores = scoresOf(
      [score('2026-01-01', 20), score('2026-01-12', 18), score('2026-01-20', 15)],
      'phq-9',
    );
    expect(baselineOf(scores, '2026-01-10')?.total).toBe(18);
    expect(baselineOf(scores, '2026-01-21')).toBeNull();
    expect(baselineOf(scores, null)).toBeNull();
  });
  it('takes the first after, when there is none within 14 days', () => {
    expect(baselineOf([score('2026-03-01', 12)], '2026-01-10')?.total).toBe(12);
  });
  it('counts neither an invalid score nor one that was corrected', () => {
    const scores = scoresOf(
      [score('2026-01-12', null), score('2026-01-13', 17, { replaced_by: 'x' }), score('2026-01-14', 16)],
      'phq-9',
    );
    expect(scores.map((one) => one.total)).toEqual([16]);
  });
  it('a current score of 0 is a full improvement, never blank', () => {
    const model = chartModel(
      {
        measurements: [score('2026-01-12', 16), score('2026-02-12', 0)],
        treatments: [],
        reviews: [],
        contacts: [],
        episode: {
          id: 'e',
          state: 'active',
          referred_date: '2026-01-01',
          enrolled_date: '2026-01-10',
          version: 1,
        },
      },
      'phq-9',
      '2026-03-03',
      words,
    );
    expect(model.current?.total).toBe(0);
    expect(model.response).toBe(8);
    expect(responseReached(model)?.date).toBe('2026-02-12');
  });
  it('writes the first dose at the start, and each change where it happened', () => {
    const model = chartModel(
      {
        measurements: [score('2026-01-12', 16)],
        treatments: [
          {
            id: 't',
            kind: 'medication',
            name: 'sertraline',
            dose: '100 mg',
            start_date: '2026-01-12',
            stop_date: '2026-02-20',
            changes: [{ id: 'c', on: '2026-02-01', from_dose: '50 mg', to_dose: '100 mg' }],
            version: 1,
          },
        ],
        reviews: [],
        contacts: [],
      },
      'phq-9',
      '2026-03-03',
      words,
    );
    expect(model.marks.map((mark) => mark.text)).toEqual([
      'sertraline 50 mg',
      'sertraline 50 → 100 mg',
      'sertraline stopped',
    ]);
  });
});
