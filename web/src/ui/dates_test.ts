import { i18n } from '@lingui/core';
import { afterEach, describe, expect, it } from 'vitest';
import { messages as en } from '../locales/en.po';
import { messages as es } from '../locales/es.po';
import {
  addDays,
  ageOn,
  agoShort,
  agoWords,
  clockWords,
  dateOf,
  dueShort,
  dueWords,
  fullDate,
  plainDate,
  shortDate,
  timeOf,
} from './dates';

const TODAY = '2026-03-03';
afterEach(() => i18n.loadAndActivate({ locale: 'en', messages: en }));

describe('dates as a colleague says them', () => {
  it('a near date has its weekday, a far one its year', () => {
    expect(shortDate('2026-03-03', TODAY)).toBe('Tue 3 Mar');
    expect(shortDate('2024-03-03', TODAY)).toBe('3 Mar 2024');
    expect(fullDate(TODAY)).toBe('Tuesday 3 March 2026');
    expect(plainDate('1991-12-31')).toBe('31 Dec 1991');
  });
  it('Spanish has its own order', () => {
    i18n.loadAndActivate({ locale: 'es', messages: es });
    expect(fullDate(TODAY)).toBe('martes 3 de marzo de 2026');
    expect(dueWords('2026-02-22', TODAY)).toBe('atrasado 9 días');
  });
  it('durations are words', () => {
    expect(dueWords('2026-02-22', TODAY)).toBe('overdue 9 days');
    expect(dueWords('2026-03-02', TODAY)).toBe('overdue 1 day');
    expect(dueWords(TODAY, TODAY)).toBe('today');
    expect(dueWords('2026-03-04', TODAY)).toBe('tomorrow');
    expect(dueWords('2026-03-10', TODAY)).toBe('in 7 days');
    expect(dueShort('2026-02-26', TODAY)).toBe('overdue 5 d');
    expect(agoWords('2025-12-30', TODAY)).toBe('9 weeks ago');
    expect(agoShort('2025-12-30', TODAY)).toBe('9 wk ago');
  });
  it('a clock counts down, then says how late', () => {
    const now = new Date('2026-03-03T14:00:00Z');
    expect(clockWords('2026-03-03T15:40:00Z', now)).toBe('1 h 40 min left');
    expect(clockWords('2026-03-03T13:35:00Z', now)).toBe('25 min late');
    expect(clockWords('2026-02-27T13:35:00Z', now)).toBe('4 days late');
  });
  it('a day belongs to the site, not to Greenwich', () => {
    expect(dateOf('2026-03-04T03:00:00Z', 'America/New_York')).toBe('2026-03-03');
    expect(timeOf('2026-03-04T03:00:00Z', 'America/New_York')).toBe('22:00');
  });
  it('counting days survives the change of clocks and leap years', () => {
    expect(addDays('2026-03-07', 2)).toBe('2026-03-09');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(ageOn('1992-03-04', TODAY)).toBe(33);
    expect(ageOn('1992-03-03', TODAY)).toBe(34);
  });
});
