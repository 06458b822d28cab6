import { describe, expect, it } from 'vitest';
import type { Treatment } from '../api/types';
import { emptyReport, emptyTherapy, reportBody, therapyBody } from './report_forms';

const therapy = (name: string, part: Partial<Treatment> = {}): Treatment => ({
  id: name,
  kind: 'psychotherapy',
  name,
  start_date: '2026-01-01',
  changes: [],
  version: 1,
  ...part,
});

describe('how it goes with a treatment', () => {
  it('nothing asked is nothing sent', () => {
    expect(reportBody(undefined)).toBeNull();
    expect(reportBody({ ...emptyReport(), side_effects: 'nausea' })).toBeNull();
  });
  it('an empty side effect is none, and bother 0 is kept', () => {
    expect(reportBody({ adherence: 'some', side_effects: '  ', bother: '' })).toEqual({ adherence: 'some' });
    expect(reportBody({ adherence: 'none', side_effects: 'nausea', bother: '0' })).toEqual({
      adherence: 'none',
      side_effects: 'nausea',
      bother: 0,
    });
  });
});

describe('a therapy session', () => {
  it('belongs to the one therapy that runs', () => {
    expect(
      emptyTherapy([therapy('Cognitive behavioral therapy'), therapy('old', { stop_date: '2026-02-01' })]),
    ).toMatchObject({
      approach: 'cbt',
      treatment: 'Cognitive behavioral therapy',
    });
    expect(emptyTherapy([therapy('Behavioral activation'), therapy('other')])).toMatchObject({
      approach: 'ba',
      treatment: '',
    });
    expect(emptyTherapy([])).toMatchObject({ approach: '', treatment: '' });
  });
  it('leaves out what was not said', () => {
    expect(therapyBody({ approach: 'pst', treatment: '', focus: ' ', homework: 'Walk' })).toEqual({
      approach: 'pst',
      treatment_id: undefined,
      focus: undefined,
      homework: 'Walk',
    });
  });
});
