// Names of audited acts, "contacts.create", in words. What is not listed is shown as it is.
import { t } from '@lingui/core/macro';

export function actionWord(action: string): string {
  const [part = '', act = ''] = action.split('.');
  const things: Record<string, string> = {
    patients: t`patient record`,
    episodes: t`episode`,
    contacts: t`contacts`,
    measurements: t`scores`,
    treatments: t`treatments`,
    reviews: t`psychiatric reviews`,
    safety: t`safety`,
    referrals: t`referrals`,
    consents: t`consents`,
    coverage: t`coverage`,
    team: t`care team`,
    plans: t`plans`,
    goals: t`goals`,
    decisions: t`decisions`,
    conversations: t`team conversation`,
    tasks: t`tasks`,
    minutes: t`minutes`,
    billing: t`billing`,
    caseload: t`caseload`,
    audit: t`this log`,
    timeline: t`timeline`,
    pathways: t`pathway`,
    conditions: t`conditions`,
    allergies: t`allergies`,
  };
  const thing = things[part];
  if (!thing) return '';
  if (/create|add|write|start|give/.test(act)) return t`wrote: ${thing}`;
  if (/change|act|correct|close|end|answer|done|stop|withdraw|assign|remove/.test(act))
    return t`changed: ${thing}`;
  return t`looked at: ${thing}`;
}

export const resultWord = (result: string) =>
  result === 'ok' || result === 'success'
    ? t`given`
    : /den|forbid|not_allowed/.test(result)
      ? t`refused`
      : result;
