// Codes of the record -> words of a colleague. An unknown code is shown as it is, never hidden.
import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import type { Need, Series } from '../api/types';
import type { Option } from './field';

export type Words = Record<string, MessageDescriptor>;

export function word(words: Words, code: string | null | undefined): string {
  if (!code) return '';
  const descriptor = words[code];
  return descriptor ? i18n._(descriptor) : code.replaceAll('_', ' ');
}
export const options = (words: Words, codes: string[] = Object.keys(words)): Option[] =>
  codes.map((code) => ({ value: code, label: word(words, code) }));

const needs: Words = {
  safety: msg`Safety`,
  overdue: msg`Overdue`,
  not_improving: msg`Not improving`,
  review_due: msg`Review due`,
  target_met: msg`Target met`,
  on_track: msg`On track`,
};
export const needWord = (need: Need) => word(needs, need);
export function needCount(need: Need, n: number) {
  switch (need) {
    case 'safety':
      return t`${n} safety`;
    case 'overdue':
      return t`${n} overdue`;
    case 'not_improving':
      return t`${n} not improving`;
    case 'review_due':
      return t`${n} review due`;
    case 'target_met':
      return t`${n} target met`;
    default:
      return plural(n, { one: '# is on track', other: '# are on track' });
  }
}

export const stateWords: Words = {
  referred: msg`Referred`,
  assessed: msg`Assessed`,
  active: msg`Active`,
  on_hold: msg`On hold`,
  relapse_prevention: msg`Relapse prevention`,
  closed: msg`Closed`,
};
export const roleWords: Words = {
  care_manager: msg`Care manager`,
  psychiatric_consultant: msg`Psychiatric consultant`,
  pcp: msg`Primary care provider`,
  bh_specialist: msg`Behavioral health specialist`,
  community_worker: msg`Community worker`,
  program_manager: msg`Program manager`,
  billing: msg`Billing`,
  privacy_officer: msg`Privacy officer`,
  admin: msg`Administrator`,
  obstetrician: msg`Obstetrician`,
  pediatrician: msg`Pediatrician`,
  therapist: msg`Therapist`,
  nurse: msg`Nurse`,
  caregiver: msg`Caregiver`,
  trusted_person: msg`Trusted person`,
  school: msg`School`,
  family: msg`Family or friend`,
  other: msg`Other`,
};
export const modalityWords: Words = {
  phone: msg`Phone`,
  video: msg`Video`,
  in_person: msg`In person`,
  sms: msg`Text message`,
  email: msg`Email`,
  portal: msg`Portal`,
  letter: msg`Letter`,
};
export const modeWords: Words = {
  phone: msg`By phone`,
  in_person: msg`In person`,
  video: msg`By video`,
  paper: msg`On paper`,
  tablet: msg`On a tablet`,
  link: msg`From home`,
  portal: msg`In the portal`,
  import: msg`Imported`,
  unknown: msg`Not known how`,
};
export const kindWords: Words = {
  treatment: msg`Treatment`,
  outreach_attempt: msg`Tried to reach`,
  scheduling: msg`Scheduling`,
  no_show: msg`No show`,
  message: msg`Message`,
};
export const whoWords: Words = {
  patient: msg`Patient`,
  caregiver: msg`Caregiver`,
  interpreter: msg`Interpreter`,
};
export const interventionWords: Words = {
  behavioral_activation: msg`Behavioral activation`,
  problem_solving_treatment: msg`Problem solving`,
  motivational_interviewing: msg`Motivational interviewing`,
  psychoeducation: msg`Psychoeducation`,
  medication_support: msg`Medication support`,
  safety_planning: msg`Safety planning`,
  relapse_prevention: msg`Relapse prevention`,
  care_coordination: msg`Care coordination`,
  other: msg`Other`,
};
export const conditionWords: Words = {
  depression: msg`Depression`,
  anxiety: msg`Anxiety`,
  ptsd: msg`PTSD`,
  perinatal_depression: msg`Perinatal depression`,
  late_life_depression: msg`Late-life depression`,
  alcohol_use: msg`Alcohol use`,
  substance_use: msg`Substance use`,
  adolescent_depression: msg`Adolescent depression`,
};
export const targetWords: Words = {
  remission: msg`Remission`,
  response: msg`Response (half the symptoms)`,
};
export const languageWords: Words = {
  en: msg`English`,
  es: msg`Spanish`,
  zh: msg`Chinese`,
  ru: msg`Russian`,
  ht: msg`Haitian Creole`,
  bn: msg`Bengali`,
  vi: msg`Vietnamese`,
  ar: msg`Arabic`,
  fr: msg`French`,
  ko: msg`Korean`,
  pt: msg`Portuguese`,
};
export const sexWords: Words = {
  female: msg`Female`,
  male: msg`Male`,
  other: msg`Other`,
  unknown: msg`Not known`,
};
export const channelWords: Words = {
  phone: msg`Phone call`,
  sms: msg`Text message`,
  email: msg`Email`,
  portal: msg`Portal`,
};
export const payerWords: Words = {
  medicaid_ffs: msg`Medicaid, fee for service`,
  medicaid_managed_care: msg`Medicaid managed care`,
  dual_medicare_medicaid: msg`Medicare and Medicaid`,
  child_health_plus: msg`Child Health Plus`,
  essential_plan: msg`Essential Plan`,
  medicare: msg`Medicare`,
  commercial: msg`Commercial`,
  self_pay: msg`Self-pay`,
  other: msg`Other`,
};
export const attemptWords: Words = {
  reached: msg`Reached`,
  no_answer: msg`No answer`,
  message_left: msg`Message left`,
  unable: msg`Could not talk now`,
  wrong_contact: msg`Wrong number`,
  declined: msg`Declined`,
  support_person: msg`Reached a support person`,
};
export const outcomeWords: Words = {
  enrolled: msg`Enrolled`,
  declined: msg`Declined`,
  unreachable: msg`Could not be reached`,
  other_level_of_care: msg`Needs another level of care`,
  not_eligible: msg`Not eligible`,
};
export const closeWords: Words = {
  declined: msg`Declined`,
  unreachable: msg`Could not be reached`,
  other_level_of_care: msg`Needs another level of care`,
  target_met: msg`Target met`,
  referred_specialty: msg`Referred to specialty care`,
  patient_choice: msg`The patient's choice`,
  moved: msg`Moved away`,
  lost_to_follow_up: msg`Lost to follow-up`,
  inactive: msg`Inactive`,
  not_eligible: msg`Not eligible`,
  died: msg`Died`,
  other: msg`Other`,
};
export const CLOSE_BEFORE = ['declined', 'unreachable', 'other_level_of_care', 'not_eligible'];
export const CLOSE_AFTER = [
  'target_met',
  'referred_specialty',
  'patient_choice',
  'moved',
  'lost_to_follow_up',
  'inactive',
  'not_eligible',
  'died',
  'other',
];
export const levelWords: Words = { low: msg`Low`, moderate: msg`Moderate`, high: msg`High` };
export const treatmentKindWords: Words = { medication: msg`Medication`, psychotherapy: msg`Psychotherapy` };
export const recommendationWords: Words = {
  none: msg`No recommendation`,
  sent: msg`Waiting for an answer`,
  accepted: msg`Accepted`,
  modified: msg`Changed`,
  declined: msg`Declined`,
  done: msg`Done`,
};
export const informantWords: Words = {
  self: msg`The patient`,
  parent: msg`A parent`,
  child: msg`The child`,
  teacher: msg`A teacher`,
  caregiver: msg`A caregiver`,
  clinician: msg`A clinician`,
};
export const consentMethodWords: Words = {
  verbal: msg`Verbal`,
  written: msg`Written`,
  electronic: msg`Electronic`,
};

export const actWords: Words = {
  assess_safety: msg`Assess`,
  contact: msg`Contact`,
  measure: msg`Take score`,
  ask_for_review: msg`Ask for review`,
  record_review: msg`Review`,
  answer: msg`Answer`,
  mark_done: msg`Mark done`,
  adjust_plan: msg`Adjust plan`,
  plan_relapse_prevention: msg`Relapse prevention`,
  attempt_referral: msg`Log attempt`,
  close_referral: msg`Close referral`,
  confirm_seen_elsewhere: msg`Confirm seen`,
  close_episode: msg`Close episode`,
  see_measurement: msg`See answers`,
  review_episode: msg`Look again`,
  review_goals: msg`Look at goals`,
  revise_plan: msg`Open the plan`,
  write_relapse_plan: msg`Write the plan`,
  record_visit: msg`Record the visit`,
  do_task: msg`Open the task`,
  assign_care_manager: msg`Assign`,
  answer_message: msg`Answer`,
  confirm_community_referral: msg`Confirm seen`,
  give_material: msg`Look at reading`,
};
/** Rules in words, for the line's explanation and the filter. */
export const ruleWords: Words = {
  'safety.unreviewed': msg`A safety signal waits for a clinician`,
  'safety.reassess': msg`Safety reassessment due`,
  'referral.waiting': msg`A referral waits`,
  'contact.first': msg`First contact after enrolment`,
  'contact.due': msg`Contact past the agreed rhythm`,
  'measure.stale': msg`No recent score`,
  'review.new': msg`New, never reviewed`,
  'review.nonresponse': msg`No response, review due`,
  'review.stale': msg`Not improved, no recent review`,
  'plan.adjust': msg`Same plan, not half better`,
  'score.worse': msg`Score got worse`,
  'recommendation.unanswered': msg`Recommendation without an answer`,
  'recommendation.undone': msg`Recommendation accepted, not done`,
  'target.met': msg`Target met`,
  relapse: msg`Symptoms are back`,
  'episode.long': msg`A long episode`,
  inactive: msg`No treatment contact for a long time`,
  'consent.missing': msg`Consent missing`,
  'visit.missing': msg`Initiating visit missing`,
  'minutes.near': msg`Near the next billing code`,
  'checkin.unseen': msg`Answers nobody has seen`,
  'message.unanswered': msg`A patient waits for an answer`,
  'community.open': msg`Referred outside, not confirmed seen`,
  'goal.review': msg`A goal not looked at for a while`,
  'education.language': msg`Plan or reading not in the patient’s language`,
  'plan.relapse_prevention': msg`No relapse-prevention plan yet`,
  'task.due': msg`A task is due`,
  'pathway.measure': msg`A form the pathway asks for`,
  'care_manager.missing': msg`Nobody is the care manager`,
};

const instrumentNames: Record<string, string> = {
  'c-ssrs': 'C-SSRS',
  'c-ssrs-screener': 'C-SSRS',
  scared: 'SCARED',
  vanderbilt: 'Vanderbilt',
};
export const instrumentName = (id: string) => instrumentNames[id] ?? id.toUpperCase();

const severities: Words = {
  minimal: msg`minimal`,
  mild: msg`mild`,
  moderate: msg`moderate`,
  'moderately severe': msg`moderately severe`,
  severe: msg`severe`,
  none: msg`none`,
};
export const severityWord = (severity: string | null | undefined) =>
  severity ? word(severities, severity.replaceAll('_', ' ')) : '';

const minus = (n: number) => String(n).replace('-', '−');
export const signed = (n: number) => (n > 0 ? `+${n}` : minus(n));

/** "19 → 17", or the one score there is. */
export function seriesWords(series: Series | null | undefined): string {
  if (!series || series.baseline == null) return series?.current != null ? String(series.current) : '';
  return series.current == null ? String(series.baseline) : `${series.baseline} → ${series.current}`;
}
/** The same for ears: "18 to 9, down 50%". */
export function seriesSpoken(series: Series): string {
  if (series.baseline == null || series.current == null) return seriesWords(series);
  const { baseline, current } = series;
  if (series.percent == null || series.percent === 0) return t`${baseline} to ${current}`;
  const percent = Math.abs(Math.round(series.percent));
  return series.percent < 0
    ? t`${baseline} to ${current}, down ${percent}%`
    : t`${baseline} to ${current}, up ${percent}%`;
}
export function percentWords(percent: number | null | undefined) {
  return percent == null ? '' : `${signed(Math.round(percent))}%`;
}
export function maskedIdentifier(value: string) {
  return value.length > 4 ? `..${value.slice(-4)}` : value;
}
