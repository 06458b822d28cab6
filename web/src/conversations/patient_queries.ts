import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { List, Thread, ThreadHead } from '../api/patient_side';
import { queryClient, refreshPatient } from '../api/queries';

export type MessagesShown = 'unanswered' | 'mine' | 'all';

export const patientMessagesQuery = (state: MessagesShown, site?: string, after?: string) =>
  queryOptions({
    queryKey: ['patient_messages', state, site ?? '', after ?? ''],
    queryFn: () =>
      read<List<ThreadHead> & { unanswered: number }>('/api/v1/patient-messages', {
        state,
        site_id: site,
        limit: 50,
        after,
      }),
  });

export const threadsQuery = (patient: string, after?: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'patient-messages', after ?? ''],
    queryFn: () => read<List<Thread>>(`/api/v1/patients/${patient}/patient-messages`, { after }),
  });

export const refreshMessages = (patient: string) =>
  Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['patient_messages'] })]);
