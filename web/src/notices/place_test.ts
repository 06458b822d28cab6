import { describe, expect, it } from 'vitest';
import { placeOf } from './place';

const at = (kind: string, patient_id: string | null = 'p', object_id: string | null = 'o') =>
  placeOf({ kind, patient_id, object_id });

describe('where a notice leads', () => {
  it('safety to the event, a recommendation to its page', () => {
    expect(at('safety.escalated')).toEqual({
      to: '/patients/$patient/safety',
      params: { patient: 'p' },
      search: { event: 'o' },
    });
    expect(at('recommendation.sent').params).toEqual({ patient: 'p', recommendation: 'o' });
    expect(at('recommendation_sent').to).toBe('/patients/$patient/recommendations/$recommendation');
  });
  it('a task to the tasks, with or without a patient', () => {
    expect(at('task.handed_over').to).toBe('/tasks');
    expect(at('task.handed_over', null).search).toEqual({ open: 'o' });
  });
  it('an unknown kind to the patient, and without one to the list', () => {
    expect(at('something.new')).toEqual({ to: '/patients/$patient', params: { patient: 'p' } });
    expect(at('messages.failing', null)).toEqual({ to: '/messages' });
    expect(at('something.new', null)).toEqual({ to: '/notices' });
  });
});
