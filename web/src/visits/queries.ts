import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { List, Visit } from '../api/patient_side';
import { queryClient, refreshPatient } from '../api/queries';

export const visitsQuery = (filters: { from: string; to: string; staff?: string; site?: string }) =>
  queryOptions({
    queryKey: ['visits', filters],
    queryFn: () => read<List<Visit>>('/api/v1/visits', { ...filters, limit: 200 }),
  });

export const patientVisitsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'visits'],
    queryFn: () => read<List<Visit>>(`/api/v1/patients/${patient}/visits`),
  });

export const visitQuery = (patient: string, visit: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'visits', visit],
    queryFn: () => read<Visit>(`/api/v1/patients/${patient}/visits/${visit}`),
  });

export const refreshVisits = (patient: string) =>
  Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['visits'] })]);
