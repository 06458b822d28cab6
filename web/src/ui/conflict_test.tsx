import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { Conflict } from './conflict';

const fields = [
  { key: 'note', label: 'Note', theirs: 'Walked twice.', yours: 'Slept badly.', joinable: true },
  { key: 'minutes', label: 'Minutes', theirs: '20', yours: '24' },
  { key: 'same', label: 'Same', theirs: 'x', yours: 'x' },
];
function show() {
  const resolved = vi.fn();
  render(
    <I18nProvider i18n={i18n}>
      <Conflict fields={fields} onResolve={resolved} onCancel={() => undefined} />
    </I18nProvider>,
  );
  return resolved;
}

describe('conflict', () => {
  it('shows theirs beside yours, only where they differ', () => {
    show();
    expect(screen.getByText('Walked twice.')).toBeTruthy();
    expect(screen.getByText('Slept badly.')).toBeTruthy();
    expect(screen.queryByText('Same')).toBeNull();
  });
  it('does not say twice what both say', () => {
    const resolved = vi.fn();
    const same = [
      { key: 'wants', label: 'Wants', theirs: 'Sleep.', yours: 'Sleep.', joinable: true },
      { key: 'note', label: 'Note', theirs: 'A', yours: 'B', joinable: true },
    ];
    render(
      <I18nProvider i18n={i18n}>
        <Conflict fields={same} onResolve={resolved} onCancel={() => undefined} />
      </I18nProvider>,
    );
    fireEvent.click(screen.getByText('Save this'));
    expect(resolved).toHaveBeenCalledWith({ wants: 'Sleep.', note: 'A\n\nB' });
  });
  it('keeps both words of a note unless told otherwise, and your number', () => {
    const resolved = show();
    fireEvent.click(screen.getByRole('button', { name: 'Save this' }));
    expect(resolved).toHaveBeenCalledWith({
      note: 'Walked twice.\n\nSlept badly.',
      minutes: '24',
      same: 'x',
    });
  });
  it('takes theirs when chosen', () => {
    const resolved = show();
    fireEvent.click(screen.getAllByRole('radio', { name: 'Keep theirs' })[1]!);
    fireEvent.click(screen.getByRole('button', { name: 'Save this' }));
    expect(resolved.mock.calls[0]![0].minutes).toBe('20');
  });
});
