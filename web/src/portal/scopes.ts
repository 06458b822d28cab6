// What a patient can share, in words. The names are the server's.
import { t } from '@lingui/core/macro';
import type { Scope } from './types';

export const SCOPES: Scope[] = [
  'appointments',
  'goals',
  'plan',
  'scores',
  'check_in',
  'messages',
  'education',
  'safety_plan',
];
export function scopeWords(scope: string): string {
  switch (scope) {
    case 'appointments':
      return t`Visits, groups and community help`;
    case 'goals':
      return t`Goals: see them and check them off`;
    case 'plan':
      return t`Care plan, medicines, team and choices`;
    case 'scores':
      return t`Scores over time`;
    case 'check_in':
      return t`Answer check-ins for you`;
    case 'messages':
      return t`Messages with the team: read and write`;
    case 'education':
      return t`Things to read`;
    case 'safety_plan':
      return t`Safety plan, without the step about safer surroundings`;
    default:
      return scope;
  }
}
/** The pages of a scope, as the server names its views. */
export const VIEWS_OF: Record<Scope, string[]> = {
  appointments: ['visits', 'groups', 'community'],
  goals: ['goals'],
  plan: ['plan', 'treatments', 'team', 'decisions'],
  scores: ['scores'],
  check_in: ['check-ins'],
  messages: ['messages'],
  education: ['education'],
  safety_plan: ['safety-plan'],
};
