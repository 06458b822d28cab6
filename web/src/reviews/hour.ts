// The clock and the place in a review hour. Pure: now is given.
import type { Agenda, AgendaItem, ReviewSession } from '../api/types';
import { dateOf, timeOf } from '../ui/dates';

/**
 * Minutes left of the hour. A session of today with a starting time runs by the clock on the wall from then on;
 * any other runs from the moment its first patient was opened. Never below zero.
 */
export function minutesLeft(
  session: Pick<ReviewSession, 'date' | 'starts_at' | 'minutes'>,
  openedAt: number,
  now: number,
  zone?: string,
) {
  let passed = Math.floor((now - openedAt) / 60_000);
  const iso = new Date(now).toISOString();
  if (session.starts_at && dateOf(iso, zone) === session.date) {
    const [h, m] = session.starts_at.split(':').map(Number) as [number, number];
    const [nowH, nowM] = timeOf(iso, zone).split(':').map(Number) as [number, number];
    const sinceStart = nowH * 60 + nowM - (h * 60 + m);
    // Before its time, or long after it, the wall says nothing about this sitting.
    if (sinceStart >= 0 && sinceStart <= session.minutes) passed = sinceStart;
  }
  return Math.max(0, session.minutes - passed);
}

/** Who is discussed, in order: what fits, and what did not. */
export const inOrder = (agenda: Agenda): AgendaItem[] => [...agenda.items, ...agenda.cut];

/** Where to begin: the first person not yet reviewed, else the first. */
export function firstOpen(items: AgendaItem[]) {
  return (items.find((item) => !item.review_id) ?? items[0])?.patient.id;
}

/** The neighbour in the list, or undefined at its end. */
export function neighbour(items: AgendaItem[], patient: string | undefined, step: 1 | -1) {
  const at = items.findIndex((item) => item.patient.id === patient);
  return at < 0 ? items[0]?.patient.id : items[at + step]?.patient.id;
}

/** The list with one person moved by a step; the same list when that is not possible. */
export function moved(ids: string[], id: string, step: 1 | -1) {
  const at = ids.indexOf(id);
  const to = at + step;
  if (at < 0 || to < 0 || to >= ids.length) return ids;
  const next = [...ids];
  next[at] = next[to]!;
  next[to] = id;
  return next;
}
