// Two languages, one loaded at a time. Spanish awaits clinical review: `reviewed` in the catalogue's head.
import { type I18n, i18n, setupI18n } from '@lingui/core';

export type Language = 'en' | 'es';
export const LANGUAGES: Record<Language, string> = { en: 'English', es: 'Español' };

const catalogs = {
  en: () => import('../locales/en.po'),
  es: () => import('../locales/es.po'),
};

export function browserLanguage(): Language {
  return navigator.language?.toLowerCase().startsWith('es') ? 'es' : 'en';
}

export async function activate(language: Language) {
  const { messages } = await catalogs[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

/** Words in a language of their own, beside the page's: for what a patient takes home. */
export async function wordsIn(language: Language): Promise<I18n> {
  const { messages } = await catalogs[language]();
  return setupI18n({ locale: language, messages: { [language]: messages } });
}

export { i18n };
