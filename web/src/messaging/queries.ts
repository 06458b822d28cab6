import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { ContactPreferences, MessagesOut, Reminders } from '../api/patient_side';

/** How a message would go now, and the last ones that went. */
export const reachQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'messages-out'],
    queryFn: () => read<MessagesOut>(`/api/v1/patients/${patient}/messages-out`, { limit: 20 }),
    retry: false,
  });

export const contactPreferencesQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'contact-preferences'],
    queryFn: () => read<ContactPreferences>(`/api/v1/patients/${patient}/contact-preferences`),
  });

export const remindersQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'reminders'],
    queryFn: () => read<Reminders>(`/api/v1/patients/${patient}/reminders`),
  });
