import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';
import { queryClient, refreshPatient } from '../api/queries';

export const safetyEventQuery = (patient: string, event: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'safety', event],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}', {
          headers: readHeaders(),
          params: { path: { patient_id: patient, safety_event_id: event } },
        }),
      ),
  });

export const safetyBoardQuery = queryOptions({
  queryKey: ['safety', 'board'],
  queryFn: () =>
    call(client.GET('/api/v1/safety-board', { headers: readHeaders(), params: { query: { limit: 100 } } })),
});

export const onCallQuery = (site: string) =>
  queryOptions({
    queryKey: ['on-call', site],
    queryFn: () =>
      call(
        client.GET('/api/v1/sites/{site_id}/on-call', {
          headers: readHeaders(),
          params: { path: { site_id: site } },
        }),
      ),
  });

export const safetyPlanQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'safety-plan'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/safety-plan', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });

export const safetyPaperQuery = (patient: string, language: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'safety-plan', 'paper', language],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/safety-plan/print', {
          headers: readHeaders(),
          params: { path: { patient_id: patient }, query: { language } },
        }),
      ),
  });

/** Everything that shows this person's safety reads again. */
export const refreshSafety = (patient: string) =>
  Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['safety'] })]);
