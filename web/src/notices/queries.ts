import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

const POLL_MS = 60_000;

/** How many wait. Asked in the background, so that counting never keeps a session alive. */
export const unreadQuery = queryOptions({
  queryKey: ['notices', 'unread'],
  queryFn: () => call(client.GET('/api/v1/notices/unread', { headers: { 'X-Concord-Background': '1' } })),
  refetchInterval: POLL_MS,
  retry: false,
});

export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices', 'list'],
  initialPageParam: '',
  queryFn: ({ pageParam }) =>
    call(
      client.GET('/api/v1/notices', {
        headers: readHeaders(),
        params: { query: { limit: 50, after: pageParam || undefined } },
      }),
    ),
  getNextPageParam: (page) => page.next || undefined,
});

export const noticeQuery = (notice: string) =>
  queryOptions({
    queryKey: ['notices', 'one', notice],
    queryFn: () =>
      call(client.GET('/api/v1/notices', { headers: readHeaders(), params: { query: { notice } } })),
  });
