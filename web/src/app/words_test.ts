import { i18n } from '@lingui/core';
import { afterEach, describe, expect, it } from 'vitest';
import { messages as english } from '../locales/en.po';
import { activate, type Part, withWords, wordsIn } from './words';

const part = (id: string, en: string, es: string): Part => ({
  en: async () => ({ messages: { [id]: [en] } }),
  es: async () => ({ messages: { [id]: [es] } }),
});

afterEach(() => i18n.loadAndActivate({ locale: 'en', messages: english }));

describe('words that come with a part', () => {
  it('are there in the page’s language when the part is', async () => {
    await activate('es');
    await withWords(Promise.resolve('module'), part('t-one', 'One', 'Uno'));
    expect(i18n._('t-one')).toBe('Uno');
  });
  it('follow when the language changes', async () => {
    await activate('en');
    await withWords(Promise.resolve('module'), part('t-two', 'Two', 'Dos'));
    await activate('es');
    expect(i18n._('t-two')).toBe('Dos');
  });
  it('are those of the new language when it changes while they are on their way', async () => {
    await activate('en');
    const slow: Part = {
      en: () => new Promise((done) => setTimeout(() => done({ messages: { 't-three': ['Three'] } }), 20)),
      es: async () => ({ messages: { 't-three': ['Tres'] } }),
    };
    const loading = withWords(Promise.resolve('module'), slow);
    await activate('es');
    await loading;
    expect(i18n._('t-three')).toBe('Tres');
  });
  it('are on paper in the patient’s language while the page keeps its own', async () => {
    await activate('en');
    await withWords(Promise.resolve('module'), part('t-four', 'Four', 'Cuatro'));
    const spanish = await wordsIn('es');
    expect(spanish._('t-four')).toBe('Cuatro');
    expect(i18n._('t-four')).toBe('Four');
  });
  it('are not shown as missing: a part that cannot bring its words does not open', async () => {
    await activate('en');
    const broken: Part = {
      en: () => Promise.reject(new Error('offline')),
      es: () => Promise.reject(new Error('offline')),
    };
    await expect(withWords(Promise.resolve('module'), broken)).rejects.toThrow('offline');
  });
});
