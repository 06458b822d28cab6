// Codes of reviews and recommendations -> words of a colleague.
import { msg, plural, t } from '@lingui/core/macro';
import type { AgendaItem, Need, NewRecommendation, Recommendation, StoryFact } from '../api/types';
import { agoWords, type DateText, daysBetween, shortDate, weeksWords } from '../ui/dates';
import { instrumentName, percentWords, roleWords, stateWords, type Words, word } from '../ui/words';

export const recommendationKindWords: Words = {
  start: msg`Start a medicine`,
  increase: msg`Raise the dose`,
  switch: msg`Switch`,
  augment: msg`Add a second medicine`,
  taper: msg`Taper or stop`,
  psychotherapy: msg`Psychotherapy`,
  labs: msg`Lab tests`,
  diagnosis_question: msg`Question the diagnosis`,
  referral: msg`Refer`,
  continue: msg`Continue as it is`,
  other: msg`Something else`,
};
/** Kinds that name a medicine, and those that name a dose. */
export const WITH_MEDICINE = ['start', 'increase', 'switch', 'augment', 'taper'];

export const urgencyWords: Words = {
  routine: msg`Routine`,
  soon: msg`This week`,
  urgent: msg`Today`,
};
export const toWords: Words = {
  pcp: msg`PCP`,
  care_manager: msg`Care manager`,
  bh_specialist: msg`Behavioral health specialist`,
  patient: msg`Patient`,
};
export const sessionStateWords: Words = {
  planned: msg`planned`,
  held: msg`held`,
  cancelled: msg`cancelled`,
};
export const lifeWords: Words = {
  draft: msg`Draft, not sent`,
  sent: msg`Sent, not read yet`,
  read: msg`Read, no answer yet`,
  accepted: msg`Accepted, not done yet`,
  modified: msg`Changed, not done yet`,
  declined: msg`Declined`,
  done: msg`Done, on trial`,
  adequate_trial: msg`Tried long enough`,
  not_adequate: msg`Not tried long enough`,
  withdrawn: msg`Withdrawn`,
  noted: msg`For the record`,
};
export const isOpen = (state: string) => ['draft', 'sent', 'read', 'accepted', 'modified'].includes(state);
export const waitsForAnswer = (state: string) => state === 'sent' || state === 'read';
/** Days without an answer after which it is late (rule recommendation.unanswered). */
export const ANSWER_DAYS = 7;

const needOfReason: Record<string, Need> = {
  safety: 'safety',
  nonresponse: 'not_improving',
  stale: 'not_improving',
  worse: 'not_improving',
  undone: 'overdue',
  new: 'review_due',
  asked: 'review_due',
};
export const needOf = (item: AgendaItem): Need => needOfReason[item.reasons[0]?.kind ?? ''] ?? 'on_track';

/** "19 → 17, −11%" */
export function scoreWords(item: Pick<AgendaItem, 'score'>) {
  const { score } = item;
  if (!score?.instrument || score.baseline == null) return '';
  const name = instrumentName(score.instrument);
  return score.current == null
    ? `${name} ${score.baseline}`
    : `${name} ${score.baseline} → ${score.current} ${percentWords(score.percent)}`.trim();
}

/** One fact of the story in a sentence, as a colleague would tell it. */
export function storyWords(fact: StoryFact, today: DateText): string {
  switch (fact.kind) {
    case 'in_care': {
      const weeks = fact.weeks == null ? '' : weeksWords(fact.weeks);
      const state = word(stateWords, fact.state).toLocaleLowerCase();
      return fact.care_manager_name
        ? t`In care ${weeks}, ${state}, with ${fact.care_manager_name}`
        : t`In care ${weeks}, ${state}`;
    }
    case 'score': {
      if (!fact.instrument) return t`No score yet`;
      const name = instrumentName(fact.instrument);
      if (fact.baseline == null) return t`${name}: no baseline yet`;
      const first = fact.baseline;
      const since = fact.baseline_date ? shortDate(fact.baseline_date, today) : '';
      if (fact.current == null) return t`${name} ${first} on ${since}, not repeated since`;
      const last = fact.current;
      const percent = percentWords(fact.percent);
      const on = fact.current_date ? shortDate(fact.current_date, today) : '';
      return t`${name} ${first} → ${last} (${percent}), last ${on}`;
    }
    case 'plan': {
      if (fact.since == null || fact.weeks == null) return t`No treatment recorded`;
      const line = fact.line?.replaceAll('->', '→') || t`no treatment running`;
      const weeks = weeksWords(fact.weeks);
      return t`Same plan for ${weeks}: ${line}`;
    }
    case 'last_review': {
      if (!fact.date) return t`Never reviewed`;
      const ago = agoWords(fact.date, today);
      const open = fact.open ?? 0;
      const words = open
        ? plural(open, { one: '# recommendation open', other: '# recommendations open' })
        : t`nothing open`;
      return t`Reviewed ${ago}, ${words}`;
    }
    case 'contacts': {
      const last = fact.last_contact_date ? agoWords(fact.last_contact_date, today) : null;
      if (!last) return t`No contact yet`;
      const next = fact.next_due ? shortDate(fact.next_due, today) : t`not set`;
      return t`Last contact ${last}, next ${next}`;
    }
    default:
      return '';
  }
}

/** A recommendation not yet stored, in one line: "Raise the dose: sertraline 100 mg". */
export function draftWords(draft: NewRecommendation) {
  const what = [draft.medication, draft.dose].filter(Boolean).join(' ');
  const kind = word(recommendationKindWords, draft.kind);
  return [what ? `${kind}: ${what}` : kind, draft.text].filter(Boolean).join('. ');
}

/** Nothing was put into this row yet. */
export const isBlank = (draft: NewRecommendation) =>
  !draft.kind ||
  (draft.kind !== 'continue' && !draft.text?.trim() && !draft.medication?.trim() && !draft.dose?.trim());

/** What is advised, without the consultant's words that the server puts behind it. */
export function shortSummary(one: Pick<Recommendation, 'summary' | 'text'>) {
  const { summary, text } = one;
  if (!text || summary === text || !summary.endsWith(text)) return summary;
  return summary.slice(0, -text.length).trim().replace(/\.$/, '') || summary;
}
/** The consultant's words, unless they are the summary. */
export const moreWords = (one: Pick<Recommendation, 'summary' | 'text'>) =>
  one.text && shortSummary(one) !== one.text ? one.text : '';

/** What became of it, with its date: "Accepted Tue 3 Mar by Dr Lee". */
export function stateLine(one: Recommendation, today: DateText): string {
  const by = one.answered_by?.name;
  const answered = one.answered_date ? shortDate(one.answered_date, today) : '';
  switch (one.state) {
    case 'sent':
    case 'read': {
      const since = one.sent_date ? agoWords(one.sent_date, today) : '';
      const to = one.to?.name ?? word(roleWords, one.to_role);
      return one.state === 'read' ? t`${to} has read it, sent ${since}` : t`Waits for ${to}, sent ${since}`;
    }
    case 'accepted':
      return by ? t`Accepted ${answered} by ${by}; not done yet` : t`Accepted ${answered}; not done yet`;
    case 'modified':
      return by ? t`Changed ${answered} by ${by}; not done yet` : t`Changed ${answered}; not done yet`;
    case 'declined':
      return by ? t`Declined ${answered} by ${by}` : t`Declined ${answered}`;
    case 'done': {
      const done = one.done_date ? shortDate(one.done_date, today) : '';
      return t`Done ${done}; on trial`;
    }
    case 'adequate_trial': {
      const weeks = one.trial_weeks == null ? '' : weeksWords(one.trial_weeks);
      const tried = [one.trial_dose, weeks].filter(Boolean).join(', ');
      return t`Tried long enough: ${tried}`;
    }
    case 'not_adequate':
      return t`Not tried long enough: ${one.trial_reason ?? ''}`;
    case 'withdrawn':
      return t`Withdrawn: ${one.withdrawn_reason ?? ''}`;
    default:
      return word(lifeWords, one.state);
  }
}

/** Sent longer ago than a week, and nobody has answered. */
export const isLate = (one: Recommendation, today: DateText) =>
  waitsForAnswer(one.state) && !!one.sent_date && daysBetween(one.sent_date, today) >= ANSWER_DAYS;

/** The version somebody has before their eyes: their own reading of it is no change by somebody else. */
export const versionSeen = (shown: number, read: Pick<Recommendation, 'version'> | null) =>
  read?.version === shown + 1 ? read.version : shown;
