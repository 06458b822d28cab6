import { I18nProvider } from '@lingui/react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { queryClient } from '../api/queries';
import { activate, i18n } from './i18n';
import { OutOfDate } from './out_of_date';

const WORDS = /may be out of date/;
let answer: () => Promise<string>;
const fails = (status: number) => () =>
  Promise.reject(new ApiError(status, { title: '', status, code: status === 401 ? 'not_signed_in' : '' }));

function Shown() {
  const read = useQuery({ queryKey: ['thing'], queryFn: () => answer(), retry: false });
  return <p>{read.data}</p>;
}
const page = (shown: boolean) => (
  <QueryClientProvider client={queryClient}>
    <I18nProvider i18n={i18n}>
      <OutOfDate />
      {shown && <Shown />}
    </I18nProvider>
  </QueryClientProvider>
);
const again = () => act(() => queryClient.invalidateQueries());

beforeEach(() => activate('en'));
afterEach(() => {
  cleanup();
  queryClient.clear();
});

it('says nothing while everything was read', async () => {
  answer = () => Promise.resolve('read');
  render(page(true));
  await screen.findByText('read');
  expect(screen.queryByText(WORDS)).toBeNull();
});

it('says so when a refresh fails, keeps what was read, and goes when it is read again', async () => {
  answer = () => Promise.resolve('read');
  render(page(true));
  await screen.findByText('read');
  answer = fails(0);
  await again();
  await screen.findByText(WORDS);
  screen.getByText('read');
  answer = () => Promise.resolve('newer');
  await act(async () => screen.getByRole('button', { name: 'Try again' }).click());
  await screen.findByText('newer');
  expect(screen.queryByText(WORDS)).toBeNull();
});

it('leaves an ended session to the sign-in on top of the page', async () => {
  answer = () => Promise.resolve('read');
  render(page(true));
  await screen.findByText('read');
  answer = fails(401);
  await again();
  screen.getByText('read');
  expect(screen.queryByText(WORDS)).toBeNull();
});

it('says nothing of what is on no page any more', async () => {
  answer = () => Promise.resolve('read');
  const { rerender } = render(page(true));
  await screen.findByText('read');
  answer = fails(500);
  await again();
  await screen.findByText(WORDS);
  rerender(page(false));
  expect(screen.queryByText(WORDS)).toBeNull();
});
