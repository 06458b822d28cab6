import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useSave } from './save';

afterEach(cleanup);

function start() {
  const answers: { come: (value: string) => void; fail: (error: Error) => void }[] = [];
  const work = vi.fn(
    (_: string) =>
      new Promise<string>((come, fail) => {
        answers.push({ come, fail });
      }),
  );
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook(() => useSave(work, () => undefined), { wrapper });
  return { answers, work, save: () => hook.result.current, hook };
}

describe('saving', () => {
  it('goes out once for two presses, even before the first is drawn', async () => {
    const { work, save } = start();
    await act(async () => {
      const { save: press } = save();
      press('a');
      press('a');
    });
    expect(work).toHaveBeenCalledTimes(1);
    await act(async () => save().save('a'));
    expect(work).toHaveBeenCalledTimes(1);
  });
  it('can be tried again after it failed, and done again after it was saved', async () => {
    const { work, save, answers } = start();
    await act(async () => save().save('a'));
    await act(async () => answers[0]!.fail(new Error('no')));
    await vi.waitFor(() => expect(save().error).toBeTruthy());
    await act(async () => save().save('a'));
    expect(work).toHaveBeenCalledTimes(2);
    await act(async () => answers[1]!.come('saved'));
    await vi.waitFor(() => expect(save().saving).toBe(false));
    await act(async () => save().save('b'));
    expect(work).toHaveBeenCalledTimes(3);
  });
  it('begins anew after a reset while the first is still out', async () => {
    const { work, save } = start();
    await act(async () => save().save('a'));
    await act(async () => save().reset());
    await act(async () => save().save('b'));
    expect(work).toHaveBeenCalledTimes(2);
  });
});
