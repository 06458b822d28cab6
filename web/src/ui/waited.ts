// How long something has waited, in the words of a colleague.
import { plural, t } from '@lingui/core/macro';

/** "just now", "for 20 minutes", "for 3 hours", "for 2 days" */
export function waitedWords(since: string, now = Date.now()): string {
  const minutes = Math.floor((now - new Date(since).getTime()) / 60_000);
  if (minutes < 2) return t`just now`;
  if (minutes < 90) return plural(minutes, { one: 'for # minute', other: 'for # minutes' });
  const hours = Math.round(minutes / 60);
  if (hours < 36) return plural(hours, { one: 'for # hour', other: 'for # hours' });
  return plural(Math.round(hours / 24), { one: 'for # day', other: 'for # days' });
}
