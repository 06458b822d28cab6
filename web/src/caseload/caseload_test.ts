import { describe, expect, it } from 'vitest';
import type { CaseloadRow, Line } from '../api/types';
import { actLink, actWord } from './acts';
import { gadColumn, phqColumn } from './cells';
import { differences } from './changed_rows';
import { readCaseloadSearch } from './search';

const line = (rule: string, suggested_act: Line['suggested_act']): Line => ({
  rule,
  severity: 'high',
  owner: 'care_manager',
  text: 'x',
  evidence: [],
  citation: 'y',
  suggested_act,
});
const row = (change: Partial<CaseloadRow> = {}): CaseloadRow => ({
  patient_id: 'p',
  episode_id: 'e',
  name: 'Ruiz, Ana',
  state: 'active',
  need: 'overdue',
  also: [],
  ...change,
});
const series = (instrument: string) => ({ instrument });

describe('the address of the caseload', () => {
  it('keeps what it knows and drops everything else', () => {
    expect(
      readCaseloadSearch({ need: 'safety', sort: '-weeks', hide: 'gad,nonsense', all: 'true', name: 'Ruiz' }),
    ).toEqual({
      need: 'safety',
      sort: '-weeks',
      hide: 'gad',
      all: true,
      who: undefined,
      site: undefined,
      state: undefined,
      rule: undefined,
    });
    expect(readCaseloadSearch({ need: 'everything', sort: 'name;drop', state: 'gone' }).need).toBeUndefined();
  });
});

describe('a row', () => {
  it('marks nothing at the first look, then only what changed', () => {
    const before = new Map([['e', JSON.stringify(row())]]);
    expect(differences(new Map(), [row()])).toEqual([]);
    expect(differences(before, [row()])).toEqual([]);
    expect(differences(before, [row({ need: 'safety' }), row({ episode_id: 'new' })])).toEqual(['e', 'new']);
  });
  it('shows PHQ-9 and GAD-7 in their own columns, whichever is primary', () => {
    const anxious = row({ primary: series('gad-7'), secondary: series('phq-9') });
    expect(phqColumn(anxious)?.instrument).toBe('phq-9');
    expect(gadColumn(anxious)?.instrument).toBe('gad-7');
    expect(phqColumn(row({ primary: series('pcl-5') }))?.instrument).toBe('pcl-5');
    expect(phqColumn(row({ primary: series('gad-7') }))).toBeNull();
    expect(phqColumn(row())).toBeNull();
  });
  it('has one button that leads to the act', () => {
    expect(actLink('p', line('contact.due', 'contact'))).toMatchObject({ to: '/patients/$patient/contact' });
    expect(actLink('p', line('safety.unreviewed', 'assess_safety'))).toMatchObject({
      to: '/patients/$patient/safety',
    });
    expect(actLink('p', line('recommendation.unanswered', 'record_review')).search).toEqual({ do: 'answer' });
    expect(actWord(line('recommendation.undone', 'record_review'))).toBe('Mark done');
  });
});
