// Where each suggested act is done, and what its button says. One button, one place.
import type { LinkProps } from '@tanstack/react-router';
import type { ListLine } from '../api/types';
import { actWords, word } from '../ui/words';

const sheets: Partial<Record<ListLine['suggested_act'], string>> = {
  assess_safety: 'safety',
  measure: 'score',
  ask_for_review: 'review',
  record_review: 'review',
  adjust_plan: 'plan',
  plan_relapse_prevention: 'relapse_prevention',
  close_episode: 'close',
  see_measurement: 'seen',
  review_episode: 'care',
  attempt_referral: 'attempt',
  close_referral: 'outcome',
  confirm_seen_elsewhere: 'seen_elsewhere',
};
/** Rules whose act has a form of its own. */
const byRule: Record<string, { sheet: string; word: string }> = {
  'safety.reassess': { sheet: 'reassess', word: 'assess_safety' },
  'recommendation.unanswered': { sheet: 'answer', word: 'answer' },
  'recommendation.undone': { sheet: 'review_done', word: 'mark_done' },
};

export const actWord = (line: ListLine) => word(actWords, byRule[line.rule]?.word ?? line.suggested_act);

export function actLink(patient: string, line: ListLine): Pick<LinkProps, 'to' | 'params' | 'search'> {
  if (line.suggested_act === 'contact') return { to: '/patients/$patient/contact', params: { patient } };
  return {
    to: '/patients/$patient',
    params: { patient },
    search: { do: byRule[line.rule]?.sheet ?? sheets[line.suggested_act] },
  } as Pick<LinkProps, 'to' | 'params' | 'search'>;
}
