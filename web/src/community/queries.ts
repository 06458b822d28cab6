import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { CommunityReferral, List, Need, Screening, Service } from '../api/patient_side';
import { queryClient } from '../api/queries';

export const servicesQuery = (filters: {
  need?: string;
  language?: string;
  area?: string;
  q?: string;
  withdrawn?: boolean;
}) =>
  queryOptions({
    queryKey: ['community', 'services', filters],
    queryFn: () => read<List<Service>>('/api/v1/community/services', { ...filters, limit: 100 }),
  });
export const worklistQuery = (filters: { site?: string; owner?: string }) =>
  queryOptions({
    queryKey: ['community', 'worklist', filters],
    queryFn: () =>
      read<List<CommunityReferral> & { counts: { open: number; overdue: number } }>(
        '/api/v1/community/worklist',
        { ...filters, limit: 200 },
      ),
  });
export const wantedQuery = (site?: string) =>
  queryOptions({
    queryKey: ['community', 'wanted', site ?? ''],
    queryFn: () => read<List<Need>>('/api/v1/community/wanted', { site, limit: 200 }),
  });
export const formsQuery = queryOptions({
  queryKey: ['community', 'forms'],
  queryFn: () =>
    read<List<{ id: string; title: string; kinds: string[]; licence?: string }>>('/api/v1/community/forms'),
  staleTime: Number.POSITIVE_INFINITY,
});
export const needsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'needs'],
    queryFn: () => read<List<Need> & { screenings: Screening[] }>(`/api/v1/patients/${patient}/needs`),
  });
export const communityReferralsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'community-referrals'],
    queryFn: () => read<List<CommunityReferral>>(`/api/v1/patients/${patient}/community-referrals`),
  });
export const refreshCommunity = (patient?: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['community'] }),
    queryClient.invalidateQueries({ queryKey: ['caseload'] }),
    patient ? queryClient.invalidateQueries({ queryKey: ['patient', patient] }) : undefined,
  ]);
