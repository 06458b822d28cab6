import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, call, create, idempotencyKey, inBackground, readHeaders } from '../api/client';
import type { Session } from '../api/types';
import { nextContactDays, suggestNext } from '../contacts/cadence';
import { isLate } from '../referrals/referrals_page';
import { issueFor } from '../ui/states';
import { secondsLeft } from './idle';

const response = (status: number) => new Response(null, { status });

describe('requests', () => {
  it('the same words sent again carry the same key; other words another', () => {
    const key = idempotencyKey('/x', { a: 1 });
    expect(idempotencyKey('/x', { a: 1 })).toEqual(key);
    expect(idempotencyKey('/x', { a: 2 })).not.toEqual(key);
    expect(idempotencyKey('/y', { a: 1 })).not.toEqual(key);
  });
  it('after a lost answer the key stays; after success the same words are a new intention', async () => {
    const keys: string[] = [];
    const post = (answer: () => Promise<{ data?: number; response: Response }>) =>
      create('/z', { note: 'x' }, (key) => {
        keys.push(key['Idempotency-Key']!);
        return answer();
      });
    const lost = () => Promise.reject(new ApiError(0, { title: 'offline', status: 0, code: 'offline' }));
    await expect(post(lost)).rejects.toThrow();
    await post(async () => ({ data: 1, response: response(201) }));
    await post(async () => ({ data: 1, response: response(201) }));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
  it('only what a machine started is marked as background', () => {
    let inside = {};
    inBackground(() => {
      inside = readHeaders();
    });
    expect(inside).toEqual({ 'X-Concord-Background': '1' });
    expect(readHeaders()).toEqual({});
  });
  it('a problem keeps its issues, and a field finds its own', async () => {
    const problem = {
      title: 'no',
      status: 422,
      code: 'invalid',
      issues: [{ path: '/measurements/0/total', text: '0 to 27' }],
    };
    const error = await call(Promise.resolve({ error: problem, response: response(422) })).catch(
      (caught: unknown) => caught,
    );
    expect(issueFor(error, 'measurements')).toBe('0 to 27');
    expect(issueFor(error, 'note')).toBeUndefined();
  });
});

describe('the end of a session', () => {
  const session = (expires: string) => ({ idle_timeout_seconds: 900, expires_at: expires }) as Session;
  const now = Date.parse('2026-03-03T12:00:00Z');
  it('comes 15 minutes after the last work, however old the first answer is', () => {
    const early = session('2026-03-03T11:20:00Z');
    expect(secondsLeft(early, Date.parse('2026-03-03T11:05:00Z'), now - 60_000, now)).toBe(840);
  });
  it('comes at the absolute end when that is nearer', () => {
    expect(secondsLeft(session('2026-03-03T12:05:00Z'), now - 60_000, now, now)).toBe(300);
  });
});

describe('the rhythm of contacts', () => {
  afterEach(() => vi.restoreAllMocks());
  const episode = (enrolled_date: string, state: 'active' | 'relapse_prevention' = 'active') => ({
    id: 'e',
    state,
    referred_date: enrolled_date,
    enrolled_date,
    version: 1,
  });
  it('is weekly in month 1, every two weeks in months 2 and 3, then every four', () => {
    expect(nextContactDays(episode('2026-03-01'), '2026-03-03')).toBe(7);
    expect(nextContactDays(episode('2026-02-01'), '2026-03-03')).toBe(14);
    expect(nextContactDays(episode('2025-11-01'), '2026-03-03')).toBe(28);
    expect(nextContactDays(episode('2026-03-01', 'relapse_prevention'), '2026-03-03')).toBe(28);
  });
  it('never suggests a weekend', () => {
    expect(suggestNext(episode('2026-03-01'), '2026-03-07')).toBe('2026-03-16');
  });
});

describe('a referral', () => {
  it('is late without an attempt after two days, or without an outcome after fourteen', () => {
    const attempt = { id: 'a', at: '', on: '', modality: 'phone', result: 'no_answer' };
    expect(isLate({ attempts: [], age_days: 2, outcome: null })).toBe(false);
    expect(isLate({ attempts: [], age_days: 3, outcome: null })).toBe(true);
    expect(isLate({ attempts: [attempt], age_days: 10, outcome: null })).toBe(false);
    expect(isLate({ attempts: [attempt], age_days: 15, outcome: null })).toBe(true);
    expect(isLate({ attempts: [attempt], age_days: 40, outcome: 'declined' })).toBe(false);
  });
});
