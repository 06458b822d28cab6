import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

export const tasksQuery = (state: 'open' | 'closed', after?: string) =>
  queryOptions({
    queryKey: ['tasks', 'mine', state, after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/tasks', {
          headers: readHeaders(),
          params: { query: { state, limit: 100, after } },
        }),
      ),
  });

export const teamTasksQuery = (
  filters: { site?: string; owner?: string; state: 'open' | 'closed' },
  after?: string,
) =>
  queryOptions({
    queryKey: ['tasks', 'team', filters, after ?? ''],
    queryFn: () =>
      call(
        client.GET('/api/v1/tasks/team', {
          headers: readHeaders(),
          params: { query: { ...filters, limit: 100, after } },
        }),
      ),
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ['tasks', 'one', id],
    queryFn: () =>
      call(
        client.GET('/api/v1/tasks/{task_id}', { headers: readHeaders(), params: { path: { task_id: id } } }),
      ),
  });

export const taskCountsQuery = queryOptions({
  queryKey: ['tasks', 'counts'],
  queryFn: () => call(client.GET('/api/v1/tasks/counts', { headers: readHeaders() })),
});

export const handOversQuery = (filters: { site?: string; state?: string }) =>
  queryOptions({
    queryKey: ['handovers', filters],
    queryFn: () =>
      call(
        client.GET('/api/v1/handovers', {
          headers: readHeaders(),
          params: { query: { ...filters, limit: 100 } },
        }),
      ),
  });
