import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { CheckIn, InboxCheckIn, List } from '../api/patient_side';
import { queryClient, refreshPatient } from '../api/queries';
import type { Measurement } from '../api/types';

export const patientCheckInsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'check-ins'],
    queryFn: () => read<List<CheckIn>>(`/api/v1/patients/${patient}/check-ins`),
  });

export const checkInInboxQuery = (state: 'unseen' | 'open' | 'doubted', after?: string) =>
  queryOptions({
    queryKey: ['checkins', state, after ?? ''],
    queryFn: () => read<List<InboxCheckIn>>('/api/v1/check-ins', { state, limit: 50, after }),
  });

export const measurementsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'measurements'],
    queryFn: () => read<List<Measurement>>(`/api/v1/patients/${patient}/measurements`),
  });

export const refreshCheckIns = (patient: string) =>
  Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['checkins'] })]);
