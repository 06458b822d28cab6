// The hand-off board: every open safety event, who has it, for how long, and who is asked next.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { SafetyBoard, SafetyBoardRow } from '../api/types';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { LinkButton } from '../ui/button';
import { dateOf, shortDate, timeOf } from '../ui/dates';
import { useNarrow } from '../ui/narrow';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { word } from '../ui/words';
import { safetyBoardQuery } from './queries';
import { signalWords } from './signal';
import { allLevelWords, holderWords, lengthWords, rungWords } from './words';
import './event.css';

export function SafetyBoardPage() {
  const { can } = useHere();
  const board = useQuery({ ...safetyBoardQuery, enabled: can('safety.read'), refetchInterval: 60_000 });
  useEffect(() => {
    document.title = `${t`Safety`} · Concord`;
  }, []);
  if (!can('safety.read')) return <NoPermission />;
  const items = board.data?.items ?? [];
  return (
    <div className="stack">
      <div className="row-apart">
        <h1>
          {board.data
            ? plural(items.length, {
                0: 'No open safety event',
                one: '# open safety event',
                other: '# open safety events',
              })
            : t`Safety`}
        </h1>
        {can('oncall.read') && (
          <LinkButton to="/on-call">
            <Trans>Who is on call</Trans>
          </LinkButton>
        )}
      </div>
      {unreadable(board) && <ProblemNote error={board.error} onRetry={() => void board.refetch()} />}
      {board.isPending && <Skeleton rows={3} widths={[18, 24, 12, 16, 18]} />}
      {board.data && items.length === 0 && (
        <Empty title={t`Nobody is waiting for a safety assessment.`}>
          <p>
            <Trans>A positive answer about self-harm, or a colleague's concern, appears here at once.</Trans>
          </p>
        </Empty>
      )}
      {items.length > 0 && <Rows items={items} />}
      {board.data && <Times times={board.data.times} />}
    </div>
  );
}

function useWords(row: SafetyBoardRow) {
  const { session, zone: zoneAt, today: todayAt } = useHere();
  const zone = zoneAt(row.patient.site_id);
  const today = todayAt(row.patient.site_id);
  const { event } = row;
  const level = word(allLevelWords, event.level).toLocaleLowerCase();
  const state = event.assessed_at
    ? t`assessed, level ${level}`
    : event.acknowledged_at
      ? t`not yet assessed`
      : t`not yet taken`;
  const next = row.next
    ? [
        row.next.person?.name ?? word(rungWords, row.next.rung),
        row.next.at &&
          `${dateOf(row.next.at, zone) === today ? '' : `${shortDate(dateOf(row.next.at, zone), today)} `}${timeOf(row.next.at, zone)}`,
      ]
        .filter(Boolean)
        .join(', ')
    : '';
  return { holder: holderWords(event, session.user.id), state, next, open: lengthWords(row.minutes_open) };
}

function Failed({ count }: { count: number }) {
  if (!count) return null;
  return (
    <span className="need-overdue hue strong small block-words">
      {plural(count, { one: '# message not delivered', other: '# messages not delivered' })}
    </span>
  );
}

function Act({ row }: { row: SafetyBoardRow }) {
  return (
    <LinkButton
      small
      look={row.event.assessed_at ? 'plain' : 'safety'}
      to="/patients/$patient/safety"
      params={{ patient: row.patient.id }}
      search={{ event: row.event.id }}
    >
      {row.event.assessed_at ? (
        <Trans>Close</Trans>
      ) : row.event.acknowledged_at ? (
        <Trans>Assess</Trans>
      ) : (
        <Trans>Take charge</Trans>
      )}
    </LinkButton>
  );
}

function Rows({ items }: { items: SafetyBoardRow[] }) {
  const narrow = useNarrow(760);
  if (narrow)
    return (
      <ul>
        {items.map((row) => (
          <Card key={row.event.id} row={row} />
        ))}
      </ul>
    );
  return (
    <TableScroll label={t`Open safety events`}>
      <table className="board-table">
        <thead>
          <tr>
            <th scope="col">
              <Trans>Patient</Trans>
            </th>
            <th scope="col">
              <Trans>Signal</Trans>
            </th>
            <th scope="col">
              <Trans>Open for</Trans>
            </th>
            <th scope="col">
              <Trans>Who has it</Trans>
            </th>
            <th scope="col">
              <Trans>Asked next</Trans>
            </th>
            <th scope="col">
              <span className="hidden-text">
                <Trans>Next step</Trans>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <Line key={row.event.id} row={row} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Name({ row }: { row: SafetyBoardRow }) {
  return (
    <Link to="/patients/$patient" params={{ patient: row.patient.id }} className="strong">
      {row.patient.family_name}, {row.patient.given_name}
    </Link>
  );
}

function Line({ row }: { row: SafetyBoardRow }) {
  const words = useWords(row);
  return (
    <tr data-event={row.event.id}>
      <th scope="row">
        <Name row={row} />
      </th>
      <td>
        {signalWords(row.event.signal)}
        <span className="soft small block-words">{words.state}</span>
      </td>
      <td className={row.overdue ? 'need-safety hue strong' : ''}>
        {words.open}
        {row.overdue && (
          <span className="small block-words">
            <Trans>past its time</Trans>
          </span>
        )}
      </td>
      <td>{words.holder}</td>
      <td>
        {words.next || <span className="soft">–</span>}
        <Failed count={row.not_delivered} />
      </td>
      <td>
        <Act row={row} />
      </td>
    </tr>
  );
}

function Card({ row }: { row: SafetyBoardRow }) {
  const words = useWords(row);
  return (
    <li className="board-card" data-event={row.event.id}>
      <div className="row-apart">
        <Name row={row} />
        <span className={row.overdue ? 'need-safety hue strong' : 'soft'}>{words.open}</span>
      </div>
      <p>
        {signalWords(row.event.signal)}, {words.state}
      </p>
      <p className="soft">
        {words.holder}
        {words.next && `. ${t`Asked next: ${words.next}`}`}
        <Failed count={row.not_delivered} />
      </p>
      <div>
        <Act row={row} />
      </div>
    </li>
  );
}

function Times({ times }: { times: SafetyBoard['times'] }) {
  if (times.events === 0) return null;
  const { days, events, late } = times;
  const taken = times.median_minutes_to_acknowledge;
  const assessed = times.median_minutes_to_assessment;
  return (
    <section className="stack-tight">
      <h2>{t`The last ${days} days`}</h2>
      <p className="soft board-times">
        <span>{plural(events, { one: '# event', other: '# events' })}</span>
        <span>
          {taken == null
            ? t`none taken yet`
            : t`${times.acknowledged} taken, half of them within ${lengthWords(taken)}`}
        </span>
        <span>
          {assessed == null
            ? t`none assessed yet`
            : t`${times.assessed} assessed, half of them within ${lengthWords(assessed)}`}
        </span>
        <span className={late ? 'need-overdue hue strong' : ''}>
          {plural(late, { 0: 'none late', one: '# late', other: '# late' })}
        </span>
      </p>
    </section>
  );
}
