// The monthly report of the state, the AIMS set and the HEDIS-like figures: lists of figures of one rule set for one period.
import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { components } from '../api/schema';
import { PATH } from './queries';

type S = components['schemas'];
type MeasureFigure = MeasureSet['figures'][number];
type MeasurePatient = S['ProgramReportPatients']['items'][number];
type StatePatient = S['StateReportPatients']['items'][number];

export type Publication = S['StatePublication'];
export type StateReport = S['StateReport'];
export type Restatement = NonNullable<StateReport['restatement']>;
export type MeasureSet = S['ProgramReport'];

/** A figure of either list. */
export type SetFigure = Omit<S['StateFigure'], 'metric' | 'kind' | 'unit' | 'target'> & {
  /** of the state's report: "6" */
  metric?: string;
  kind: S['StateFigure']['kind'] | MeasureFigure['kind'];
  unit: string;
  target?: number | null;
  of?: string;
  benchmarks?: MeasureFigure['benchmarks'];
  /** why it does not open: its numbers are sums of other figures, or the reader sees only totals */
  shut?: 'parts' | 'totals';
};
export type SetPatients = Pick<S['StateReportPatients'], 'total' | 'elsewhere' | 'next'> & {
  /** what a line counts for: of contacts or reviews, a patient may have several */
  numerator?: number;
  denominator?: number;
  items: (Pick<MeasurePatient & StatePatient, keyof MeasurePatient & keyof StatePatient> &
    Partial<Pick<StatePatient, 'baseline' | 'current'>>)[];
};

export const stateQuery = (month: string, published?: number, known?: string) =>
  queryOptions({
    queryKey: ['reports', 'state', month, published ?? '', known ?? ''],
    queryFn: () => read<StateReport>(`${PATH}/nys-omh-2025`, { month, published, as_of: known }),
  });
export const measureSetQuery = (set: string, period: Record<string, string>, known?: string) =>
  queryOptions({
    queryKey: ['reports', set, period, known ?? ''],
    queryFn: () => read<MeasureSet>(`${PATH}/${set}`, { ...period, as_of: known }),
  });
