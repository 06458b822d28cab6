import { describe, expect, it } from 'vitest';
import type { Plan, PlanVersion } from '../api/types';
import { lines, mayTakeEffect, openPlan, planBody, planDraft, shownVersions, tooBig } from './content';
import { goalChecks } from './goal_checks';
import { goalBody, goalDraft } from './goals';

const version = (change: Partial<PlanVersion>): PlanVersion => ({
  plan_version: 1,
  state: 'draft',
  language: 'es',
  content: {},
  patient_view: 'not_asked',
  ...change,
});
const plan = (change: Partial<Plan>): Plan => ({
  id: '1',
  kind: 'care_plan',
  status: 'open',
  version: 1,
  in_effect: null,
  newest: null,
  ...change,
});

describe('a plan', () => {
  it('takes effect only with a yes of the patient', () => {
    expect(mayTakeEffect(version({}))).toBe(false);
    expect(mayTakeEffect(version({ patient_view: 'wants_something_else' }))).toBe(false);
    expect(mayTakeEffect(version({ patient_view: 'agreed_with_reservation' }))).toBe(true);
    expect(mayTakeEffect(version({ patient_view: 'agreed' }))).toBe(true);
    expect(mayTakeEffect(version({ patient_view: 'agreed', state: 'in_effect' }))).toBe(false);
  });

  it('shows what is in effect and a newer draft beside it', () => {
    const current = version({ state: 'in_effect' });
    const draft = version({ plan_version: 2 });
    expect(shownVersions(plan({ in_effect: current, newest: draft }))).toEqual({ current, draft });
    expect(shownVersions(plan({ in_effect: current, newest: current }))).toEqual({ current, draft: null });
    expect(shownVersions(plan({ newest: draft }))).toEqual({ current: null, draft });
  });

  it('shows one that was taken out of effect, so that nobody takes it for gone', () => {
    const withdrawn = version({ state: 'withdrawn', patient_view: 'wants_something_else' });
    expect(shownVersions(plan({ newest: withdrawn })).current).toBe(withdrawn);
  });

  it('of each kind is the open one', () => {
    const ended = plan({ id: '1', status: 'ended' });
    const open = plan({ id: '2' });
    expect(openPlan([ended, open], 'care_plan')).toBe(open);
    expect(openPlan([ended], 'care_plan')).toBeUndefined();
    expect(openPlan([open], 'relapse_prevention')).toBeUndefined();
  });
});

describe('the words of a plan', () => {
  it('are sent without blank steps, and come back as they were', () => {
    const content = {
      wants: 'Sleep again',
      preferences: '',
      values: 'My garden',
      barriers: 'Night shifts',
      supports: 'Marta',
      steps: [{ text: 'Sertraline 50 mg', who: 'Dr Lee', by: '2026-03-09' }],
      written_with: ['patient', 'interpreter'],
    };
    const draft = planDraft(content, 'es');
    expect(draft.steps.at(-1)?.text).toBe('');
    expect(planBody(draft, 'care_plan')).toEqual(content);
  });

  it('of relapse prevention are one item a line, however people type lists', () => {
    expect(lines('- wakes at four\n\n* no appetite\n  • stays in bed ')).toEqual([
      'wakes at four',
      'no appetite',
      'stays in bed',
    ]);
    const draft = { ...planDraft(undefined, 'en'), warning_signs: 'wakes at four\nno appetite', helps: '' };
    expect(planBody(draft, 'relapse_prevention')).toMatchObject({
      warning_signs: ['wakes at four', 'no appetite'],
      helps: [],
      contacts: [],
      written_with: ['patient'],
    });
    expect(planBody(draft, 'relapse_prevention')).not.toHaveProperty('wants');
  });
});

describe('a goal', () => {
  it('is too big below 7 of 10, and nothing is said before it was asked', () => {
    expect(tooBig(6)).toBe(true);
    expect(tooBig(7)).toBe(false);
    expect(tooBig(0)).toBe(true);
    expect(tooBig(null)).toBe(false);
  });
  it('sends blanks as nothing', () => {
    const body = goalBody({ ...goalDraft(), what: ' walk ', confidence: 8, times_per_week: '2' }, 'es');
    expect(body).toMatchObject({
      what: 'walk',
      where_with: null,
      until: null,
      times_per_week: 2,
      confidence: 8,
      language: 'es',
    });
  });
  it('is checked in a contact only when it was spoken about and is still there', () => {
    expect(goalChecks({ a: 'some', b: '', gone: 'stuck' }, [{ id: 'a' }, { id: 'b' }])).toEqual([
      { goal_id: 'a', progress: 'some' },
    ]);
    expect(goalChecks({}, [{ id: 'a' }])).toBeUndefined();
  });
});
