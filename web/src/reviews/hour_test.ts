import { describe, expect, it } from 'vitest';
import type { AgendaItem } from '../api/types';
import { firstOpen, minutesLeft, moved, neighbour } from './hour';

const at = (text: string) => new Date(text).getTime();
const item = (id: string, review_id: string | null = null) => ({ patient: { id }, review_id }) as AgendaItem;

describe('minutes left', () => {
  const session = { date: '2026-03-03', starts_at: '13:00', minutes: 60 };
  const zone = 'America/New_York';
  it('follow the wall clock while the session runs', () => {
    expect(minutesLeft(session, at('2026-03-03T18:20:00Z'), at('2026-03-03T18:22:00Z'), zone)).toBe(38);
  });
  it('follow the sitting when it began at another time or has none', () => {
    expect(minutesLeft(session, at('2026-03-03T21:00:00Z'), at('2026-03-03T21:10:00Z'), zone)).toBe(50);
    expect(
      minutesLeft({ ...session, starts_at: null }, at('2026-03-03T18:00:00Z'), at('2026-03-03T18:05:59Z')),
    ).toBe(55);
  });
  it('never go below zero', () => {
    expect(minutesLeft({ ...session, starts_at: null }, 0, 10 * 3_600_000)).toBe(0);
  });
});

describe('a place on the agenda', () => {
  const items = [item('a', 'r'), item('b'), item('c')];
  it('begins with the first who was not reviewed', () => {
    expect(firstOpen(items)).toBe('b');
    expect(firstOpen([item('a', 'r')])).toBe('a');
    expect(firstOpen([])).toBeUndefined();
  });
  it('n and p stop at the ends', () => {
    expect(neighbour(items, 'b', 1)).toBe('c');
    expect(neighbour(items, 'c', 1)).toBeUndefined();
    expect(neighbour(items, 'a', -1)).toBeUndefined();
  });
  it('one step up or down, never beyond the list', () => {
    expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b'], 'x', 1)).toEqual(['a', 'b']);
  });
});
