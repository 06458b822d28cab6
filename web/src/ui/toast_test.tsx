import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { say, Toasts } from './toast';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  act(() => void vi.advanceTimersByTime(60_000));
  cleanup();
  vi.useRealTimers();
});

describe('what just happened', () => {
  it('offers one way back, and goes once it was taken', () => {
    const undo = vi.fn();
    render(<Toasts />);
    act(() => say('Put off until Tue 3 Mar.', { label: 'Undo', act: undo }));
    act(() => screen.getByRole('button', { name: 'Undo' }).click());
    expect(undo).toHaveBeenCalledTimes(1);
    expect(screen.queryByText('Put off until Tue 3 Mar.')).toBeNull();
  });
  it('stays longer when there is something to press', () => {
    render(<Toasts />);
    act(() => say('Saved.'));
    act(() => say('Put off.', { label: 'Undo', act: () => undefined }));
    act(() => void vi.advanceTimersByTime(11_000));
    expect(screen.queryByText('Saved.')).toBeNull();
    expect(screen.queryByText('Put off.')).not.toBeNull();
    act(() => void vi.advanceTimersByTime(10_000));
    expect(screen.queryByText('Put off.')).toBeNull();
  });
});
