import { msg, t } from '@lingui/core/macro';
import type { CommunityReferral } from '../api/patient_side';
import { shortDate } from '../ui/dates';
import { type Words, word } from '../ui/words';

export const needWords: Words = {
  housing: msg`Housing`,
  food: msg`Food`,
  transport: msg`Getting around`,
  utilities: msg`Heat, light and water`,
  safety: msg`Safety at home`,
  work: msg`Work`,
  money: msg`Money`,
  law: msg`Law`,
  child_care: msg`Child care`,
  education: msg`School and learning`,
  health_access: msg`Getting care`,
  company: msg`Company`,
  other: msg`Something else`,
};
export const needStates: Words = {
  found: msg`found, not yet asked about help`,
  wants_help: msg`wants help`,
  declined: msg`does not want help`,
  later: msg`later`,
  met: msg`met`,
};
export const sourceWords: Words = {
  conversation: msg`said in a conversation`,
  'ahc-hrsn': msg`AHC form`,
  prapare: msg`PRAPARE form`,
  patient: msg`said in the portal`,
  other: msg`another way`,
};
const stateWords: Words = {
  sent: msg`sent, no answer yet`,
  accepted: msg`accepted, not yet seen`,
  declined: msg`declined by the service`,
  seen: msg`seen`,
  closed: msg`closed`,
};
export const wayWords: Words = {
  phone: msg`Phone`,
  mail: msg`Letter`,
  email: msg`Email`,
  fax: msg`Fax`,
  platform: msg`Their own system`,
  patient_goes: msg`The patient goes there`,
};
export const shareWords: Words = {
  name: msg`Name`,
  phone: msg`Phone`,
  address: msg`Address`,
  email: msg`Email`,
  language: msg`Language`,
  need: msg`What is needed`,
  best_time: msg`When to call`,
};
export const outcomeOf: Words = {
  met: msg`The need is met`,
  partly_met: msg`Partly met`,
  not_met: msg`Not met`,
};
const confirmedWords: Words = {
  service: msg`confirmed by the service`,
  patient: msg`confirmed by the patient`,
  staff: msg`confirmed by the team`,
};
export const confirmers: Words = {
  service: msg`The service`,
  patient: msg`The patient`,
  staff: msg`One of us saw it`,
};

/** "seen Tue 3 Mar, confirmed by the service" */
export function referralState(one: CommunityReferral, today: string): string {
  if (one.state === 'seen' && one.seen_on)
    return [t`seen ${shortDate(one.seen_on, today)}`, word(confirmedWords, one.seen_confirmed_by)]
      .filter(Boolean)
      .join(', ');
  if (one.state === 'closed')
    return [word(stateWords, 'closed'), word(outcomeOf, one.outcome).toLocaleLowerCase(), one.reason]
      .filter(Boolean)
      .join(', ');
  if (one.state === 'declined') return [word(stateWords, 'declined'), one.reason].filter(Boolean).join(': ');
  return word(stateWords, one.state);
}
