// Where each suggested act is done. One button, one place.
import type { LinkProps } from '@tanstack/react-router';
import type { Line } from '../api/types';

const sheets: Partial<Record<Line['suggested_act'], string>> = {
  assess_safety: 'safety',
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
};

export function actLink(patient: string, line: Line): Pick<LinkProps, 'to' | 'params' | 'search'> {
  if (line.suggested_act === 'contact') return { to: '/patients/$patient/contact', params: { patient } };
  return {
    to: '/patients/$patient',
    params: { patient },
    search: { do: sheets[line.suggested_act], id: undefined, show: undefined, chart: undefined },
  } as Pick<LinkProps, 'to' | 'params' | 'search'>;
}
