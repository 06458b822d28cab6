// The month as billing sees it: who is near a code, what is missing, what to confirm; then close it and send it.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { BoardRow, MonthBoard } from '../api/types';
import { NoPermission } from '../app/missing';
import type { BillingSearch } from '../app/router';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { addMonths, isMonth, monthOf, monthWords } from '../ui/months';
import { useNarrow } from '../ui/narrow';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { payerWords, word } from '../ui/words';
import { Charges } from './charges';
import { MonthActs } from './month_acts';
import { Payers } from './payers';
import { boardQuery } from './queries';
import { codesWords, confirmWords, missingWords, nextWords, reasonWords } from './words';
import '../caseload/caseload.css';
import './billing.css';

const route = getRouteApi('/billing');

export function BillingPage() {
  const { can, today: todayAt, site: here, session } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = todayAt();
  // In the first days of a month the work is the month before.
  const month = isMonth(search.month) ? search.month : monthOf(today);
  const site = search.site ?? here ?? session.sites[0]?.id;
  const allowed = can('billing.read');
  const board = useQuery({
    ...boardQuery(month, { site, show: search.show }),
    enabled: allowed && search.part !== 'payers',
  });
  useEffect(() => {
    document.title = `${t`Billing`} · Concord`;
  }, []);
  if (!allowed) return <NoPermission />;
  const go = (change: BillingSearch) =>
    void navigate({ search: (old: BillingSearch) => ({ ...old, ...change }) });
  return (
    <div className="billing">
      <header className="row-apart">
        <div>
          <h1>{monthWords(month)}</h1>
          {board.data && <p className="soft">{standing(board.data)}</p>}
        </div>
        <div className="row no-print">
          <LinkButton
            small
            look="quiet"
            to="/billing"
            search={{ ...search, month: addMonths(month, -1), show: undefined }}
          >
            {monthWords(addMonths(month, -1))}
          </LinkButton>
          {month < monthOf(today) && (
            <LinkButton
              small
              look="quiet"
              to="/billing"
              search={{ ...search, month: addMonths(month, 1), show: undefined }}
            >
              {monthWords(addMonths(month, 1))}
            </LinkButton>
          )}
          <Choice
            label={t`What to show`}
            hideLabel
            quiet
            value={search.part ?? 'board'}
            onChange={(part) => go({ part: part === 'board' ? undefined : (part as 'charges') })}
            options={[
              { value: 'board', label: t`Board` },
              { value: 'charges', label: t`Charges` },
              { value: 'payers', label: t`Payers` },
            ]}
          />
        </div>
      </header>
      {search.part === 'charges' ? (
        <Charges month={month} site={site} board={board.data} />
      ) : search.part === 'payers' ? (
        <Payers today={today} />
      ) : (
        <>
          {unreadable(board) && <ProblemNote error={board.error} onRetry={() => void board.refetch()} />}
          {board.isPending && <Skeleton rows={8} widths={[20, 14, 10, 14, 24]} />}
          {board.data && (
            <>
              <Counts board={board.data} show={search.show} onShow={(show) => go({ show })} />
              <MonthActs board={board.data} onCharges={() => go({ part: 'charges' })} />
              <Board board={board.data} month={month} filtered={!!search.show} />
              {board.data.next && (
                <More month={month} filters={{ site, show: search.show }} after={board.data.next} />
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}

/** "Open, 6 working days left." or who closed it when. */
function standing(board: MonthBoard) {
  if (board.state === 'closed') return board.closed_by ? t`Closed by ${board.closed_by.name}.` : t`Closed.`;
  return board.working_days_left > 0
    ? plural(board.working_days_left, {
        one: 'Open, # working day left.',
        other: 'Open, # working days left.',
      })
    : t`Over, not yet closed.`;
}

function Counts({
  board,
  show,
  onShow,
}: {
  board: MonthBoard;
  show?: string;
  onShow: (show: string | undefined) => void;
}) {
  const { counts } = board;
  const filters: [string, number, string, string][] = [
    [
      'proposed',
      counts.proposed,
      'target_met',
      plural(counts.proposed, { one: '# with a code', other: '# with a code' }),
    ],
    [
      'near',
      counts.near,
      'review_due',
      plural(counts.near, { one: '# near a code', other: '# near a code' }),
    ],
    [
      'missing',
      counts.missing,
      'overdue',
      plural(counts.missing, { one: '# with something missing', other: '# with something missing' }),
    ],
    [
      'confirm',
      counts.confirm,
      'not_improving',
      plural(counts.confirm, { one: '# to confirm', other: '# to confirm' }),
    ],
  ];
  return (
    <fieldset className="needs no-print" aria-label={t`Show only`}>
      {filters.map(([id, count, need, words]) => (
        <button
          key={id}
          type="button"
          className={`need-filter need-${need}${count ? '' : ' need-none'}`}
          aria-pressed={show === id}
          onClick={() => onShow(show === id ? undefined : id)}
        >
          {words}
        </button>
      ))}
      <span className="soft need-last month-sum">
        {plural(counts.patients, { one: '# patient', other: '# patients' })},{' '}
        {t`${counts.minutes_counted} minutes count`}
        {counts.minutes_not_counted > 0 && `, ${t`${counts.minutes_not_counted} do not`}`}
      </span>
    </fieldset>
  );
}

function More({
  month,
  filters,
  after,
}: {
  month: string;
  filters: { site?: string; show?: string };
  after: string;
}) {
  const [shown, setShown] = useState(false);
  const page = useQuery({ ...boardQuery(month, filters, after), enabled: shown });
  if (!shown)
    return (
      <div className="no-print">
        <Button onPress={() => setShown(true)}>
          <Trans>Show more</Trans>
        </Button>
      </div>
    );
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Skeleton rows={4} widths={[20, 14, 10, 14, 24]} />;
  return (
    <>
      <Board board={page.data} month={month} filtered />
      {page.data.next && <More month={month} filters={filters} after={page.data.next} />}
    </>
  );
}

function Board({ board, month, filtered }: { board: MonthBoard; month: string; filtered: boolean }) {
  const narrow = useNarrow(760);
  if (board.items.length === 0)
    return filtered ? (
      <Empty title={t`Nobody here.`} />
    ) : (
      <Empty title={t`No minutes this month yet.`}>
        <p>
          <Trans>Contacts and minutes entered by the care team appear here by themselves.</Trans>
        </p>
      </Empty>
    );
  if (narrow)
    return (
      <ul className="board-cards">
        {board.items.map((row) => (
          <li key={row.patient.id}>
            <div className="row-apart">
              <Who row={row} month={month} />
              <span className="strong">{codesWords(row.codes) || <span className="soft">–</span>}</span>
            </div>
            <p className="small soft">
              {row.payer?.category
                ? row.payer.plan_name || word(payerWords, row.payer.category)
                : t`no payer`}
            </p>
            <Minutes row={row} />
            <Left row={row} />
          </li>
        ))}
      </ul>
    );
  return (
    <TableScroll label={t`Month board`}>
      <table className="board">
        <thead>
          <tr>
            <th scope="col">{t`Patient`}</th>
            <th scope="col">{t`Payer`}</th>
            <th scope="col">{t`Minutes`}</th>
            <th scope="col">{t`Code`}</th>
            <th scope="col">{t`What is left to do`}</th>
          </tr>
        </thead>
        <tbody>
          {board.items.map((row) => (
            <tr key={row.patient.id}>
              <th scope="row">
                <Who row={row} month={month} />
              </th>
              <td>
                {row.payer?.category ? (
                  row.payer.plan_name || word(payerWords, row.payer.category)
                ) : (
                  <span className="soft">{t`not recorded`}</span>
                )}
              </td>
              <td>
                <Minutes row={row} />
              </td>
              <td className="strong nowrap">{codesWords(row.codes) || <span className="soft">–</span>}</td>
              <td>
                <Left row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

const Who = ({ row, month }: { row: BoardRow; month: string }) => (
  <Link to="/patients/$patient/minutes" params={{ patient: row.patient.id }} search={{ month }}>
    {row.patient.name}
  </Link>
);

function Minutes({ row }: { row: BoardRow }) {
  return (
    <>
      <span>{t`${row.minutes_counted} min`}</span>
      {row.reasons.length > 0 && (
        <p className="small soft">
          {row.reasons.map((one) => `${t`${one.minutes} min`} ${word(reasonWords, one.reason)}`).join('; ')}
        </p>
      )}
    </>
  );
}

function Left({ row }: { row: BoardRow }) {
  const confirms = row.codes.filter((one) => one.confirm);
  const missing = row.missing.filter((one) => one.kind !== 'minutes');
  if (!confirms.length && !missing.length && !row.next) return <span className="soft">{t`nothing`}</span>;
  return (
    <ul>
      {missing.map((one) => (
        <li key={one.kind} className="need-overdue hue">
          {missingWords(one)}
        </li>
      ))}
      {confirms.map((one) => (
        <li key={one.code} className="need-not_improving hue">
          {one.code}: {word(confirmWords, one.confirm!.code)}
        </li>
      ))}
      {row.next && (
        <li className={row.near ? 'need-review_due hue strong' : 'soft'}>{nextWords(row.next, row.codes)}</li>
      )}
    </ul>
  );
}
