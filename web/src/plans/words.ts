import { msg } from '@lingui/core/macro';
import type { Words } from '../ui/words';

export const viewWords: Words = {
  not_asked: msg`Not asked yet`,
  agreed: msg`Agrees`,
  agreed_with_reservation: msg`Agrees, with a reservation`,
  wants_something_else: msg`Wants something else`,
};
export const versionStateWords: Words = {
  draft: msg`Draft`,
  in_effect: msg`In effect`,
  replaced: msg`Replaced`,
  withdrawn: msg`Taken out of effect`,
};
export const planKindWords: Words = {
  care_plan: msg`Care plan`,
  relapse_prevention: msg`Relapse-prevention plan`,
  imported: msg`Plan from elsewhere`,
};
export const planPartWords: Words = {
  wants: msg`What matters and what should change`,
  preferences: msg`Preferences`,
  values: msg`What gives strength`,
  barriers: msg`What gets in the way`,
  supports: msg`Who and what supports`,
  steps: msg`What we do`,
  warning_signs: msg`Warning signs`,
  helps: msg`What helps`,
  contacts: msg`Whom to call`,
  maintenance: msg`What goes on`,
  way_back: msg`The way back`,
};
export const writtenWithWords: Words = {
  patient: msg`The patient`,
  caregiver: msg`A caregiver`,
  interpreter: msg`An interpreter`,
};
export const progressWords: Words = {
  going_well: msg`Going well`,
  some: msg`Some of it`,
  stuck: msg`Stuck`,
  reached: msg`Reached`,
};
export const goalStatusWords: Words = {
  active: msg`Active`,
  reached: msg`Reached`,
  stopped: msg`Stopped`,
};
export const tookPartWords: Words = {
  patient: msg`The patient`,
  caregiver: msg`A caregiver`,
  interpreter: msg`An interpreter`,
  care_manager: msg`Care manager`,
  pcp: msg`Primary care provider`,
  psychiatric_consultant: msg`Psychiatric consultant`,
  bh_specialist: msg`Behavioral health specialist`,
};
export const choiceWords: Words = {
  undecided: msg`Not decided yet`,
  other: msg`Something else`,
};
