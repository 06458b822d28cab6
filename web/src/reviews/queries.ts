// What the review pages read. An agenda changes with the caseload, so it is read again with it.
import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

export const sessionsQuery = (site?: string) =>
  queryOptions({
    queryKey: ['reviews', 'sessions', site ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/review-sessions', {
          headers: readHeaders(),
          params: { query: { site, limit: 50 } },
        }),
      ),
  });

export const agendaQuery = (session: string) =>
  queryOptions({
    queryKey: ['reviews', 'agenda', session],
    queryFn: () =>
      call(
        client.GET('/api/v1/review-sessions/{session_id}/agenda', {
          headers: readHeaders(),
          params: { path: { session_id: session } },
        }),
      ),
  });

export const questionsQuery = queryOptions({
  queryKey: ['reviews', 'questions'],
  queryFn: () =>
    call(
      client.GET('/api/v1/review-questions', {
        headers: readHeaders(),
        params: { query: { state: 'open', limit: 100 } },
      }),
    ),
});

export const reviewPageKey = (patient: string, session?: string) => [
  'patient',
  patient,
  'review-page',
  session ?? '',
];

/** Drafts that are still being saved after somebody left them: the page is read after that, never before. */
const underWay = new Map<string, Promise<unknown>>();
export const leaving = {
  after(patient: string, session: string | undefined, saved: Promise<unknown>) {
    const key = reviewPageKey(patient, session).join();
    underWay.set(key, saved);
    void saved.finally(() => underWay.get(key) === saved && underWay.delete(key));
  },
  saved: (patient: string, session?: string) => underWay.get(reviewPageKey(patient, session).join()),
};

/** One patient as prepared for the consultant. */
export const reviewPageQuery = (patient: string, session?: string) =>
  queryOptions({
    queryKey: reviewPageKey(patient, session),
    queryFn: async () => {
      const headers = readHeaders();
      await leaving.saved(patient, session);
      return call(
        client.GET('/api/v1/patients/{patient_id}/review-page', {
          headers,
          params: { path: { patient_id: patient }, query: { session } },
        }),
      );
    },
  });

/** What is open and for me; what has ended is on the patient's page. */
export const recommendationsQuery = queryOptions({
  queryKey: ['reviews', 'recommendations'],
  queryFn: () =>
    call(
      client.GET('/api/v1/recommendations', {
        headers: readHeaders(),
        params: { query: { for: 'me', limit: 100 } },
      }),
    ),
});

export const recommendationPageQuery = (patient: string, recommendation: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'recommendation', recommendation],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/page', {
          headers: readHeaders(),
          params: { path: { patient_id: patient, recommendation_id: recommendation } },
        }),
      ),
  });
