import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

export const conversationQuery = (patient: string, after?: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'conversation', after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/conversation', {
          headers: readHeaders(),
          params: { path: { patient_id: patient }, query: { limit: 50, after } },
        }),
      ),
  });

export const peopleQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'people'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/conversation/people', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
    staleTime: 10 * 60_000,
  });

export const unreadQuery = queryOptions({
  queryKey: ['conversations', 'unread'],
  queryFn: () =>
    call(
      client.GET('/api/v1/conversations/unread', {
        headers: readHeaders(),
        params: { query: { limit: 50 } },
      }),
    ),
});
