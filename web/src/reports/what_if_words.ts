import { msg } from '@lingui/core/macro';
import { instrumentName, ruleWords, type Words, word } from '../ui/words';

/** What a number of the rule set means, by the last part of its name. */
const numbers: Words = {
  days: msg`after how many days`,
  working_days: msg`after how many working days`,
  months: msg`after how many months`,
  minutes: msg`how many minutes before`,
  from_days: msg`from which day`,
  due_days: msg`due by which day`,
  due_minutes: msg`due after how many minutes`,
  quiet_days: msg`days without a review`,
  enrolled_days: msg`days enrolled`,
  amber_days: msg`first reminder, day`,
  early_days: msg`interval in the first weeks, days`,
  early_until_day: msg`the first weeks end on day`,
  middle_days: msg`interval in the middle, days`,
  middle_until_day: msg`the middle ends on day`,
  late_days: msg`interval later, days`,
  relapse_prevention_days: msg`interval in relapse prevention, days`,
  on_hold_days: msg`interval on hold, days`,
  high_after_days: msg`urgent after how many days`,
  high_first_days: msg`high risk: first, day`,
  high_days: msg`high risk: interval, days`,
  moderate_days: msg`moderate risk: interval, days`,
  low_days: msg`low risk: interval, days`,
  escalate_days: msg`passed on after how many days`,
  urgent_days: msg`when urgent, days`,
  urgent_working_days: msg`when urgent, working days`,
  attempt_working_days: msg`first attempt, working days`,
  outcome_days: msg`outcome known, days`,
  seen_elsewhere_days: msg`seen elsewhere, days`,
  within_days: msg`within how many days`,
  apart_days: msg`days between two scores`,
  notice_days: msg`noticed after how many days`,
  close_days: msg`to be closed after how many days`,
  again_months: msg`again after how many months`,
  elevated: msg`elevated from`,
  response: msg`response, percent or points less`,
  remission_below: msg`remission below`,
  improved_below: msg`improved below`,
  worse_by: msg`worse by how many points`,
  stale_days_active: msg`measured again after, days`,
  stale_days_relapse_prevention: msg`measured again in relapse prevention, days`,
};

/** "No review and not improving: from which day" */
export function parameterWords(id: string, rules: string[]) {
  const last = id.split('.').at(-1)!;
  const what = numbers[last] ? word(numbers, last) : last.replaceAll('_', ' ');
  const instrument = /^instruments\.([^.]+)\./.exec(id)?.[1];
  const whose = instrument
    ? instrumentName(instrument)
    : word(ruleWords, rules.find((rule) => id.startsWith(rule)) ?? rules[0] ?? id.replace(/\.[^.]+$/, ''));
  return `${whose}: ${what}`;
}

export const actWords: Words = {
  review: msg`Reviews`,
  contact: msg`Contacts`,
  measure: msg`Forms to be filled in`,
  plan_change: msg`Changes of treatment to consider`,
  advice: msg`Recommendations to ask after`,
  safety: msg`Safety assessments`,
  referral: msg`Attempts to reach somebody referred`,
  message: msg`Messages to answer`,
  check_in: msg`Check-ins to read`,
  care_plan: msg`Plans and goals to look at`,
  community: msg`Referrals outside to follow`,
  administration: msg`Papers to complete`,
};
