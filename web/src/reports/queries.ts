// Reads of the reports. A figure comes with everything that explains it; nothing here counts.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { components } from '../api/schema';
import type { Question } from './search';

type S = components['schemas'];
export type PeriodRow = S['ReportPeriod'];
export type Figure = S['ReportFigure'];
export type GroupFigure = S['ReportCard'];
/** What a figure says wherever it stands; what is not sent to Concord has no rules. */
export type FigureWords = Omit<Figure, 'rule_set' | 'rule_set_version' | 'period'>;
export type ChoiceRow = S['ReportChoice'];
export type Dashboard = S['ReportDashboard'];
export type Viewer = Dashboard['viewer'];
export type SeriesPoint = S['ReportMonth'];
export type SignalRow = S['ReportSignal'];
export type RunRows = S['ReportRunChart'];
export type Annotation = S['ReportAnnotation'];
export type StratumRow = S['ReportStratumRow'];
export type Stratum = S['ReportStratum'];
export type ReasonRow = S['ReportReason'];
export type Benchmark = S['ReportBenchmark'];
export type FigurePage = S['ReportFigurePage'];
export type PatientRow = S['ReportPatient'];
export type PatientRows = S['ReportPatients'];
export type FunnelStep = S['ReportFunnelStep'];
export type Funnel = S['ReportFunnel'];
export type Assumption = S['ReportAssumption'];
export type Assumptions = S['ReportAssumptions'];
export type Costs = S['ReportCosts'];
export type Letter = S['ReportLetter'];

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
