import { describe, expect, it } from 'vitest';
import type { CheckIn } from '../api/patient_side';
import { checkInState, formsWords, isOpen, isUnseenCheckIn } from './words';

const row = (change: Partial<CheckIn>): CheckIn => ({
  id: 'c',
  patient_id: 'p',
  site_id: 's',
  channel: 'link',
  why: 'staff',
  state: 'sent',
  language: 'en',
  forms: [
    { instrument: 'phq-9', title: 'Patient Health Questionnaire-9 (PHQ-9)' },
    { instrument: 'gad-7', title: '' },
  ],
  answered: 0,
  questions: 16,
  on_behalf: false,
  made_at: '2026-03-01T10:00:00Z',
  expires_at: '2026-03-08T10:00:00Z',
  identity_verified: false,
  version: 1,
  ...change,
});

describe('a check-in', () => {
  it('names its forms as colleagues do, by their code when they have no title', () => {
    expect(formsWords(row({}))).toBe('PHQ-9, GAD-7');
  });
  it('says where it stands', () => {
    expect(checkInState(row({}))).toBe('sent, not opened yet');
    expect(checkInState(row({ state: 'made' }))).toBe('waits to be sent');
    expect(checkInState(row({ state: 'made', channel: 'kiosk' }))).toBe('not opened yet');
    expect(checkInState(row({ state: 'started', answered: 3 }))).toBe('started: 3 of 16 answered');
    expect(checkInState(row({ state: 'submitted' }))).toBe('answered, not yet seen');
    expect(checkInState(row({ state: 'submitted', seen_at: '2026-03-02T10:00:00Z' }))).toBe(
      'answered and seen',
    );
  });
  it('says why it ended without an answer', () => {
    expect(checkInState(row({ state: 'revoked', ended_why: 'wrong_person' }))).toBe(
      'ended: “this is not me” was pressed',
    );
    expect(checkInState(row({ state: 'revoked', ended_why: 'replaced' }))).toBe('a newer one took its place');
    expect(checkInState(row({ state: 'expired' }))).toBe('ran out without an answer');
  });
  it('waits to be read only when it was answered and nobody has', () => {
    expect(isUnseenCheckIn(row({ state: 'submitted' }))).toBe(true);
    expect(isUnseenCheckIn(row({ state: 'submitted', seen_at: '2026-03-02T10:00:00Z' }))).toBe(false);
    expect(isUnseenCheckIn(row({ state: 'started' }))).toBe(false);
  });
  it('can be sent again only while it is open', () => {
    expect(isOpen(row({ state: 'started' }))).toBe(true);
    expect(isOpen(row({ state: 'submitted' }))).toBe(false);
    expect(isOpen(row({ state: 'revoked' }))).toBe(false);
  });
});
