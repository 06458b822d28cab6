import { expect, it } from 'vitest';
import type { CommunityReferral } from '../api/patient_side';
import { referralState } from './words';

const row = (change: Partial<CommunityReferral>): CommunityReferral => ({
  id: 'r',
  need: { id: 'n', kind: 'housing' },
  service: { id: 's', name: 'Riverside Housing Help' },
  state: 'sent',
  sent_on: '2026-03-01',
  sent_by_way: 'phone',
  shares: ['name'],
  due_on: '2026-03-15',
  overdue_days: 0,
  version: 1,
  ...change,
});

it('a referral outside is seen only when somebody said who confirms it', () => {
  expect(referralState(row({}), '2026-03-10')).toBe('sent, no answer yet');
  expect(
    referralState(row({ state: 'seen', seen_on: '2026-03-09', seen_confirmed_by: 'service' }), '2026-03-10'),
  ).toBe('seen Mon 9 Mar, confirmed by the service');
});
it('a referral that ended says how and why', () => {
  expect(
    referralState(row({ state: 'closed', outcome: 'not_met', reason: 'no flat was free' }), '2026-03-10'),
  ).toBe('closed, not met, no flat was free');
  expect(referralState(row({ state: 'declined', reason: 'only for families' }), '2026-03-10')).toBe(
    'declined by the service: only for families',
  );
});
