import { describe, expect, it } from 'vitest';
import type { PatientOut } from '../api/patient_side';
import { cannotReach, deliveryWords, failed, reachWords } from './words';

const out = (change: Partial<PatientOut>): PatientOut => ({
  id: 'm',
  kind: 'checkins.asked',
  channel: 'sms',
  to_self: true,
  state: 'sent',
  delivery: null,
  queued_at: '2026-03-03T10:00:00Z',
  attempts: 1,
  ...change,
});

describe('a message to a patient', () => {
  it('is delivered only when the other side said so', () => {
    expect(deliveryWords(out({}))).toBe('sent');
    expect(deliveryWords(out({ delivery: 'delivered' }))).toBe('delivered');
  });
  it('failed when it came back, also after it was sent', () => {
    expect(deliveryWords(out({ delivery: 'undelivered' }))).toBe('not delivered');
    expect(failed(out({ delivery: 'undelivered' }))).toBe(true);
    expect(failed(out({ state: 'dead' }))).toBe(true);
    expect(failed(out({ state: 'retrying' }))).toBe(false);
  });
  it('says that it waits for the morning', () => {
    expect(deliveryWords(out({ state: 'queued', not_before: '2026-03-04T14:00:00Z' }))).toBe(
      'waits for the end of quiet hours',
    );
  });
  it('that cannot go says why and what to do', () => {
    expect(reachWords({ channel: 'sms', why_not: '' }, 'Ana')).toBe('Goes to Ana by text message.');
    expect(reachWords({ channel: null, why_not: 'stopped' }, 'Ana')).toContain('Only Ana can start them');
    expect(cannotReach('no_address', 'Ana')).toContain('Add one');
  });
});
