// What is read, under which key. Nothing is ever persisted.
import { QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, call, client, readHeaders } from './client';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (count, error) => count < 1 && error instanceof ApiError && error.status >= 500,
    },
    // Never wait for a network in silence: a save that cannot go out says so at once.
    mutations: { networkMode: 'always', retry: false },
  },
});

export interface CaseloadFilters {
  site?: string;
  care_manager?: string;
  state?: string;
  rule?: string;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => call(client.GET('/auth/session', { headers: readHeaders() })),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

export const caseloadQuery = (filters: CaseloadFilters, after?: string) =>
  queryOptions({
    queryKey: ['caseload', filters, after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/caseload', {
          headers: readHeaders(),
          params: { query: { ...filters, limit: 200, after } },
        }),
      ),
  });

export const summaryQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/summary', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });

/** A patient's lines with evidence and source. */
export const attentionQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'attention'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/attention', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });

export const referralsQuery = (filters: { site?: string; status: string }, after?: string) =>
  queryOptions({
    queryKey: ['referrals', filters, after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/referrals', {
          headers: readHeaders(),
          params: { query: { ...filters, limit: 200, after } },
        }),
      ),
  });

export const staffQuery = (role?: string) =>
  queryOptions({
    queryKey: ['staff', role ?? ''],
    queryFn: () => call(client.GET('/api/v1/staff', { headers: readHeaders(), params: { query: { role } } })),
    staleTime: 10 * 60_000,
  });

export const instrumentsQuery = queryOptions({
  queryKey: ['instruments'],
  queryFn: () => call(client.GET('/api/v1/instruments', { headers: readHeaders() })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A questionnaire with its wording in the language it is asked in. */
export const instrumentQuery = (id: string, language: string) =>
  queryOptions({
    queryKey: ['instrument', id, language],
    queryFn: async () =>
      (
        await call(
          client.GET('/api/v1/instruments/{instrument}', {
            headers: readHeaders(),
            params: { path: { instrument: id }, query: { language } },
          }),
        )
      ).instrument,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: () => call(client.GET('/api/v1/account', { headers: readHeaders() })),
});

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: () =>
      call(client.GET('/api/v1/patients', { headers: readHeaders(), params: { query: { q, limit: 12 } } })),
    enabled: q.trim().length >= 2,
  });

/** Everything that may show this patient reads again. */
export async function refreshPatient(patient: string) {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['patient', patient] }),
    queryClient.invalidateQueries({ queryKey: ['caseload'] }),
    queryClient.invalidateQueries({ queryKey: ['referrals'] }),
  ]);
}
