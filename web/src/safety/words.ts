// Codes of the safety hand-off -> words of a colleague.
import { msg, t } from '@lingui/core/macro';
import type { SafetyEvent, SafetyStep } from '../api/types';
import { levelWords, type Words, word } from '../ui/words';

/** Columbia's levels, and none when every answer is no. */
export const allLevelWords: Words = { none: msg`None`, ...levelWords };
export const LEVELS = ['none', 'low', 'moderate', 'high'];

/** Levels a clinician may state: what stands, or worse. Going lower needs the consultant. */
export const levelsFrom = (level: string | null | undefined) =>
  LEVELS.slice(Math.max(0, LEVELS.indexOf(level ?? 'none')));
export const levelsBelow = (level: string | null | undefined) =>
  LEVELS.slice(0, Math.max(0, LEVELS.indexOf(level ?? 'none')));

export const actionWords: Words = {
  safety_plan: msg`Safety plan written or looked at`,
  means_safety: msg`Means made safe`,
  warm_hand_off: msg`Warm hand-off`,
  called_988: msg`Called 988 together`,
  emergency_911: msg`Called 911`,
  told_pcp: msg`Told the PCP`,
  told_consultant: msg`Told the consultant`,
  told_supports: msg`Told family or friends`,
  other: msg`Something else`,
};
export const rungWords: Words = {
  care_manager: msg`Care manager`,
  on_call: msg`On call`,
  consultant: msg`Psychiatric consultant`,
  anybody: msg`Anybody who is a clinician`,
};
export const channelNames: Words = {
  in_app: msg`in Concord`,
  mail: msg`by mail`,
  sms: msg`by text message`,
};

/** Who has it, as a sentence without the clock. */
export function holderWords(event: SafetyEvent, me: string) {
  const who = event.has_it ?? event.acknowledged_by;
  if (!who) return t`Nobody has it yet`;
  return who.id === me ? t`You have it` : t`${who.name} has it`;
}

/** One step of the trail: what happened, to or by whom, how. */
export function stepWords(step: SafetyStep): string {
  const by = step.by?.name ?? '';
  const to = step.to?.name ?? word(rungWords, step.rung);
  const how = word(channelNames, step.channel);
  const level = word(allLevelWords, step.level).toLocaleLowerCase();
  switch (step.kind) {
    case 'signalled':
      return by ? t`Signalled by ${by}` : t`Signalled`;
    case 'notified':
      return how ? t`${to} notified ${how}` : t`${to} notified`;
    case 'delivered':
      return t`Delivered to ${to} ${how}`;
    case 'not_delivered':
      return t`Not delivered to ${to} ${how}`;
    case 'escalated':
      return t`No answer; passed on to ${to}`;
    case 'nobody':
      return t`Nobody left on the list; every clinician is told`;
    case 'acknowledged':
      return t`${by} took it`;
    case 'taken_over':
      return t`${by} took it over`;
    case 'assessed':
      return level ? t`${by} assessed it: ${level}` : t`${by} assessed it`;
    case 'level':
      return by ? t`Level ${level}, ${by}` : t`Level ${level}`;
    case 'action': {
      const action = word(actionWords, step.action);
      return `${action}, ${by}`;
    }
    case 'step_down_asked':
      return t`${by} asked to lower it to ${level}`;
    case 'step_down_agreed':
      return t`${by} agreed to ${level}`;
    case 'step_down_declined':
      return t`${by} did not agree to lower it`;
    case 'reassessed':
      return level ? t`${by} reassessed it: ${level}` : t`${by} reassessed it`;
    case 'closed':
      return t`${by} closed it`;
    default:
      return [step.kind.replaceAll('_', ' '), by].filter(Boolean).join(', ');
  }
}

/** "12 min", "2 h 10 min", "3 days" */
export function lengthWords(minutes: number) {
  const h = Math.floor(minutes / 60);
  const m = Math.round(minutes % 60);
  if (h >= 48) {
    const days = Math.floor(h / 24);
    return t`${days} days`;
  }
  return h > 0 ? t`${h} h ${m} min` : t`${m} min`;
}
