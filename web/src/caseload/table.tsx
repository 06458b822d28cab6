// The caseload as one native table. In caseload order until somebody sorts a column.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import type { CaseloadRow } from '../api/types';
import { LinkButton } from '../ui/button';
import { plainDate } from '../ui/dates';
import { ChevronIcon, NeedIcon } from '../ui/icons';
import { stateWords, word } from '../ui/words';
import { actLink, actWord } from './acts';
import {
  gadColumn,
  LastContactCell,
  NextCell,
  PlanCell,
  phqColumn,
  ReviewCell,
  ScoreCell,
  WeeksCell,
} from './cells';
import { columnName } from './columns';
import type { ListProps } from './list';
import { COLUMNS, type Column } from './search';
import { WhyLines } from './why_lazy';

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
});
const helper = createColumnHelper<typeof features, CaseloadRow>();

const sortValues: Record<Column | 'name', (row: CaseloadRow) => string | number | undefined> = {
  name: (row) => row.name.toLocaleLowerCase(),
  weeks: (row) => row.weeks_in_care ?? undefined,
  phq: (row) => phqColumn(row)?.current ?? phqColumn(row)?.baseline ?? undefined,
  gad: (row) => gadColumn(row)?.current ?? gadColumn(row)?.baseline ?? undefined,
  contact: (row) => row.last_contact_date ?? undefined,
  next: (row) => row.next_due ?? undefined,
  plan: (row) => row.weeks_on_plan ?? undefined,
  review: (row) => row.last_review_date ?? undefined,
};
const ascending = (a: unknown, b: unknown) =>
  (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
const columns = helper.columns(
  (['name', ...COLUMNS] as const).map((id) =>
    helper.accessor((row: CaseloadRow) => sortValues[id](row), {
      id,
      sortUndefined: 'last',
      sortFn: (a, b, column) => ascending(a.getValue(column), b.getValue(column)),
    }),
  ),
);

function useOrdered(rows: CaseloadRow[], sort: string | undefined, hidden: string[]) {
  const sorting = useMemo(
    () => (sort ? [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }] : []),
    [sort],
  );
  const columnVisibility = useMemo(() => Object.fromEntries(hidden.map((id) => [id, false])), [hidden]);
  const table = useTable({
    features,
    columns,
    data: rows,
    state: { sorting, columnVisibility },
    getRowId: (row) => row.episode_id,
  });
  return {
    rows: table.getRowModel().rows.map((row) => row.original),
    visible: table.getVisibleLeafColumns().map((column) => column.id),
  };
}

function SortHead({
  id,
  sort,
  onSort,
  children,
}: {
  id: string;
  sort?: string;
  onSort: ListProps['onSort'];
  children: ReactNode;
}) {
  const direction = sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : undefined;
  const next = direction === 'ascending' ? `-${id}` : direction === 'descending' ? undefined : id;
  return (
    <th scope="col" aria-sort={direction} className={`col-${id}`}>
      <button type="button" className="sort" onClick={() => onSort(next)}>
        {children}
        <span aria-hidden="true" className="sort-mark">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}

export function WhyNow({
  row,
  open,
  onToggle,
  id,
}: {
  row: CaseloadRow;
  open: boolean;
  onToggle: () => void;
  id: string;
}) {
  const first = row.why;
  if (!first) return <span className="soft">{t`On track`}</span>;
  return (
    <div className={`why-now need-${row.need}`}>
      <button
        type="button"
        className="why-words"
        aria-expanded={open}
        aria-controls={id}
        data-why
        onClick={onToggle}
      >
        {first.text}
        {row.also.length > 0 && (
          <span className="soft small nowrap">
            {' '}
            {plural(row.also.length, { one: '+# more', other: '+# more' })}
          </span>
        )}
      </button>
      <LinkButton
        small
        look={row.need === 'safety' ? 'safety' : 'plain'}
        {...actLink(row.patient_id, first)}
        aria-label={`${actWord(first)}: ${row.name}`}
      >
        {actWord(first)}
      </LinkButton>
    </div>
  );
}

function Row({
  row,
  visible,
  changed,
  today,
}: {
  row: CaseloadRow;
  visible: string[];
  changed: boolean;
  today: string;
}) {
  const [open, setOpen] = useState(false);
  const cells: Record<Column, ReactNode> = {
    weeks: <WeeksCell row={row} />,
    phq: <ScoreCell series={phqColumn(row)} today={today} spark />,
    gad: <ScoreCell series={gadColumn(row)} today={today} brief />,
    contact: <LastContactCell row={row} today={today} />,
    next: <NextCell row={row} today={today} />,
    plan: <PlanCell row={row} />,
    review: <ReviewCell row={row} today={today} />,
  };
  const id = `why-${row.episode_id}`;
  return (
    <>
      <tr
        data-row={row.patient_id}
        className={`need-${row.need}${changed ? ' changed' : ''}${open ? ' open' : ''}`}
      >
        <th scope="row" className="col-name">
          <div className="name-cell">
            <span className="hue need-mark">{row.need !== 'on_track' && <NeedIcon need={row.need} />}</span>
            <span>
              <Link to="/patients/$patient" params={{ patient: row.patient_id }}>
                {row.name}
              </Link>
              {row.age != null && <span className="soft"> {row.age}</span>}
              {['on_hold', 'relapse_prevention'].includes(row.state) && (
                <span className="small soft block">{word(stateWords, row.state)}</span>
              )}
              {!!row.unseen_measurements && (
                <span className="small soft block">
                  {plural(row.unseen_measurements, {
                    one: '# score not yet seen',
                    other: '# scores not yet seen',
                  })}
                </span>
              )}
              {row.birth_date && <span className="print-only small">{plainDate(row.birth_date)}</span>}
            </span>
          </div>
        </th>
        {COLUMNS.filter((column) => visible.includes(column)).map((column) => (
          <td key={column} className={`col-${column}`}>
            {cells[column]}
          </td>
        ))}
        <td className="col-why">
          <WhyNow row={row} open={open} onToggle={() => setOpen(!open)} id={id} />
        </td>
      </tr>
      {open && (
        <tr className="detail" id={id}>
          <td colSpan={COLUMNS.length + 2}>
            <WhyLines row={row} today={today} />
          </td>
        </tr>
      )}
    </>
  );
}

export function CaseloadTable({
  needing,
  onTrack,
  unfolded,
  onUnfold,
  changed,
  today,
  sort,
  onSort,
  hidden,
}: ListProps) {
  const first = useOrdered(needing, sort, hidden);
  const rest = useOrdered(onTrack, sort, hidden);
  const columnCount = first.visible.length + 1;
  return (
    <div className="caseload-scroll">
      <table className="caseload-table">
        <caption className="hidden-text">
          <Trans>Caseload: who needs the team, and why</Trans>
        </caption>
        <thead>
          <tr>
            <SortHead id="name" sort={sort} onSort={onSort}>
              <Trans>Name, age</Trans>
            </SortHead>
            {COLUMNS.filter((column) => first.visible.includes(column)).map((column) => (
              <SortHead key={column} id={column} sort={sort} onSort={onSort}>
                {columnName(column)}
              </SortHead>
            ))}
            <th scope="col" className="col-why">
              <Trans>Why now</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {first.rows.map((row) => (
            <Row
              key={row.episode_id}
              row={row}
              visible={first.visible}
              changed={changed.has(row.episode_id)}
              today={today}
            />
          ))}
        </tbody>
        {rest.rows.length > 0 && (
          <tbody>
            <tr className="fold no-print">
              <td colSpan={columnCount}>
                <button type="button" className="sort" aria-expanded={unfolded} onClick={onUnfold}>
                  <span className={unfolded ? 'turned' : ''}>
                    <ChevronIcon />
                  </span>
                  {t`On track (${rest.rows.length})`}
                </button>
              </td>
            </tr>
            {unfolded &&
              rest.rows.map((row) => (
                <Row
                  key={row.episode_id}
                  row={row}
                  visible={rest.visible}
                  changed={changed.has(row.episode_id)}
                  today={today}
                />
              ))}
          </tbody>
        )}
      </table>
    </div>
  );
}
