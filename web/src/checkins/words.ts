import { msg, t } from '@lingui/core/macro';
import type { CheckIn } from '../api/patient_side';
import { instrumentName, type Words, word } from '../ui/words';

export const checkInChannelWords: Words = {
  link: msg`Link by mail or text message`,
  qr: msg`Code to scan`,
  kiosk: msg`Clinic tablet`,
  portal: msg`In the portal`,
};
const whyWords: Words = {
  staff: msg`asked by the team`,
  reminder: msg`by the reminder`,
  weekly: msg`the weekly question`,
  patient: msg`by the patient`,
};
const endedWords: Words = {
  wrong_person: msg`ended: “this is not me” was pressed`,
  birth_date: msg`ended: the birth date did not match`,
  staff: msg`taken back`,
  replaced: msg`a newer one took its place`,
};

/** "PHQ-9, GAD-7" */
export const formsWords = (one: Pick<CheckIn, 'forms'>) => one.forms.map(formName).join(', ');
/** The short name in the title's brackets, as colleagues say it; else the whole title. */
export const formName = (form: CheckIn['forms'][number]) =>
  /\(([^()]{2,16})\)$/.exec(form.title)?.[1] ?? (form.title || instrumentName(form.instrument));

/** Where it stands, in a colleague's words. */
export function checkInState(one: CheckIn): string {
  switch (one.state) {
    case 'made':
      return one.channel === 'link' ? t`waits to be sent` : t`not opened yet`;
    case 'sent':
      return t`sent, not opened yet`;
    case 'started':
      return t`started: ${one.answered} of ${one.questions} answered`;
    case 'submitted':
      return one.seen_at ? t`answered and seen` : t`answered, not yet seen`;
    case 'expired':
      return t`ran out without an answer`;
    case 'fulfilled':
      return t`no longer needed: the form was filled in with the team`;
    default:
      return one.ended_why ? word(endedWords, one.ended_why) : t`taken back`;
  }
}
export const isOpen = (one: CheckIn) => ['made', 'sent', 'started'].includes(one.state);
export const isUnseenCheckIn = (one: CheckIn) => one.state === 'submitted' && !one.seen_at;
export const whyAsked = (one: CheckIn) => word(whyWords, one.why);
