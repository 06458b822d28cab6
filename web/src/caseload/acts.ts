// Where each suggested act is done, and what its button says. One button, one place.
import type { LinkProps } from '@tanstack/react-router';
import type { ListLine } from '../api/types';
import { actWords, word } from '../ui/words';

const sheets: Partial<Record<ListLine['suggested_act'], string>> = {
  measure: 'score',
  ask_for_review: 'ask',
  record_review: 'review',
  adjust_plan: 'plan',
  plan_relapse_prevention: 'relapse_prevention',
  close_episode: 'close',
  see_measurement: 'seen',
  review_episode: 'care',
  attempt_referral: 'attempt',
  close_referral: 'outcome',
  confirm_seen_elsewhere: 'seen_elsewhere',
  assign_care_manager: 'care',
  answer_message: 'messages',
  confirm_community_referral: 'community',
  give_material: 'reading',
};
/** Rules whose act has a form of its own. */
const byRule: Record<string, { sheet: string; word: string }> = {
  'recommendation.unanswered': { sheet: 'answer', word: 'answer' },
  'recommendation.undone': { sheet: 'review_done', word: 'mark_done' },
  'checkin.unseen': { sheet: 'answers', word: 'see_measurement' },
  'message.unanswered': { sheet: 'messages', word: 'answer' },
  'community.open': { sheet: 'community', word: 'confirm_seen_elsewhere' },
};

export const actWord = (line: ListLine) => word(actWords, byRule[line.rule]?.word ?? line.suggested_act);

export function actLink(patient: string, line: ListLine): Pick<LinkProps, 'to' | 'params' | 'search'> {
  if (line.suggested_act === 'assess_safety' || line.rule.startsWith('safety.'))
    return { to: '/patients/$patient/safety', params: { patient } };
  const act: string = line.suggested_act;
  if (['review_goals', 'revise_plan', 'write_relapse_plan'].includes(act))
    return { to: '/patients/$patient/plan', params: { patient } };
  if (act === 'record_visit') return { to: '/patients/$patient/minutes', params: { patient } };
  if (act === 'do_task') return { to: '/tasks' };
  if (line.suggested_act === 'contact') return { to: '/patients/$patient/contact', params: { patient } };
  return {
    to: '/patients/$patient',
    params: { patient },
    search: { do: byRule[line.rule]?.sheet ?? sheets[line.suggested_act] },
  } as Pick<LinkProps, 'to' | 'params' | 'search'>;
}
