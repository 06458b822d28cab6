import { describe, expect, it } from 'vitest';
import type { SafetyEvent, SafetyPlan, SafetyStep } from '../api/types';
import { eventToShow } from './event_page';
import { daysWords } from './on_call_page';
import { draftOf, stepsOf } from './plan_page';
import { lengthWords, levelsBelow, levelsFrom, stepWords } from './words';

const event = (id: string, part: Partial<SafetyEvent> = {}): SafetyEvent => ({
  id,
  signalled_at: `2026-03-0${id}T09:00:00Z`,
  signalled_date: `2026-03-0${id}`,
  signal: 'staff concern',
  due_at: '2026-03-09T10:00:00Z',
  state: 'unacknowledged',
  version: 1,
  ...part,
});
const closed = { closed_at: '2026-03-08T10:00:00Z', state: 'closed' as const };

describe('which event is shown', () => {
  it('the one asked for, else the oldest open one', () => {
    const all = [event('1', closed), event('2'), event('3')];
    expect(eventToShow(all, '1')?.id).toBe('1');
    expect(eventToShow(all, undefined)?.id).toBe('2');
  });
  it('else the newest that is still followed up, else the newest', () => {
    const followed = event('1', { ...closed, reassess_date: '2026-03-20' });
    expect(eventToShow([followed, event('2', { ...closed, follow_up_ended: true })], undefined)?.id).toBe(
      '1',
    );
    expect(eventToShow([event('1', closed), event('2', closed)], undefined)?.id).toBe('2');
    expect(eventToShow([], undefined)).toBeUndefined();
  });
});

describe('levels', () => {
  it('a clinician may stay or go up; down is another list', () => {
    expect(levelsFrom('moderate')).toEqual(['moderate', 'high']);
    expect(levelsFrom(null)).toEqual(['none', 'low', 'moderate', 'high']);
    expect(levelsBelow('moderate')).toEqual(['none', 'low']);
    expect(levelsBelow('none')).toEqual([]);
  });
});

describe('the trail', () => {
  const step = (part: Partial<SafetyStep>): SafetyStep => ({
    number: 1,
    at: '2026-03-03T09:00:00Z',
    kind: 'x',
    ...part,
  });
  it('says what happened to whom and how', () => {
    const dana = { id: 'd', name: 'Dana' };
    expect(stepWords(step({ kind: 'not_delivered', to: dana, channel: 'mail' }))).toBe(
      'Not delivered to Dana by mail',
    );
    expect(stepWords(step({ kind: 'escalated', rung: 'consultant' }))).toBe(
      'No answer; passed on to Psychiatric consultant',
    );
    expect(stepWords(step({ kind: 'assessed', by: dana, level: 'high' }))).toBe('Dana assessed it: high');
    expect(stepWords(step({ kind: 'something_new', by: dana }))).toBe('something new, Dana');
  });
  it('counts minutes, hours and days', () => {
    expect(lengthWords(42)).toBe('42 min');
    expect(lengthWords(130)).toBe('2 h 10 min');
    expect(lengthWords(3 * 24 * 60)).toBe('3 days');
  });
});

describe('the safety plan', () => {
  const plan = {
    steps: {
      warning_signs: ['Sunday evenings'],
      coping: [],
      distraction: [],
      people: [{ name: 'Marta', phone: null }],
      professionals: [],
      surroundings: ['Marta keeps the tablets'],
    },
    not_for_me: ['surroundings'],
  } as unknown as SafetyPlan;
  it('drops empty lines and steps that are not for this person', () => {
    const draft = draftOf(plan);
    draft.lines.coping = ['  ', ' A warm shower '];
    draft.people.people.push({ name: '', phone: '' });
    expect(stepsOf(draft)).toEqual({
      warning_signs: ['Sunday evenings'],
      coping: ['A warm shower'],
      distraction: [],
      people: [{ name: 'Marta', phone: '' }],
      professionals: [],
      surroundings: [],
    });
  });
  it('a step left out keeps its words while it is being written', () => {
    const draft = draftOf(plan);
    draft.not_for_me = [];
    expect(stepsOf(draft).surroundings).toEqual(['Marta keeps the tablets']);
  });
});

describe('days of a shift', () => {
  it('are said as a range, a list, or every day', () => {
    expect(daysWords([1, 2, 3, 4, 5])).toBe('Mon to Fri');
    expect(daysWords([7, 6])).toBe('Sat, Sun');
    expect(daysWords([1, 2, 3, 4, 5, 6, 7])).toBe('every day');
    expect(daysWords([])).toBe('every day');
  });
});
