import type { UseQueryResult } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { unreadable } from './states';

const failed = (status: number, data?: string) =>
  ({
    isError: true,
    data,
    error: new ApiError(status, { title: '', status, code: '' }),
  }) as unknown as UseQueryResult<string>;

describe('what may not stand on a page', () => {
  it('is what never came', () => {
    expect(unreadable(failed(500))).toBe(true);
    expect(unreadable(failed(0))).toBe(true);
  });
  it('is what the server no longer shows to this person', () => {
    expect(unreadable(failed(403, 'read before'))).toBe(true);
    expect(unreadable(failed(404, 'read before'))).toBe(true);
  });
  it('is not what was read before an ended session, a lost connection or a fault', () => {
    for (const status of [0, 401, 429, 500, 503])
      expect(unreadable(failed(status, 'read before'))).toBe(false);
  });
  it('is not what was read well or is still being read', () => {
    expect(unreadable({ isError: false, data: 'read' } as UseQueryResult<string>)).toBe(false);
    expect(unreadable({ isError: false, data: undefined } as UseQueryResult<string>)).toBe(false);
  });
});
