// Tests of the patients' page speak with its own catalogue.
import { i18n } from '@lingui/core';
import { messages as en } from './locales/en.po';
import { messages as es } from './locales/es.po';

export function speak(language: 'en' | 'es') {
  i18n.loadAndActivate({ locale: language, messages: language === 'en' ? en : es });
}
