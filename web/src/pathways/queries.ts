import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

export const pathwaysQuery = (language: string) =>
  queryOptions({
    queryKey: ['pathways', language],
    queryFn: () =>
      call(client.GET('/api/v1/pathways', { headers: readHeaders(), params: { query: { language } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const patientPathwayQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'pathway'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/pathway', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });
