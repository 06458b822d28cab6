import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, client } from '../api/client';
import { queryClient } from '../api/queries';
import { useReviewDraft } from './draft';
import { reviewPageQuery } from './queries';

const put = vi.spyOn(client, 'PUT');
const answer = (status: number, body: unknown) =>
  ({
    data: status < 400 ? body : undefined,
    error: status < 400 ? undefined : body,
    response: new Response(null, { status }),
  }) as never;
type Sent = [string, { params: { header: Record<string, string> } }];
const versions = () =>
  (put.mock.calls as unknown as Sent[]).map(([, options]) => options.params.header['If-Match']);

describe('a draft that keeps itself', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    put.mockReset();
  });
  afterEach(() => vi.useRealTimers());

  it('saves once after the typing settles, then from the version it got', async () => {
    put.mockResolvedValueOnce(answer(200, { content: {}, version: 1, saved_at: '2026-03-03T13:00:00Z' }));
    put.mockResolvedValueOnce(answer(200, { content: {}, version: 2, saved_at: '2026-03-03T13:01:00Z' }));
    const { result } = renderHook(() => useReviewDraft('p', 's', null));
    act(() => result.current.change({ notes: 'a' }));
    act(() => result.current.change({ notes: 'ab' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(put).toHaveBeenCalledTimes(1);
    expect(result.current.state).toBe('saved');
    act(() => result.current.change({ notes: 'abc' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(versions()).toEqual(['"0"', '"1"']);
  });

  it('shows what another window saved, and saves both on top of it', async () => {
    put.mockResolvedValueOnce(
      answer(412, {
        title: 'x',
        status: 412,
        code: 'edited_meanwhile',
        current: { content: { notes: 'theirs' }, version: 4 },
      }),
    );
    put.mockResolvedValueOnce(answer(200, { content: {}, version: 5 }));
    const { result } = renderHook(() => useReviewDraft('p', undefined, null));
    act(() => result.current.change({ notes: 'mine' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(result.current.theirs?.content.notes).toBe('theirs');
    act(() => result.current.keepMine(result.current.theirs!, { notes: 'theirs\n\nmine' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(versions()).toEqual(['"0"', '"4"']);
    expect(result.current.state).toBe('saved');
  });

  it('says so when it could not be kept, and tries again when asked', async () => {
    put.mockResolvedValueOnce(answer(503, { title: 'x', status: 503, code: 'overloaded' }));
    put.mockResolvedValueOnce(answer(200, { content: {}, version: 1 }));
    const { result } = renderHook(() => useReviewDraft('p', 's', null));
    act(() => result.current.change({ notes: 'a' }));
    await act(() => vi.advanceTimersByTimeAsync(1000));
    expect(result.current.state).toBe('failed');
    await act(async () => result.current.retry());
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(result.current.state).toBe('saved');
  });

  it('saves what waits when the page is left, and nothing after signing', async () => {
    put.mockResolvedValue(answer(200, { content: {}, version: 1 }));
    const left = renderHook(() => useReviewDraft('p', 's', null));
    act(() => left.result.current.change({ notes: 'a' }));
    left.unmount();
    await vi.advanceTimersByTimeAsync(10);
    expect(put).toHaveBeenCalledTimes(1);
    const signed = renderHook(() => useReviewDraft('p', 's', null));
    act(() => signed.result.current.change({ notes: 'b' }));
    act(() => signed.result.current.end());
    signed.unmount();
    await vi.advanceTimersByTimeAsync(2000);
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('is what somebody finds who leaves and comes back at once', async () => {
    let arrive = (_: never) => {};
    put.mockReturnValueOnce(
      new Promise((resolve) => {
        arrive = resolve;
      }) as never,
    );
    const get = vi.spyOn(client, 'GET').mockResolvedValue(answer(200, { draft: { version: 1 } }));
    const page = reviewPageQuery('away', 's');
    queryClient.setQueryData(page.queryKey, { draft: null } as never);
    const { result, unmount } = renderHook(() => useReviewDraft('away', 's', null));
    act(() => result.current.change({ notes: 'a' }));
    unmount();
    const back = queryClient.fetchQuery(page);
    await vi.advanceTimersByTimeAsync(10);
    expect(get).not.toHaveBeenCalled();
    arrive(answer(200, { content: {}, version: 1 }));
    await vi.advanceTimersByTimeAsync(10);
    expect((await back).draft?.version).toBe(1);
  });

  const unreachable = () =>
    put.mockRejectedValue(new ApiError(0, { title: 'offline', status: 0, code: 'offline' }));
  it('waits in this window when it could not be kept after the page was left, and is kept on coming back', async () => {
    unreachable();
    const before = renderHook(() => useReviewDraft('lost', 's', null));
    act(() => before.result.current.change({ notes: 'the last words' }));
    before.unmount();
    await vi.advanceTimersByTimeAsync(10);
    put.mockReset();
    put.mockResolvedValue(answer(200, { content: {}, version: 1 }));
    const { result, unmount } = renderHook(() => useReviewDraft('lost', 's', null));
    expect(result.current.words.notes).toBe('the last words');
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(result.current.state).toBe('saved');
    unmount();
    await vi.advanceTimersByTimeAsync(10);
    expect(renderHook(() => useReviewDraft('lost', 's', null)).result.current.words.notes).toBe('');
  });

  it('that waited in this window stands beside what another window saved meanwhile', async () => {
    unreachable();
    const before = renderHook(() => useReviewDraft('both', 's', null));
    act(() => before.result.current.change({ notes: 'mine' }));
    before.unmount();
    await vi.advanceTimersByTimeAsync(10);
    put.mockReset();
    const theirs = { content: { notes: 'theirs' }, version: 3 } as never;
    const { result } = renderHook(() => useReviewDraft('both', 's', theirs));
    await act(() => vi.advanceTimersByTimeAsync(10));
    expect(result.current.words.notes).toBe('mine');
    expect(result.current.theirs?.content.notes).toBe('theirs');
    expect(put).not.toHaveBeenCalled();
  });

  it('leaves the page as it was read when nothing was written', async () => {
    const page = reviewPageQuery('reading', 's');
    queryClient.setQueryData(page.queryKey, { draft: null } as never);
    renderHook(() => useReviewDraft('reading', 's', null)).unmount();
    expect(queryClient.getQueryData(page.queryKey)).toBeDefined();
  });
});
