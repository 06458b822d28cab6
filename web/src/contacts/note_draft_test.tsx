import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, client } from '../api/client';
import { useKeptDraft } from './note_draft';

const answer = (data: unknown) => ({ data, response: new Response(null, { status: 200 }) });
const kept = (text: string, version: number) => ({
  key: 'k',
  text,
  version,
  updated_at: '2026-03-03T10:00:00Z',
});
const settle = async () => {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(1500);
  });
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function start(before: ReturnType<typeof kept> | null = null) {
  const put = vi
    .spyOn(client, 'PUT')
    .mockImplementation((async (_path: string, init: { body: { text: string } }) =>
      answer(kept(init.body.text, 1))) as never);
  const hook = renderHook(({ text }) => useKeptDraft('k', text, 'blank', before), {
    initialProps: { text: before?.text ?? 'blank' },
  });
  const bodies = () =>
    (put.mock.calls as unknown as [string, { body: unknown }][]).map(([, init]) => init.body);
  return { put, hook, bodies };
}

describe('a note being written', () => {
  it('is not kept before anything was typed', async () => {
    const { put } = start();
    await settle();
    expect(put).not.toHaveBeenCalled();
  });
  it('is kept once after a pause, with the last words', async () => {
    const { hook, bodies } = start();
    hook.rerender({ text: 'a' });
    hook.rerender({ text: 'ab' });
    await settle();
    expect(bodies()).toEqual([{ text: 'ab', version: undefined }]);
    expect(hook.result.current.state).toBe('kept');
  });
  it('is kept when the page is left before the pause is over', async () => {
    const { hook, bodies } = start();
    hook.rerender({ text: 'last words' });
    hook.unmount();
    await settle();
    expect(bodies()).toEqual([{ text: 'last words', version: undefined }]);
  });
  it('is not written over another window’s words before a person said so', async () => {
    const { hook, put, bodies } = start(kept('old', 3));
    put.mockImplementationOnce((async () => {
      throw new ApiError(412, {
        title: '',
        status: 412,
        code: 'edited_meanwhile',
        current: kept('theirs', 4) as never,
      });
    }) as never);
    hook.rerender({ text: 'mine' });
    await settle();
    expect(hook.result.current.state).toBe('elsewhere');
    hook.rerender({ text: 'mine and more' });
    await settle();
    expect(put).toHaveBeenCalledTimes(1);
    await act(async () => hook.result.current.mine());
    expect(bodies().at(-1)).toEqual({ text: 'mine and more', version: 4 });
  });
  it('is tried again after a failure, without another key pressed', async () => {
    const { hook, put, bodies } = start();
    put.mockImplementationOnce((async () => {
      throw new ApiError(401, { title: '', status: 401, code: 'not_signed_in' });
    }) as never);
    hook.rerender({ text: 'a' });
    await settle();
    expect(hook.result.current.state).toBe('failed');
    await act(async () => {
      await vi.advanceTimersByTimeAsync(10_000);
    });
    expect(bodies()).toEqual([
      { text: 'a', version: undefined },
      { text: 'a', version: undefined },
    ]);
    expect(hook.result.current.state).toBe('kept');
    await settle();
    expect(put).toHaveBeenCalledTimes(2);
  });
  /** The server's answers come when the test says so. */
  function held(put: ReturnType<typeof start>['put']) {
    const answers: (() => void)[] = [];
    let version = 0;
    put.mockImplementation(
      ((_path: string, init: { body: { text: string } }) =>
        new Promise((resolve) => {
          version += 1;
          const row = kept(init.body.text, version);
          answers.push(() => resolve(answer(row)));
        })) as never,
    );
    return async () => {
      answers.shift()?.();
      await settle();
    };
  }
  it('is not sent again before the last answer came: a slow line is not another window', async () => {
    const { hook, put, bodies } = start();
    const come = held(put);
    hook.rerender({ text: 'a' });
    await settle();
    hook.rerender({ text: 'ab' });
    await settle();
    expect(bodies()).toEqual([{ text: 'a', version: undefined }]);
    await come();
    expect(bodies()[1]).toEqual({ text: 'ab', version: 1 });
    await come();
    expect(put).toHaveBeenCalledTimes(2);
    expect(hook.result.current.state).toBe('kept');
  });
  it('is removed only after what was on its way has arrived', async () => {
    const { hook, put } = start();
    const remove = vi.spyOn(client, 'DELETE').mockImplementation((async () => answer(null)) as never);
    const come = held(put);
    hook.rerender({ text: 'a' });
    await settle();
    const gone = hook.result.current.done();
    await settle();
    expect(remove).not.toHaveBeenCalled();
    await come();
    await gone;
    expect(remove).toHaveBeenCalledTimes(1);
  });
});
