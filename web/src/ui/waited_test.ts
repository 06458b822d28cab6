import { expect, it } from 'vitest';
import { waitedWords } from './waited';

const now = Date.parse('2026-03-03T12:00:00Z');
const since = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

it('says how long something waits in the size a person thinks in', () => {
  expect(waitedWords(since(0), now)).toBe('just now');
  expect(waitedWords(since(20), now)).toBe('for 20 minutes');
  expect(waitedWords(since(89), now)).toBe('for 89 minutes');
  expect(waitedWords(since(180), now)).toBe('for 3 hours');
  expect(waitedWords(since(35 * 60), now)).toBe('for 35 hours');
  expect(waitedWords(since(3 * 24 * 60), now)).toBe('for 3 days');
});
it('never says a time that has not come yet', () => {
  expect(waitedWords(since(-30), now)).toBe('just now');
});
