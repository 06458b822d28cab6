// My named views of the caseload: a name and what stands in the address; never a patient.
import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';
import type { CaseloadSearch } from './search';

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: () => call(client.GET('/api/v1/views', { headers: readHeaders() })),
  staleTime: 10 * 60_000,
});

/** The address's words without what is only unfolded for now. */
export function viewText(search: CaseloadSearch): string {
  const { all: _unfolded, ...kept } = search;
  return new URLSearchParams(
    Object.entries(kept).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && !!pair[1]),
  ).toString();
}
