// Codes of treatments -> words of a colleague.
import { msg } from '@lingui/core/macro';
import type { Words } from '../ui/words';

export const adherenceWords: Words = {
  as_planned: msg`Taken as planned`,
  some: msg`Taken sometimes`,
  none: msg`Not taken`,
};
/** The same for something that is done, not taken. */
export const practiceWords: Words = {
  as_planned: msg`Done as planned`,
  some: msg`Done sometimes`,
  none: msg`Not done`,
};
export const botherWords: Words = {
  0: msg`Not at all`,
  1: msg`A little`,
  2: msg`Quite a bit`,
  3: msg`A great deal`,
};
export const approachWords: Words = {
  pst: msg`Problem-solving treatment`,
  ba: msg`Behavioral activation`,
  cbt: msg`Cognitive behavioral therapy`,
  ipt: msg`Interpersonal therapy`,
  mi: msg`Motivational interviewing`,
  other: msg`Other`,
};
export const adequateWords: Words = {
  yes: msg`A full trial`,
  no: msg`Not yet a full trial`,
  unknown: msg`Not known whether it is a full trial`,
};
