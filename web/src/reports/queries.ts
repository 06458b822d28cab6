// Reads of the reports. A figure comes with everything that explains it; nothing here counts.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { Unit } from './figures';
import type { Question, Standing } from './search';

export type Viewer = 'patients' | 'aggregates';
export interface Who {
  id: string;
  name: string;
}
export interface PeriodRow {
  kind: string;
  from: string;
  to: string;
  /** its last month */
  at: string;
  complete: boolean;
}
export interface Figure {
  id: string;
  kind: 'rate' | 'count' | 'median' | 'mean' | 'funnel';
  unit: Unit;
  name: string;
  what: string;
  of: string | null;
  numerator: number | null;
  denominator: number | null;
  percent: number | null;
  value: number | null;
  rule_set: string;
  rule_set_version: string;
  period: PeriodRow;
  suppressed: boolean;
  not_sent: boolean;
  opens: boolean;
}
export interface GroupFigure extends Figure {
  signal: string | null;
  better: 'up' | 'down' | null;
  series: (number | null)[];
  benchmark: { id: string; text: string } | null;
}
export interface ChoiceRow {
  value: string;
  name: string;
  n?: number;
}
export interface Dashboard {
  viewer: Viewer;
  period: PeriodRow;
  filters: Record<string, string>;
  rule_set: string;
  rule_set_version: string;
  as_of?: string;
  threshold: number;
  groups: { id: string; name: string; figures: GroupFigure[] }[];
  choices: Record<string, ChoiceRow[]>;
}
export interface SeriesPoint {
  period: { from: string; to: string };
  month: string;
  suppressed: boolean;
  numerator: number | null;
  denominator: number | null;
  percent: number | null;
  value: number | null;
  lower?: number | null;
  upper?: number | null;
}
export interface SignalRow {
  kind: string;
  direction: 'up' | 'down';
  from: string;
  to: string;
  points?: number;
  text: string;
}
export interface RunRows {
  median: number | null;
  signals: SignalRow[];
  rule_set: string;
  rule_set_version: string;
  enough_points: boolean;
}
export interface Annotation {
  id: string;
  date: string;
  text: string;
  site: Who | null;
  figure: string | null;
  by: Who;
  created_at: string;
  ended_at: string | null;
  end_reason: string | null;
  version: number;
}
export interface StratumRow {
  value: string;
  name: string;
  suppressed: boolean;
  numerator: number | null;
  denominator: number | null;
  percent: number | null;
  value_number: number | null;
}
export interface Stratum {
  id: string;
  name: string;
  rows: StratumRow[];
  suppressed_rows: number;
}
export interface ReasonRow {
  standing: 'out' | 'denominator';
  code: string;
  text: string;
  n: number | null;
  suppressed: boolean;
}
export interface Benchmark {
  id: string;
  /** whole: what, how much, of whom, compared with what */
  text: string;
  figure: string | null;
  of: string | null;
  percent: number | null;
  value: number | null;
  unit: Unit;
  /** in usual care, in the same unit */
  comparison: number | null;
  n: number | null;
  months: number | null;
  source: string;
  primary_source: boolean;
  note: string | null;
  ours: Figure | null;
}
export interface FigurePage {
  figure: Figure;
  viewer: Viewer;
  series: SeriesPoint[];
  run_chart: RunRows;
  annotations: Annotation[];
  strata: Stratum[];
  reasons: ReasonRow[];
  /** false: for who sees only totals, reasons of a filtered figure are not told */
  reasons_shown: boolean;
  benchmarks: Benchmark[];
  opens: boolean;
}
export interface PatientRow {
  patient_id: string;
  episode_id: string | null;
  given_name: string;
  family_name: string;
  birth_date: string | null;
  site: Who | null;
  care_manager: Who | null;
  standing: string;
  reason: { code: string; text: string } | null;
  value: number | null;
  enrolled_date: string | null;
  state: string | null;
}
export interface PatientRows {
  figure: Figure;
  standing: Standing;
  total: number;
  items: PatientRow[];
  next: string | null;
}
export interface FunnelStep {
  id: string;
  name: string;
  n: number | null;
  percent_of_first: number | null;
  percent_of_previous: number | null;
  suppressed: boolean;
}
export interface Funnel {
  period: PeriodRow;
  viewer: Viewer;
  steps: FunnelStep[];
  strata: {
    id: string;
    name: string;
    rows: { value: string; name: string; steps: Omit<FunnelStep, 'name'>[] }[];
  }[];
  opens: boolean;
}
export interface Assumption {
  id: string;
  name: string;
  value: number;
  unit: string;
  source: string;
  assumed: boolean;
  minimum: number | null;
  maximum: number | null;
}
export interface Assumptions {
  version: number;
  at: string | null;
  by: Who | null;
  values: Assumption[];
  reason: string | null;
  history?: { version: number; at: string; by: Who | null; reason: string | null }[];
}
export interface Costs {
  period: PeriodRow;
  assumptions: Assumptions;
  lines: {
    id: string;
    name: string;
    value: number | null;
    unit: string;
    formula: string;
    suppressed: boolean;
  }[];
  not_confirmed: (string | { text: string })[];
}

export const PATH = '/api/v1/reports';
/** What the server is asked: a year of months unless the address says otherwise. */
export const asked = (question: Question) => ({ ...question, period: question.period ?? '12months' });

const SHORT = { staleTime: 60_000, placeholderData: keepPreviousData } as const;

export const dashboardQuery = (question: Question) =>
  queryOptions({
    queryKey: ['reports', 'dashboard', question],
    queryFn: () => read<Dashboard>(`${PATH}/dashboard`, asked(question)),
    ...SHORT,
  });
export const figureQuery = (figure: string, question: Question, by?: string) =>
  queryOptions({
    queryKey: ['reports', 'figure', figure, question, by ?? ''],
    queryFn: () => read<FigurePage>(`${PATH}/figures/${figure}`, { ...asked(question), by }),
    staleTime: 60_000,
    // Another period of the same figure may wait behind the old one; another figure may not.
    placeholderData: (before: FigurePage | undefined) => (before?.figure.id === figure ? before : undefined),
  });
export const funnelQuery = (question: Question) =>
  queryOptions({
    queryKey: ['reports', 'funnel', question],
    queryFn: () => read<Funnel>(`${PATH}/funnel`, asked(question)),
    ...SHORT,
  });
export const costsQuery = (question: Question) =>
  queryOptions({
    queryKey: ['reports', 'costs', question],
    queryFn: () => read<Costs>(`${PATH}/costs`, asked(question)),
    ...SHORT,
  });
export const assumptionsQuery = queryOptions({
  queryKey: ['reports', 'assumptions'],
  queryFn: () => read<Assumptions>(`${PATH}/assumptions`),
});
export const benchmarksQuery = (question: Question) =>
  queryOptions({
    queryKey: ['reports', 'benchmarks', question],
    queryFn: () => read<{ items: Benchmark[] }>(`${PATH}/benchmarks`, asked(question)),
    ...SHORT,
  });
