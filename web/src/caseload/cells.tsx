// One caseload row in words. Each cell says the whole thing; the table and the cards use the same cells.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { createContext, useContext } from 'react';
import type { CaseloadRow, Series } from '../api/types';
import {
  addDays,
  agoShort,
  agoWords,
  daysBetween,
  dueShort,
  dueWords,
  weeksShort,
  weeksWords,
} from '../ui/dates';
import { Sparkline } from '../ui/sparkline';
import { When } from '../ui/when';
import { instrumentName, percentWords, seriesSpoken, seriesWords, stateWords, word } from '../ui/words';

const STALE_DAYS = 30;
const REMISSION: Record<string, number> = { 'phq-9': 5, 'phq-9m': 5, 'gad-7': 5 };

/** Lowest and highest total of each instrument on the page. */
export const Ranges = createContext<Record<string, number[]>>({});

const isPhq = (series?: Series | null) => !!series?.instrument?.startsWith('phq-9');
const isGad = (series?: Series | null) => series?.instrument === 'gad-7';

/** The PHQ-9 column takes any other primary instrument too, with its name. */
export function phqColumn(row: CaseloadRow): Series | null {
  const phq = [row.primary, row.secondary].find(isPhq);
  return phq ?? (isGad(row.primary) || !row.primary?.instrument ? null : row.primary);
}
export const gadColumn = (row: CaseloadRow): Series | null =>
  [row.primary, row.secondary].find(isGad) ?? null;

/** `brief` leaves the percent to the hover and to ears. */
export function ScoreCell({
  series,
  today,
  spark,
  brief,
}: {
  series: Series | null;
  today: string;
  spark?: boolean;
  brief?: boolean;
}) {
  const [low, high] = useContext(Ranges)[series?.instrument ?? ''] ?? [];
  if (!series) return <span className="soft">–</span>;
  const date = series.current_date ?? series.baseline_date;
  const old = date ? daysBetween(date, today) : 0;
  const from = series.points_from;
  return (
    <div className="score">
      <div>
        {!isPhq(series) && !isGad(series) && series.instrument && (
          <span className="small soft">{instrumentName(series.instrument)} </span>
        )}
        {series.baseline == null && series.current == null ? (
          <span className="soft">
            <Trans>no score yet</Trans>
          </span>
        ) : (
          <>
            <span aria-hidden="true" className="nowrap" title={seriesSpoken(series)}>
              {seriesWords(series)}
              {!brief && series.current != null && series.percent != null && (
                <span className="percent"> {percentWords(series.percent)}</span>
              )}
            </span>
            <span className="hidden-text">{seriesSpoken(series)}</span>
          </>
        )}
      </div>
      {spark && from && series.points && (
        <Sparkline
          points={series.points.map(([days = 0, total = 0]) => ({ date: addDays(from, days), total }))}
          today={today}
          range={low === undefined || high === undefined ? undefined : [low, high]}
          line={REMISSION[series.instrument ?? '']}
        />
      )}
      {!brief && old > STALE_DAYS && (
        <div className="small soft stale">
          {plural(Math.floor(old / 7), { one: 'no score for # week', other: 'no score for # weeks' })}
        </div>
      )}
    </div>
  );
}

export function WeeksCell({ row }: { row: CaseloadRow }) {
  if (row.state === 'referred' || row.state === 'assessed' || row.weeks_in_care == null)
    return <span className="soft small">{word(stateWords, row.state)}</span>;
  return <>{row.weeks_in_care}</>;
}

export function LastContactCell({ row, today }: { row: CaseloadRow; today: string }) {
  if (!row.last_contact_date) return <span className="soft">{t`none yet`}</span>;
  return daysBetween(row.last_contact_date, today) === 0 ? (
    t`Today`
  ) : (
    <When date={row.last_contact_date} today={today} />
  );
}

export function NextCell({ row, today }: { row: CaseloadRow; today: string }) {
  if (!row.next_due) return <span className="soft">–</span>;
  const days = daysBetween(today, row.next_due);
  if (days < 0)
    return (
      <span className="need-overdue hue strong nowrap" title={dueWords(row.next_due, today)}>
        {dueShort(row.next_due, today)}
      </span>
    );
  return days < 7 ? (
    <span className="nowrap">{dueShort(row.next_due, today)}</span>
  ) : (
    <When date={row.next_due} today={today} />
  );
}

export function PlanCell({ row }: { row: CaseloadRow }) {
  return row.weeks_on_plan == null ? (
    <span className="soft">–</span>
  ) : (
    <span className="nowrap" title={weeksWords(row.weeks_on_plan)}>
      {weeksShort(row.weeks_on_plan)}
    </span>
  );
}

export function ReviewCell({ row, today }: { row: CaseloadRow; today: string }) {
  if (!row.last_review_date) return <span className="soft">{t`never`}</span>;
  return (
    <span className="nowrap" title={agoWords(row.last_review_date, today)}>
      {agoShort(row.last_review_date, today)}
    </span>
  );
}
