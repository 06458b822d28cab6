// Reads of plans, goals, decisions and decision aids.
import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

const at = (patient: string) => ({ path: { patient_id: patient } });

export const plansQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'plans'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/plans', { headers: readHeaders(), params: at(patient) }),
      ),
  });

export const goalsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'goals'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/goals', { headers: readHeaders(), params: at(patient) }),
      ),
  });

export const decisionsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'decisions'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/decisions', {
          headers: readHeaders(),
          params: at(patient),
        }),
      ),
  });

export const aidsQuery = (language: string) =>
  queryOptions({
    queryKey: ['aids', language],
    queryFn: () =>
      call(client.GET('/api/v1/decision-aids', { headers: readHeaders(), params: { query: { language } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const aidQuery = (aid: string, language: string) =>
  queryOptions({
    queryKey: ['aid', aid, language],
    queryFn: () =>
      call(
        client.GET('/api/v1/decision-aids/{aid}', {
          headers: readHeaders(),
          params: { path: { aid }, query: { language } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
