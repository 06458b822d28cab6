// Two languages, one loaded at a time; the patients' own catalogue. Spanish awaits clinical review (X-Review in its head).
import { i18n } from '@lingui/core';

export type Language = 'en' | 'es';
export const LANGUAGES: Record<Language, string> = { en: 'English', es: 'Español' };

const catalogs = {
  en: () => import('./locales/en.po'),
  es: () => import('./locales/es.po'),
};

export const isLanguage = (word: unknown): word is Language => word === 'en' || word === 'es';
export const language = () => (isLanguage(i18n.locale) ? i18n.locale : 'en');

export function browserLanguage(): Language {
  return navigator.language?.toLowerCase().startsWith('es') ? 'es' : 'en';
}

const listeners = new Set<() => void>();
/** Called after every change of language; the whole page is written again. */
export function onLanguage(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export async function activate(wanted: Language) {
  if (i18n.locale === wanted) return;
  const { messages } = await catalogs[wanted]();
  i18n.loadAndActivate({ locale: wanted, messages });
  document.documentElement.lang = wanted;
  for (const listener of listeners) listener();
}

export { i18n };
