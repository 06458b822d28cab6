// A list of figures of one rule set, and whom each of them counts.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { read } from '../api/ask';
import { useHere } from '../app/session';
import { Button, TextButton } from '../ui/button';
import { fullDate, plainDate } from '../ui/dates';
import { DateField } from '../ui/field';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { amount, number, percentText, wholePercent } from './figures';
import { NotShown } from './parts';
import { PATH } from './queries';
import { askedWords, type ReportSearch, type Standing } from './search';
import type { SetFigure, SetPatients } from './set_queries';

export function setHeadline(figure: SetFigure) {
  if (figure.suppressed) return t`not shown`;
  if (figure.kind === 'rate')
    return figure.numerator !== null && figure.denominator
      ? percentText(wholePercent(figure.numerator, figure.denominator), 0)
      : t`no patients`;
  const value = figure.value ?? (figure.kind === 'count' ? figure.numerator : null);
  if (value === null) return figure.unit === 'fte' ? t`not attested` : t`no patients`;
  if (figure.unit === 'fte') return t`${number(value, 2)} full-time`;
  return figure.kind === 'count' ? number(value) : amount(value, figure.unit, 1);
}

/** A number that opens the list below, on the same page. */
function Opens({
  figure,
  standing,
  n,
  label,
}: {
  figure: SetFigure;
  standing: Standing;
  n: number | null;
  label: string;
}) {
  if (n === null) return null;
  if (!figure.opens || n === 0)
    return <span data-shut={n === 0 ? 'nobody' : (figure.shut ?? 'totals')}>{number(n)}</span>;
  return (
    <Link
      className="opens"
      to="."
      search={(old: ReportSearch) => ({
        ...old,
        figure: figure.metric ?? figure.id,
        standing,
        reason: undefined,
      })}
      resetScroll={false}
      data-opens={n}
      aria-label={`${number(n)}: ${label}`}
    >
      {number(n)}
    </Link>
  );
}

/** A count is its own door; of other figures the counts beside them are. */
export function SetValue({ figure }: { figure: SetFigure }) {
  if (figure.suppressed) return <NotShown />;
  const n = figure.kind === 'count' ? (figure.value ?? figure.numerator) : null;
  return n === null ? (
    setHeadline(figure)
  ) : (
    <Opens figure={figure} standing="denominator" n={n} label={figure.name} />
  );
}

export function SetCounts({ figure }: { figure: SetFigure }) {
  const { numerator, denominator } = figure;
  // The value beside it says that there is nobody, or that nothing may be said.
  if (figure.suppressed || figure.kind === 'count' || figure.kind === 'value' || !denominator) return null;
  const all = (
    <Opens figure={figure} standing="denominator" n={denominator} label={t`all of ${figure.name}`} />
  );
  if (figure.kind !== 'rate') return <Trans>over {all}</Trans>;
  const some = <Opens figure={figure} standing="numerator" n={numerator} label={figure.name} />;
  return (
    <Trans>
      {some} of {all}
    </Trans>
  );
}

/** The same figures as they were known on another day; who sees only totals may not lay two days beside each other. */
export function KnownOn({
  first,
  known,
  onShow,
}: {
  /** of the period: before it nothing was known */
  first: string;
  known?: string;
  onShow: (known?: string) => void;
}) {
  const { can, today } = useHere();
  const [date, setDate] = useState(known ?? today());
  if (!can('reports.patients')) return null;
  const possible = date >= first && date <= today();
  return (
    <details className="no-print" open={!!known}>
      <summary className="small soft">
        <Trans>As it was known on another day</Trans>
      </summary>
      <form
        className="row known-on"
        onSubmit={(event) => {
          event.preventDefault();
          if (possible) onShow(date === today() ? undefined : date);
        }}
      >
        <DateField label={t`Known on`} value={date} onChange={setDate} min={first} max={today()} />
        <Button type="submit" isDisabled={!possible}>
          <Trans>Show</Trans>
        </Button>
      </form>
    </details>
  );
}

/** Says on which day it was known, and leads back to now. */
export function KnownNote({ known, onNow }: { known: string; onNow: () => void }) {
  const day = fullDate(known);
  return (
    <p className="note">
      <Trans>As it was known on {day}.</Trans>{' '}
      <TextButton onPress={onNow}>
        <Trans>See it as it is now</Trans>
      </TextButton>
    </p>
  );
}

/** Whom a figure counts: the list behind every number above it. */
export function SetList({
  set,
  figure,
  ask,
  search,
}: {
  set: string;
  figure: SetFigure;
  /** the period, and which figure, as this set names them */
  ask: Record<string, string | undefined>;
  search: ReportSearch;
}) {
  const box = useRef<HTMLElement>(null);
  const standing = search.standing;
  const list = useInfiniteQuery({
    queryKey: ['reports', set, 'patients', ask, standing, search.reason ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read<SetPatients>(`${PATH}/${set}/patients`, {
        ...ask,
        in: standing,
        reason: search.reason,
        limit: 50,
        after: pageParam,
      }),
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: !!standing,
  });
  useEffect(() => {
    if (standing) box.current?.scrollIntoView({ block: 'start' });
  }, [standing]);
  if (!standing) return null;
  const items = list.data?.pages.flatMap((one) => one.items) ?? [];
  const first = list.data?.pages[0];
  const counted =
    (standing === 'numerator' ? first?.numerator : standing === 'denominator' ? first?.denominator : null) ??
    first?.total;
  const scored = items.some((one) => one.baseline);
  return (
    <section className="stack-tight" ref={box}>
      <h2>
        {figure.name}
        {first && (
          <span data-total={counted} data-lines={first.total} data-asked={askedWords(search)}>
            , {plural(counted ?? 0, { one: '# in this list', other: '# in this list' })}
            {counted !== first.total && `, ${plural(first.total, { one: '# patient', other: '# patients' })}`}
          </span>
        )}
      </h2>
      {!!first?.elsewhere && (
        <p className="soft">
          {plural(first.elsewhere, {
            one: '# more is at a site that is not yours: counted, not listed.',
            other: '# more are at sites that are not yours: counted, not listed.',
          })}
        </p>
      )}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={5} widths={[20, 16, 30]} />}
      {list.data && items.length === 0 && <p className="soft">{t`Nobody.`}</p>}
      {items.length > 0 && (
        <TableScroll label={t`Patients`}>
          <table className="who">
            <caption className="hidden-text">{t`Patients`}</caption>
            <thead>
              <tr>
                <th scope="col">{t`Patient`}</th>
                <th scope="col">{t`Why`}</th>
                {scored && <th scope="col">{t`Scores`}</th>}
                <th scope="col">{t`Site`}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((row, index) => (
                <tr
                  // biome-ignore lint/suspicious/noArrayIndexKey: a patient may stand in more than one line
                  key={`${row.patient_id}${index}`}
                  data-patient={row.patient_id}
                >
                  <th scope="row">
                    <Link to="/patients/$patient" params={{ patient: row.patient_id }}>
                      {row.family_name}, {row.given_name}
                    </Link>
                    {row.birth_date && <span className="soft small"> {plainDate(row.birth_date)}</span>}
                  </th>
                  <td>{row.text || row.why.replaceAll('_', ' ')}</td>
                  {scored && (
                    <td>
                      {row.baseline &&
                        (row.current
                          ? `${row.baseline.total} → ${row.current.total}`
                          : String(row.baseline.total))}
                    </td>
                  )}
                  <td className="soft">{row.site?.name}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {list.hasNextPage && (
        <div className="no-print">
          <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}
