// The sentences that are loaded. The first ones come with the first route; a part that is loaded later brings its own (web/scripts/words_by_page.ts
// writes `withWords` around every dynamic import of the build).
import { type I18n, i18n, type Messages, setupI18n } from '@lingui/core';

export type Language = 'en' | 'es';
type Load = () => Promise<{ messages: Messages }>;
export type Part = Record<Language, Load>;

const first: Part = { en: () => import('words:en'), es: () => import('words:es') };
const parts = new Set<Part>([first]);

async function all(language: Language): Promise<Messages> {
  const loaded = await Promise.all([...parts].map((part) => part[language]()));
  return Object.assign({}, ...loaded.map((one) => one.messages));
}

export async function activate(language: Language) {
  let messages: Messages;
  let known: number;
  do {
    known = parts.size;
    messages = await all(language);
    // A part that came meanwhile is not among them yet.
  } while (known !== parts.size);
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

/** The module, once the words it speaks are there in the page's language. */
export async function withWords<T>(module: Promise<T>, part: Part): Promise<T> {
  parts.add(part);
  let language: Language;
  do {
    language = i18n.locale as Language;
    // Before a language is chosen nothing is shown; `activate` brings these then.
    if (!language) break;
    const { messages } = await part[language]();
    i18n.load(language, messages);
  } while (i18n.locale !== language);
  return module;
}

/** Words in a language of their own, beside the page's: for what a patient takes home. */
export async function wordsIn(language: Language): Promise<I18n> {
  return setupI18n({ locale: language, messages: { [language]: await all(language) } });
}
