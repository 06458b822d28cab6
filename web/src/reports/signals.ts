// What a chart shows, in words; the rules are the server's (rulesets/run-charts-2026.json).
import { plural, t } from '@lingui/core/macro';
import { monthIn, monthOf } from '../ui/months';
import type { SignalRow } from './queries';

/** Months from one to the other, both counted. */
export function monthsBetween(from: string, to: string) {
  const at = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return at(to) - at(from) + 1;
}
/** "March to August 2026"; one month alone. */
export function monthSpan(from: string, to: string) {
  const [first, last] = [monthIn(monthOf(from)), monthIn(monthOf(to))];
  if (first === last) return first;
  const bare = first.replace(/ (de )?\d{4}$/, '');
  return from.slice(0, 4) === to.slice(0, 4) ? t`${bare} to ${last}` : t`${first} to ${last}`;
}

/** "7 months in a row above the median, February to August 2026" */
export function signalWords(signal: SignalRow): string {
  const { kind, from, to, points } = signal;
  const up = signal.direction === 'up';
  const when = monthSpan(from, to);
  if (kind === 'shift')
    return up
      ? plural(points, {
          one: `# month above the median, ${when}`,
          other: `# months in a row above the median, ${when}`,
        })
      : plural(points, {
          one: `# month below the median, ${when}`,
          other: `# months in a row below the median, ${when}`,
        });
  if (kind === 'trend')
    return up
      ? plural(points, { one: `rising for # month, ${when}`, other: `rising for # months, ${when}` })
      : plural(points, { one: `falling for # month, ${when}`, other: `falling for # months, ${when}` });
  return up ? t`higher than chance would allow, ${when}` : t`lower than chance would allow, ${when}`;
}

/** The same as news: "Response, of enrolled, has been above its median for 7 months." */
export function newsWords(name: string, signal: SignalRow): string {
  const { kind, points } = signal;
  const up = signal.direction === 'up';
  if (kind === 'shift')
    return up
      ? plural(points, {
          one: `${name}: above the median for # month.`,
          other: `${name}: above the median for # months.`,
        })
      : plural(points, {
          one: `${name}: below the median for # month.`,
          other: `${name}: below the median for # months.`,
        });
  if (kind === 'trend')
    return up
      ? plural(points, { one: `${name}: rising for # month.`, other: `${name}: rising for # months.` })
      : plural(points, { one: `${name}: falling for # month.`, other: `${name}: falling for # months.` });
  return `${name}: ${signalWords(signal)}.`;
}
