// Billing sees a name, never the chart.
import { queryOptions } from '@tanstack/react-query';
import { call, client, readHeaders } from '../api/client';

export const patientNameQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'name'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });
