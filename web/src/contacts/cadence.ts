// When the next contact is due: weekly in the first month, every two weeks in months 2 and 3, then every
// four; monthly in relapse prevention (domain.md, contact.due). A suggestion; the person decides.
import type { Episode } from '../api/types';
import { addDays, type DateText, daysBetween } from '../ui/dates';

export function nextContactDays(episode: Episode | null | undefined, today: DateText): number {
  if (!episode || episode.state === 'referred' || episode.state === 'assessed') return 2;
  if (episode.state === 'relapse_prevention') return 28;
  const days = episode.enrolled_date ? daysBetween(episode.enrolled_date, today) : 0;
  if (days < 28) return 7;
  return days < 84 ? 14 : 28;
}

export function suggestNext(episode: Episode | null | undefined, today: DateText): DateText {
  const date = addDays(today, nextContactDays(episode, today));
  // A weekend moves to Monday.
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  return weekday === 6 ? addDays(date, 2) : weekday === 0 ? addDays(date, 1) : date;
}
