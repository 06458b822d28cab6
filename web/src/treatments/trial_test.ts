import { describe, expect, it } from 'vitest';
import { doseStep, doseStory, presentSince, weeksOnPresent } from './trial';

const change = (on: string, from_dose: string, to_dose: string) => ({
  id: on,
  on,
  from_dose,
  to_dose,
  reason: 'x',
});

describe('a dose in words', () => {
  it('says the unit once when it stays the same', () => {
    expect(doseStep('50 mg daily', '100 mg daily')).toBe('50 → 100 mg daily');
    expect(doseStep('50 mg', '100 mg at night')).toBe('50 mg → 100 mg at night');
    expect(doseStep(null, '25 mg')).toBe('25 mg');
  });
  it('tells every dose so far', () => {
    const changes = [change('2026-01-10', '50 mg', '100 mg'), change('2026-02-10', '100 mg', '150 mg')];
    expect(doseStory({ dose: '150 mg', changes })).toBe('50 → 100 → 150 mg');
    expect(doseStory({ dose: 'weekly', changes: [] })).toBe('weekly');
    expect(doseStory({ dose: 'monthly', changes: [change('2026-01-10', 'weekly', 'monthly')] })).toBe(
      'weekly → monthly',
    );
  });
});

describe('the trial clock', () => {
  const treatment = { start_date: '2026-01-01', changes: [change('2026-02-01', '50 mg', '100 mg')] };
  it('starts again with a change', () => {
    expect(presentSince(treatment)).toBe('2026-02-01');
    expect(weeksOnPresent(treatment, '2026-02-14')).toBe(1);
    expect(weeksOnPresent(treatment, '2026-02-15')).toBe(2);
  });
  it('never counts below zero', () => {
    expect(weeksOnPresent({ start_date: '2026-03-01', changes: [] }, '2026-02-15')).toBe(0);
  });
});
