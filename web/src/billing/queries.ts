// Reads of the ledger, the month board, charges and the timer.
import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

export const timerQuery = queryOptions({
  queryKey: ['timer'],
  queryFn: () => call(client.GET('/api/v1/timer', { headers: readHeaders() })),
  staleTime: 60_000,
});

export const minutesQuery = (patient: string, month: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'minutes', month],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/minutes', {
          headers: readHeaders(),
          params: { path: { patient_id: patient }, query: { month } },
        }),
      ),
  });

const of = (patient: string) => ({ path: { patient_id: patient } });
export const visitsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'visits'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/initiating-visits', {
          headers: readHeaders(),
          params: of(patient),
        }),
      ),
  });
export const staysQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'stays'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/inpatient-stays', {
          headers: readHeaders(),
          params: of(patient),
        }),
      ),
  });
export const servicesQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'services'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/outside-services', {
          headers: readHeaders(),
          params: of(patient),
        }),
      ),
  });

export const boardQuery = (month: string, filters: { site?: string; show?: string }, after?: string) =>
  queryOptions({
    queryKey: ['billing', month, 'board', filters, after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/billing/months/{month}', {
          headers: readHeaders(),
          params: { path: { month }, query: { ...filters, limit: 100, after } },
        }),
      ),
  });

export const chargesQuery = (month: string, filters: { site?: string; state?: string }, after?: string) =>
  queryOptions({
    queryKey: ['billing', month, 'charges', filters, after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/billing/months/{month}/charges', {
          headers: readHeaders(),
          params: { path: { month }, query: { ...filters, limit: 100, after } },
        }),
      ),
  });

export const exportsQuery = (month: string, site?: string) =>
  queryOptions({
    queryKey: ['billing', month, 'exports', site ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/billing/months/{month}/exports', {
          headers: readHeaders(),
          params: { path: { month }, query: { site } },
        }),
      ),
  });

export const historyQuery = (month: string, site?: string) =>
  queryOptions({
    queryKey: ['billing', month, 'history', site ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/billing/months/{month}/history', {
          headers: readHeaders(),
          params: { path: { month }, query: { site } },
        }),
      ),
  });

export const settingsQuery = queryOptions({
  queryKey: ['billing', 'settings'],
  queryFn: () => call(client.GET('/api/v1/billing/settings', { headers: readHeaders() })),
});
export const ratesQuery = queryOptions({
  queryKey: ['billing', 'rates'],
  queryFn: () => call(client.GET('/api/v1/billing/rates', { headers: readHeaders() })),
  staleTime: Number.POSITIVE_INFINITY,
});
