import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import type { Instrument } from '../api/types';
import { draftBody, emptyDraft, isSkipped, type ScoreDraft, ScoreEntry, sharedScale } from './score_entry';

const scale = ['Not at all', 'Several days', 'More than half the days', 'Nearly every day'].map(
  (label, value) => ({ value, label }),
);
const instrument: Instrument = {
  id: 'phq-9',
  version: '1',
  title: 'PHQ-9',
  short_title: 'PHQ-9',
  stem: 'Over the last 2 weeks',
  entry: 'items',
  total_min: 0,
  total_max: 27,
  items: [1, 2, 3, 9].map((n) => ({
    id: `q${n}`,
    text: `Question ${n}`,
    safety: n === 9,
    options: scale,
    skip_when: [],
  })),
};

let last: ScoreDraft = emptyDraft('phq-9');
function Entry() {
  const [draft, setDraft] = useState(last);
  last = draft;
  return <ScoreEntry draft={draft} onChange={setDraft} language="en" pick={false} />;
}
function show() {
  last = emptyDraft('phq-9');
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  queries.setQueryData(['instruments'], { items: [] });
  queries.setQueryData(['instrument', 'phq-9', 'en'], instrument);
  render(
    <QueryClientProvider client={queries}>
      <I18nProvider i18n={i18n}>
        <Entry />
      </I18nProvider>
    </QueryClientProvider>,
  );
}

describe('score entry', () => {
  it('digits answer and walk on, so that a call needs one hand', () => {
    show();
    const group = (n: number) => screen.getByRole('radiogroup', { name: new RegExp(`Question ${n}`) });
    const first = group(1).querySelector('input')!;
    first.focus();
    fireEvent.keyDown(first, { key: '2' });
    expect(last.answers).toEqual({ q1: 2 });
    expect(group(2).contains(document.activeElement)).toBe(true);
    fireEvent.keyDown(document.activeElement!, { key: '7' });
    expect(last.answers).toEqual({ q1: 2 });
  });
  it('a positive safety answer shows what to do now, before anything is saved', () => {
    show();
    expect(screen.queryByText('This answer is about self-harm.')).toBeNull();
    const item = screen.getByRole('radiogroup', { name: /Question 9/ }).querySelector('input')!;
    fireEvent.keyDown(item, { key: '1' });
    expect(screen.getByText('This answer is about self-harm.')).toBeTruthy();
    expect(screen.getByRole('link', { name: '988' })).toBeTruthy();
  });
  it('sends answers or the total, and nothing when nothing was entered', () => {
    const draft = emptyDraft('phq-9');
    expect(draftBody(draft, { mode: 'phone' })).toBeNull();
    expect(draftBody({ ...draft, how: 'total', total: '0' }, { mode: 'phone' })).toMatchObject({ total: 0 });
    expect(draftBody({ ...draft, answers: { q1: 0 } }, { mode: 'phone' })).toMatchObject({
      answers: { q1: 0 },
    });
  });
  it('sends an item left blank as a blank, which the server scores by its rule', () => {
    const draft = { ...emptyDraft('phq-9'), answers: { q1: 2 }, asked: ['q1', 'q2'] };
    expect(draftBody(draft, { mode: 'phone' })).toMatchObject({ answers: { q1: 2, q2: null } });
  });
  it('says the shared answers once', () => {
    expect(sharedScale(instrument)).toEqual(scale);
    expect(sharedScale({ ...instrument, items: instrument.items.slice(0, 2) })).toBeNull();
  });
  it('leaves out what a gate makes pointless', () => {
    const item = { ...instrument.items[1]!, skip_when: [[{ item: 'q1', equals: 0 }]] };
    expect(isSkipped(item, { q1: 0 })).toBe(true);
    expect(isSkipped(item, { q1: 1 })).toBe(false);
  });
});
