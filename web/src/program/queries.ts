import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { Who } from '../api/patient_side';
import type { components } from '../api/schema';

export interface SurveyResult {
  id: string;
  title: string;
  answered: number | null;
  suppressed: boolean;
  declined: number | null;
  points: { point: string; answered: number | null; suppressed: boolean }[];
  items: {
    id: string;
    /** null: the wording needs its owner's permission */
    text: string | null;
    n: number | null;
    mean: number | null;
    top_percent: number | null;
    distribution: { value: number; n: number | null }[];
    suppressed: boolean;
  }[];
}
export interface SurveyResults {
  from: string;
  to: string;
  surveys: SurveyResult[];
  smallest_cell: number;
}
export interface FeedbackRow {
  id: string;
  site_id: string;
  at: string;
  topic: string;
  topic_name: string;
  text: string;
  anonymous: boolean;
  patient: Who | null;
  state: 'new' | 'answered' | 'closed';
  answer?: string | null;
  answered_by?: Who | null;
  answered_at?: string | null;
  closed_at?: string | null;
  version: number;
}
export interface Both {
  en: string;
  es: string;
}
export interface CrisisLine {
  label: Both;
  number: string;
  sms: string | null;
  text: Both | null;
  hours: Both | null;
}
export interface Help {
  title: string;
  intro: string;
  lines: { id: string; label: string; number: string; text: string; hours: string | null }[];
  read_when: string;
  not_watched: string;
  outside_text: string | null;
}
export interface Crisis {
  site_id: string;
  lines: CrisisLine[];
  read_when: Both | null;
  clinic_hours: Both | null;
  version: number;
  clinic: { name: string; phone: string | null; hours: string | null };
  missing: string[];
  help: { en: Help; es: Help };
}

export const surveyResultsQuery = (site: string | undefined, from: string, to: string) =>
  queryOptions({
    queryKey: ['program', 'surveys', site ?? '', from, to],
    queryFn: () => read<SurveyResults>('/api/v1/surveys/results', { site_id: site, from, to }),
  });
export const feedbackQuery = (state: string, after?: string) =>
  queryOptions({
    queryKey: ['program', 'feedback', state, after ?? ''],
    queryFn: () =>
      read<{ items: FeedbackRow[]; next: string | null; new: number }>('/api/v1/feedback', {
        state,
        limit: 50,
        after,
      }),
  });
export interface VisitSettings {
  video_link_template: string | null;
  place: string;
  version: number;
}
export const visitSettingsQuery = (site: string) =>
  queryOptions({
    queryKey: ['program', 'visit-settings', site],
    queryFn: () => read<VisitSettings>(`/api/v1/sites/${site}/visit-settings`),
  });
export type MonthOfTime = components['schemas']['CareManagerTime'];
export const careManagerTimeQuery = (site: string, year: string) =>
  queryOptions({
    queryKey: ['program', 'care-manager-time', site, year],
    queryFn: () =>
      read<{ year: number; items: MonthOfTime[] }>(`/api/v1/sites/${site}/care-manager-time`, { year }),
  });
export const crisisQuery = (site: string) =>
  queryOptions({
    queryKey: ['program', 'crisis', site],
    queryFn: () => read<Crisis>(`/api/v1/sites/${site}/crisis`),
  });
