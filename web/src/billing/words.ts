// Codes of the ledger in words of a colleague.
import { msg, plural, t } from '@lingui/core/macro';
import type { BillingCode, BillingMissing } from '../api/types';
import { instrumentName, type Words, word } from '../ui/words';

export const activityWords: Words = {
  treatment: msg`Treatment contact`,
  care_coordination: msg`Care coordination`,
  caseload_consultation: msg`Caseload consultation`,
  assessment: msg`Assessment`,
  care_planning: msg`Care planning`,
  outreach: msg`Outreach`,
  outreach_attempt: msg`Tried to reach`,
  psychoeducation: msg`Psychoeducation`,
  registry: msg`Registry`,
  documentation: msg`Documentation`,
  message: msg`Message`,
  clerical: msg`Clerical work`,
  scheduling: msg`Scheduling`,
  no_show: msg`No show`,
  other_billed: msg`Billed as something else`,
};
/** What the timer and the manual entry offer, the most frequent first. */
export const ACTIVITIES = [
  'care_coordination',
  'caseload_consultation',
  'assessment',
  'care_planning',
  'outreach',
  'psychoeducation',
  'treatment',
  'registry',
  'documentation',
  'message',
  'clerical',
  'scheduling',
  'other_billed',
];
export const reasonWords: Words = {
  outside_month: msg`outside this month`,
  consultant_time: msg`the consultant's own time`,
  not_care_manager: msg`not care-manager time`,
  clerical: msg`clerical work`,
  separately_billed: msg`billed separately`,
  no_consent: msg`no consent on record`,
  before_consent: msg`before consent`,
  consent_withdrawn: msg`after consent was withdrawn`,
  inpatient: msg`while in hospital`,
  overlap: msg`overlaps other minutes of the same person`,
  after_close: msg`entered after the month was closed`,
};
export const confirmWords: Words = {
  payer_16_to_29: msg`The payer must confirm 16 to 29 minutes.`,
  apcm_either_or: msg`Primary care management is billed too: one or the other.`,
  apcm_not_settled: msg`It is not settled whether care management or these codes are billed.`,
  other_bhi_billed: msg`Another practice billed behavioral health integration this month.`,
  instead_of_cocm: msg`General integration instead of collaborative care: one or the other.`,
  prior_authorization: msg`The payer asks for prior authorization.`,
};
const missingKinds: Words = {
  consent: msg`Consent is missing`,
  initiating_visit: msg`The initiating visit is missing`,
  review: msg`No psychiatric review this month`,
  practitioner: msg`The billing practitioner is missing`,
  episode: msg`No open episode`,
  apcm_base: msg`The primary care management base code is missing`,
};
export const chargeStateWords: Words = {
  ready: msg`Ready`,
  held: msg`To confirm`,
  declined: msg`Not billed`,
  exported: msg`Sent`,
  voided: msg`Taken back`,
  credited: msg`Credited`,
};
export const familyWords: Words = {
  time_codes: msg`Collaborative care, by minutes`,
  apcm: msg`Primary care management add-on`,
  general_bhi: msg`General behavioral health integration`,
  none: msg`Nothing this month`,
};
export const sourceWords: Words = {
  contact: msg`contact`,
  manual: msg`entered by hand`,
  timer: msg`timer`,
  csv: msg`import`,
};

export function missingWords(missing: BillingMissing) {
  if (missing.kind === 'minutes' && missing.minutes != null)
    return missing.code
      ? plural(missing.minutes, {
          one: `# minute more for ${missing.code}`,
          other: `# minutes more for ${missing.code}`,
        })
      : plural(missing.minutes, { one: '# minute more', other: '# minutes more' });
  return missingKinds[missing.kind] ? word(missingKinds, missing.kind) : (missing.text ?? missing.kind);
}
export const missingKindWord = (kind: string) => word(missingKinds, kind);

/** "99493 + 99494 × 2" */
export const codesWords = (codes: BillingCode[]) =>
  codes.map((one) => (one.units > 1 ? `${one.code} × ${one.units}` : one.code)).join(' + ');

/** A code that must be confirmed may be the next one too: then the minutes lead to certainty. */
export function nextWords(
  next: { code: string; minutes: number } | null | undefined,
  codes: BillingCode[] = [],
) {
  if (next && codes.some((one) => one.code === next.code && one.confirm))
    return plural(next.minutes, {
      one: `# minute until ${next.code} needs no confirmation`,
      other: `# minutes until ${next.code} needs no confirmation`,
    });
  return next
    ? plural(next.minutes, { one: `# minute to ${next.code}`, other: `# minutes to ${next.code}` })
    : '';
}

export function minutesWords(minutes: number) {
  return plural(minutes, { one: '# minute', other: '# minutes' });
}
/** What was done, as contacts and instruments name it too. */
export const activityWord = (activity: string) =>
  activityWords[activity] ? word(activityWords, activity) : instrumentName(activity);
export const notCounted = (reason: string | null | undefined) =>
  reason ? t`does not count: ${word(reasonWords, reason)}` : t`does not count`;
