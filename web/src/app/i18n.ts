// Two languages, one loaded at a time. Spanish awaits clinical review: `reviewed` in the catalogue's head.
import { i18n } from '@lingui/core';
import type { Language } from './words';

export const LANGUAGES: Record<Language, string> = { en: 'English', es: 'Español' };

export function browserLanguage(): Language {
  return navigator.language?.toLowerCase().startsWith('es') ? 'es' : 'en';
}

export { activate, type Language, wordsIn } from './words';
export { i18n };
