import { msg, t } from '@lingui/core/macro';
import type { Visit } from '../api/patient_side';
import { type Words, word } from '../ui/words';

export const visitKindWords: Words = {
  in_person: msg`At the clinic`,
  phone: msg`Phone call`,
  video: msg`Video call`,
};
export const purposeWords: Words = {
  follow_up: msg`Follow-up`,
  assessment: msg`Assessment`,
  review: msg`Review`,
  therapy: msg`Therapy`,
  community: msg`Help outside`,
  other: msg`Something else`,
};
const stateWords: Words = {
  booked: msg`booked`,
  arrived: msg`there now`,
  done: msg`done`,
  cancelled: msg`called off`,
  no_show: msg`did not come`,
};
export const visitState = (state: string) => word(stateWords, state);
export const historyWords: Words = {
  booked: msg`booked`,
  moved: msg`moved`,
  edited: msg`changed`,
  arrived: msg`arrived`,
  done: msg`done`,
  no_show: msg`did not come`,
  cancelled: msg`called off`,
  reopened: msg`taken up again`,
  confirmed: msg`confirmed`,
  change_asked: msg`asked for another time`,
  settled: msg`stays as it is`,
};
export const warningWords: Words = {
  outside_hours: msg`This is outside of the site’s hours.`,
  holiday: msg`The site is closed that day.`,
  clock_change: msg`The clocks change that day.`,
  no_video_link: msg`There is no video link yet: the site has no template for one.`,
};

/** 545 -> "09:05" */
export const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
/** "09:05" -> 545 */
export function minuteOf(text: string): number | null {
  const [, h, m] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  return h === undefined || m === undefined ? null : Number(h) * 60 + Number(m);
}

/** What the patient answered, when it asks for something. */
export function answerWords(visit: Pick<Visit, 'answer' | 'answer_words' | 'answered_by' | 'state'>): string {
  const who = visit.answered_by === 'trusted_person' ? t`a trusted person` : t`the patient`;
  switch (visit.answer) {
    case 'confirmed':
      return t`confirmed by ${who}`;
    case 'change_asked':
      return visit.answer_words
        ? t`${who} asks for another time: “${visit.answer_words}”`
        : t`${who} asks for another time`;
    case 'cancelled':
      return t`called off by ${who}`;
    default:
      return '';
  }
}
