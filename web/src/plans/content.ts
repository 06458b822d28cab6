// The words of a plan as they are typed, and as they are sent. Pure.
import type { Plan, PlanContent, PlanVersion } from '../api/types';

export type PlanKind = 'care_plan' | 'relapse_prevention';

export interface StepDraft {
  text: string;
  who: string;
  by: string;
}
export interface PhoneDraft {
  name: string;
  phone: string;
  when: string;
}
/** Lists of sentences are typed one a line. */
export interface PlanDraft {
  wants: string;
  preferences: string;
  values: string;
  barriers: string;
  supports: string;
  steps: StepDraft[];
  warning_signs: string;
  helps: string;
  contacts: PhoneDraft[];
  maintenance: string;
  way_back: string;
  written_with: string[];
  language: string;
}

export const emptyStep: StepDraft = { text: '', who: '', by: '' };
export const emptyPhone: PhoneDraft = { name: '', phone: '', when: '' };

const joined = (items: string[] | undefined) => (items ?? []).join('\n');
/** One line, one item; blank lines and leading dashes are how people type lists. */
export const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*[-*•]\s*/, '').trim())
    .filter(Boolean);

export function planDraft(
  content: PlanContent | undefined,
  language: string,
  goesBlank: boolean = true,
): PlanDraft {
  const steps = (content?.steps ?? []).map((step) => ({
    text: step.text,
    who: step.who ?? '',
    by: step.by ?? '',
  }));
  const contacts = (content?.contacts ?? []).map((one) => ({
    name: one.name,
    phone: one.phone ?? '',
    when: one.when ?? '',
  }));
  return {
    wants: content?.wants ?? '',
    preferences: content?.preferences ?? '',
    values: content?.values ?? '',
    barriers: content?.barriers ?? '',
    supports: content?.supports ?? '',
    steps: goesBlank ? [...steps, emptyStep] : steps,
    warning_signs: joined(content?.warning_signs),
    helps: joined(content?.helps),
    contacts: goesBlank ? [...contacts, emptyPhone] : contacts,
    maintenance: content?.maintenance ?? '',
    way_back: content?.way_back ?? '',
    written_with: content?.written_with ?? ['patient'],
    language,
  };
}

export function planBody(draft: PlanDraft, kind: PlanKind): PlanContent {
  const written_with = draft.written_with;
  if (kind === 'relapse_prevention')
    return {
      warning_signs: lines(draft.warning_signs),
      helps: lines(draft.helps),
      contacts: draft.contacts
        .filter((one) => one.name.trim())
        .map((one) => ({ name: one.name.trim(), phone: one.phone.trim(), when: one.when.trim() })),
      maintenance: draft.maintenance.trim(),
      way_back: draft.way_back.trim(),
      written_with,
    };
  return {
    wants: draft.wants.trim(),
    preferences: draft.preferences.trim(),
    values: draft.values.trim(),
    barriers: draft.barriers.trim(),
    supports: draft.supports.trim(),
    steps: draft.steps
      .filter((step) => step.text.trim())
      .map((step) => ({ text: step.text.trim(), who: step.who.trim(), by: step.by || null })),
    written_with,
  };
}

/** Nothing is in effect without the patient's recorded yes. */
export const mayTakeEffect = (version: Pick<PlanVersion, 'state' | 'patient_view'>) =>
  version.state === 'draft' && ['agreed', 'agreed_with_reservation'].includes(version.patient_view);

export const openPlan = (plans: Plan[] | undefined, kind: PlanKind) =>
  plans?.find((plan) => plan.kind === kind && plan.status === 'open');

/** What a person sees first: what is in effect, and a newer draft beside it. */
export function shownVersions(plan: Plan): { current: PlanVersion | null; draft: PlanVersion | null } {
  const newest = plan.newest ?? null;
  const draft = newest && newest.state === 'draft' ? newest : null;
  return { current: plan.in_effect ?? (draft ? null : newest), draft };
}

export interface GoalDraft {
  what: string;
  where_with: string;
  how_often: string;
  times_per_week: string;
  until: string;
  confidence: number | null;
  obstacle: string;
  obstacle_plan: string;
}

export const MANAGEABLE = 7;
/** Below 7 of 10 a smaller step is offered (ux.md, goals). */
export const tooBig = (confidence: number | null | undefined) =>
  confidence != null && confidence < MANAGEABLE;
