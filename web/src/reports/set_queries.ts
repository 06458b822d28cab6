// The monthly report of the state, the AIMS set and the HEDIS-like figures: lists of figures of one rule set for one period.
import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { Unit } from './figures';
import { PATH, type Viewer, type Who } from './queries';

export interface SetFigure {
  id: string;
  /** of the state's report: "6" */
  metric?: string;
  kind: 'count' | 'rate' | 'mean' | 'median' | 'value';
  name: string;
  of?: string | null;
  numerator: number | null;
  denominator: number | null;
  percent: number | null;
  value: number | null;
  unit: Unit | 'fte';
  target?: number | null;
  suppressed: boolean;
  opens: boolean;
  benchmarks?: { value: number; unit: string; kind?: string; of: string; source: string }[];
}
export interface Publication {
  number: number;
  kind: 'first' | 'restatement';
  as_of: string;
  published_at: string;
  published_by: Who | null;
  role: string;
  rule_set_version: string;
  digest: string;
  reason: string;
}
export interface Standing {
  in: 'numerator' | 'denominator' | 'out';
  why: string;
  text: string;
}
export interface Restatement {
  against: number;
  rule_set_version: { published: string; now: string } | null;
  figures: { metric: string; published: SetFigure; now: SetFigure }[];
  moved:
    | { patient_id: string; episode_id: string | null; metric: string; from: Standing; to: Standing }[]
    | null;
  moved_count: number | null;
  other_changes: number | null;
}
export interface StateReport {
  rule_set: string;
  rule_set_version: string;
  month: string;
  complete: boolean;
  viewer: Viewer;
  facts_at: string;
  as_of: string | null;
  digest: string;
  figures: SetFigure[];
  published: Publication[];
  restatement: Restatement | null;
}
export interface MeasureSet {
  rule_set: string;
  rule_set_version: string;
  period: { name: string; from: string; to: string; known_until: string };
  viewer: Viewer;
  notice: string | null;
  facts_at: string;
  fte: number | null;
  figures: SetFigure[];
}
export interface SetPatient {
  patient_id: string;
  episode_id: string | null;
  given_name: string;
  family_name: string;
  birth_date: string | null;
  site: Who | null;
  in: string;
  why: string;
  text: string;
  baseline?: { date: string; total: number } | null;
  current?: { date: string; total: number } | null;
}
export interface SetPatients {
  /** lines; of what is counted by contact or review, a line may stand for several */
  total: number;
  numerator?: number;
  denominator?: number;
  /** counted, but at sites that are not the reader's */
  elsewhere?: number;
  items: SetPatient[];
  next: string | null;
}

export const stateQuery = (month: string, published?: number) =>
  queryOptions({
    queryKey: ['reports', 'state', month, published ?? ''],
    queryFn: () => read<StateReport>(`${PATH}/nys-omh-2025`, { month, published }),
  });
export const measureSetQuery = (set: string, period: Record<string, string>) =>
  queryOptions({
    queryKey: ['reports', set, period],
    queryFn: () => read<MeasureSet>(`${PATH}/${set}`, period),
  });
