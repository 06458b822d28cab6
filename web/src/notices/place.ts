// Where a notice leads: to the place where the thing can be done.
import type { LinkProps } from '@tanstack/react-router';
import type { NoticeRow } from '../api/types';

export type Place = Pick<LinkProps, 'to' | 'params' | 'search'>;

export function placeOf(notice: Pick<NoticeRow, 'kind' | 'patient_id' | 'object_id'>): Place {
  const { kind, patient_id: patient, object_id: object } = notice;
  const [family] = kind.split(/[._]/);
  if (patient) {
    if (family === 'safety')
      return {
        to: '/patients/$patient/safety',
        params: { patient },
        search: { event: object ?? undefined },
      } as Place;
    if (family === 'recommendation' && object)
      return {
        to: '/patients/$patient/recommendations/$recommendation',
        params: { patient, recommendation: object },
      } as Place;
    if (family === 'task') return { to: '/tasks', search: { open: object ?? undefined } } as Place;
    if (family === 'conversation')
      return { to: '/patients/$patient', params: { patient }, search: { do: 'conversation' } } as Place;
    return { to: '/patients/$patient', params: { patient } } as Place;
  }
  if (family === 'task') return { to: '/tasks', search: { open: object ?? undefined } } as Place;
  if (family === 'question' || family === 'review') return { to: '/reviews' } as Place;
  if (family === 'messages') return { to: '/messages' } as Place;
  return { to: '/notices' } as Place;
}
