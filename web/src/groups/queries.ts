import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { Group, List, PatientGroup, Session } from '../api/patient_side';
import { queryClient } from '../api/queries';

export const groupsQuery = (state: 'open' | 'ended', site?: string) =>
  queryOptions({
    queryKey: ['groups', 'list', state, site ?? ''],
    queryFn: () => read<List<Group>>('/api/v1/groups', { state, site, limit: 200 }),
  });
export const groupQuery = (group: string) =>
  queryOptions({
    queryKey: ['groups', group],
    queryFn: () => read<Group>(`/api/v1/groups/${group}`),
  });
export const sessionOfQuery = (group: string, session: string) =>
  queryOptions({
    queryKey: ['groups', group, 'session', session],
    queryFn: () => read<Session>(`/api/v1/groups/${group}/sessions/${session}`),
  });
export const patientGroupsQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'groups'],
    queryFn: () => read<List<PatientGroup>>(`/api/v1/patients/${patient}/groups`),
  });
export const refreshGroups = (patient?: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['groups'] }),
    patient ? queryClient.invalidateQueries({ queryKey: ['patient', patient] }) : undefined,
  ]);
