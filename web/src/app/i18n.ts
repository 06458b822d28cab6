// Two languages, one loaded at a time. Spanish awaits clinical review: `reviewed` in the catalogue's head.
import { i18n } from '@lingui/core';

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

export { i18n };
