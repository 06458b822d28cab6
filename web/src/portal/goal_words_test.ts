import { beforeEach, describe, expect, it } from 'vitest';
import { NEW_GOAL, sentence } from './goal_words';
import { speak } from './test_words';

describe('the sentence of a goal', () => {
  beforeEach(() => speak('en'));

  it('begins with what will be done', () => {
    expect(sentence({ ...NEW_GOAL, what: 'walk' })).toBe('I will walk.');
  });
  it('grows with how long, where, the days and the time', () => {
    expect(
      sentence({
        ...NEW_GOAL,
        what: 'walk',
        how_long: '10 minutes',
        where_with: 'with Marta',
        days: ['thu', 'mon'],
        at: 'after lunch',
      }),
    ).toBe('I will walk for 10 minutes with Marta on Monday and Thursday, after lunch.');
  });
  it('says every day when every day is chosen', () => {
    expect(
      sentence({ ...NEW_GOAL, what: 'cook', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }),
    ).toBe('I will cook every day.');
  });
  it('has one full stop, also when the person wrote one', () => {
    expect(sentence({ ...NEW_GOAL, what: 'walk. ' })).toBe('I will walk.');
  });
  it('is Spanish on a Spanish page', () => {
    speak('es');
    expect(sentence({ ...NEW_GOAL, what: 'caminar', how_long: '10 minutos', days: ['mon'] })).toBe(
      'Voy a caminar por 10 minutos los días lunes.',
    );
  });
});
