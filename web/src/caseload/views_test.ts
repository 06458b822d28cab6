import { describe, expect, it } from 'vitest';
import { readCaseloadSearch } from './search';
import { viewText } from './views';

describe('a saved view', () => {
  it('comes back as it was saved', () => {
    const search = readCaseloadSearch({
      who: 'all',
      need: 'overdue',
      sort: '-phq',
      hide: 'gad,plan',
      rule: 'plan.adjust',
    });
    const text = viewText(search);
    expect(readCaseloadSearch(Object.fromEntries(new URLSearchParams(text)))).toEqual(search);
  });
  it('does not keep what was only unfolded for now', () => {
    expect(viewText({ who: 'me', all: true })).toBe('who=me');
  });
});
