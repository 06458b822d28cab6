// One figure: what it counts, over two years, for whom, why others are not in it, and who they are.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { read, withQuery } from '../api/ask';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { plainDate } from '../ui/dates';
import { MenuButton } from '../ui/menu';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { When } from '../ui/when';
import { stateWords, word } from '../ui/words';
import { Annotations } from './annotations';
import { amount, number } from './figures';
import {
  download,
  ExportMenu,
  HiddenNote,
  PrintFoot,
  periodWords,
  QuestionBar,
  ReportProblem,
  Reports,
  useQuestion,
} from './frame';
import { noMonths, runModel } from './model';
import { BenchmarkLine, Counts, Headline, NotShown, Opens, Strata } from './parts';
import {
  asked,
  dashboardQuery,
  type Figure,
  figureQuery,
  PATH,
  type FigurePage as Page,
  type PatientRow,
  type PatientRows,
  type ReasonRow,
} from './queries';
import { type MonthDoor, RunChart, RunTable } from './run_chart';
import { askedWords, type Question, type ReportSearch, type Standing } from './search';

const route = getRouteApi('/reports/figures/$figure');

export function FigurePage() {
  const { can } = useHere();
  const { figure: id } = route.useParams();
  const { search, question } = useQuestion();
  const allowed = can('reports.read');
  const page = useQuery({ ...figureQuery(id, question), enabled: allowed });
  // What one may filter by is the same whatever is filtered: asked once for each period.
  const dashboard = useQuery({
    ...dashboardQuery({ period: question.period, at: question.at }),
    enabled: allowed,
  });
  return (
    <Reports title={page.data?.figure.name ?? t`Reports`}>
      {unreadable(page) && <ReportProblem error={page.error} onRetry={() => void page.refetch()} />}
      {page.isPending && <Skeleton rows={8} widths={[40, 30]} />}
      {page.data && (
        <Shown
          page={page.data}
          question={question}
          search={search}
          choices={dashboard.data?.choices}
          threshold={dashboard.data?.threshold}
        />
      )}
    </Reports>
  );
}

function Shown({
  page,
  question,
  search,
  choices,
  threshold,
}: {
  page: Page;
  question: Question;
  search: ReportSearch;
  choices?: Parameters<typeof QuestionBar>[0]['choices'];
  threshold?: number;
}) {
  const { can } = useHere();
  const { figure } = page;
  const model = runModel(page);
  const [rows, setRows] = useState(false);
  const reasons = page.reasons.filter((one) => one.suppressed || (one.n ?? 0) > 0);
  return (
    <>
      <header className="report-head">
        <p className="soft report-what">
          <Link to="/reports" search={question}>
            <Trans>Overview</Trans>
          </Link>
          , {periodWords(figure.period)}
          {!figure.period.complete && `, ${t`not over yet`}`}
        </p>

        <QuestionBar choices={choices} viewer={page.viewer}>
          <ExportMenu
            print
            figure={figure.id}
            tables={[
              { id: 'series', name: t`Month by month` },
              { id: 'strata', name: t`By group` },
              { id: 'reasons', name: t`Reasons` },
            ]}
          />
        </QuestionBar>
        <h1>{figure.name}</h1>
      </header>
      <HiddenNote viewer={page.viewer} threshold={threshold} period={figure.period} />

      <div className="figure-top">
        <div className="stack-tight">
          <Headline figure={figure} className="figure-value" />
          <p>
            <Counts figure={figure} question={question} />
          </p>
          <p className="soft">{figure.what}</p>
          {page.benchmarks.map((one) => (
            <div key={one.id} className="stack-tight published">
              <BenchmarkLine one={one} />
              <p className="small soft">
                {one.source}
                {one.note && `. ${one.note}`}
              </p>
            </div>
          ))}
        </div>
        <div className="stack-tight">
          {noMonths(page.series) ? (
            <p className="soft">{t`No single month has patients enough to show.`}</p>
          ) : (
            <>
              <RunChart model={model} />
              <div className="row no-print">
                <Button small look="quiet" onPress={() => setRows(!rows)} aria-expanded={rows}>
                  {rows ? t`Hide the rows` : t`Show it in rows`}
                </Button>
              </div>
              <div className={rows ? 'run-rows' : 'run-rows run-rows-folded'}>
                <RunTable
                  model={model}
                  door={rows && figure.opens ? monthDoor(figure, question) : undefined}
                />
              </div>
            </>
          )}
          <Annotations page={page} />
        </div>
      </div>

      {reasons.length > 0 && <Reasons page={page} reasons={reasons} question={question} />}

      {page.strata.length > 0 && (
        <section className="stack">
          <h2>
            <Trans>For whom</Trans>
          </h2>
          <Strata strata={page.strata} figure={figure} question={question} />
        </section>
      )}
      {figure.opens && can('reports.patients') && (
        <Patients figure={figure} question={question} search={search} />
      )}
      <PrintFoot
        rules={[
          [figure.rule_set, figure.rule_set_version],
          [page.run_chart.rule_set, page.run_chart.rule_set_version],
        ]}
      />
    </>
  );
}

/** The same question for one month. */
function monthDoor(figure: Figure, question: Question): MonthDoor {
  return (point, standing, n, words) => (
    <Opens
      figure={figure}
      question={{ ...question, period: 'month', at: point.id }}
      standing={standing}
      n={n}
      label={`${figure.name}, ${point.name}`}
    >
      {words}
    </Opens>
  );
}

function Reasons({ page, reasons, question }: { page: Page; reasons: ReasonRow[]; question: Question }) {
  const parts: [ReasonRow['standing'], string][] = [
    ['denominator', page.figure.kind === 'rate' ? t`In the number below, not above` : t`Counted`],
    ['out', t`Left out`],
  ];
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Who fell out, and why</Trans>
      </h2>
      <div className="report-columns reasons-columns">
        {parts.map(([standing, title]) => {
          const rows = reasons.filter((one) => one.standing === standing);
          if (!rows.length) return null;
          return (
            <table key={standing} className="reasons">
              <caption>{title}</caption>
              <thead className="hidden-text">
                <tr>
                  <th scope="col">{t`Reason`}</th>
                  <th scope="col">{t`Patients`}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((one) => (
                  <tr key={one.code}>
                    <th scope="row">{one.text}</th>
                    <td className="number">
                      {one.suppressed ? (
                        <NotShown />
                      ) : (
                        <Opens
                          figure={page.figure}
                          question={question}
                          standing={standing === 'out' ? 'out' : 'not_met'}
                          reason={one.code}
                          n={one.n}
                          label={one.text}
                        />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          );
        })}
      </div>
    </section>
  );
}

function Patients({
  figure,
  question,
  search,
}: {
  figure: Figure;
  question: Question;
  search: ReportSearch;
}) {
  const { today } = useHere();
  const navigate = route.useNavigate();
  const box = useRef<HTMLElement>(null);
  const share = figure.kind === 'rate' || figure.kind === 'funnel';
  const standing: Standing | undefined = search.standing;
  const open = { standing: standing ?? 'denominator', reason: search.reason };
  const list = useInfiniteQuery({
    queryKey: ['reports', 'patients', figure.id, question, open],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read<PatientRows>(`${PATH}/figures/${figure.id}/patients`, {
        ...asked(question),
        ...open,
        limit: 50,
        after: pageParam,
      }),
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: !!standing,
  });
  // Who followed a number wants to see its patients.
  useEffect(() => {
    if (standing) box.current?.scrollIntoView({ block: 'start' });
  }, [standing]);
  const items = list.data?.pages.flatMap((one) => one.items) ?? [];
  const total = list.data?.pages[0]?.total;
  const withValue = items.some((one) => one.value !== null);
  return (
    <section className="stack-tight" ref={box}>
      <div className="row-apart">
        <h2>
          {standing && total !== undefined ? (
            <span
              data-total={total}
              data-lines={total}
              data-asked={askedWords({ ...search, figure: figure.id })}
            >
              {plural(total, { one: '# in this list', other: '# in this list' })}
              {search.reason && items[0]?.reason && `: ${items[0].reason.text}`}
            </span>
          ) : (
            <Trans>Patients</Trans>
          )}
        </h2>
        <div className="row no-print">
          <Choice
            label={t`Whom`}
            hideLabel
            quiet
            value={search.reason ? '' : (standing ?? '')}
            onChange={(next) =>
              void navigate({
                search: (old: ReportSearch) => ({ ...old, standing: next as Standing, reason: undefined }),
                resetScroll: false,
              })
            }
            options={
              share
                ? [
                    { value: 'numerator', label: t`Reached` },
                    { value: 'not_met', label: t`Not reached` },
                    { value: 'denominator', label: t`All counted` },
                    { value: 'out', label: t`Left out` },
                  ]
                : [
                    { value: 'denominator', label: t`All counted` },
                    { value: 'out', label: t`Left out` },
                  ]
            }
          />
          {standing && !!total && (
            <MenuButton
              label={t`Download these`}
              entries={[
                { id: 'xlsx', label: t`Excel` },
                { id: 'csv', label: 'CSV' },
              ]}
              onAct={(kind) =>
                download(
                  withQuery(`${PATH}/figures/${figure.id}/patients.${kind}`, { ...asked(question), ...open }),
                )
              }
            />
          )}
        </div>
      </div>
      {standing && unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {standing && list.isPending && <Skeleton rows={5} widths={[20, 16, 30]} />}
      {standing && list.data && items.length === 0 && <p className="soft">{t`Nobody.`}</p>}
      {items.length > 0 && standing && (
        <TableScroll label={t`Patients`}>
          <table className="who">
            <caption className="hidden-text">{t`Patients`}</caption>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>Patient</Trans>
                </th>
                <th scope="col">
                  <Trans>Why</Trans>
                </th>
                {withValue && (
                  <th scope="col" className="number">
                    <Trans>Value</Trans>
                  </th>
                )}
                <th scope="col">
                  <Trans>Enrolled</Trans>
                </th>
                <th scope="col">
                  <Trans>Care manager</Trans>
                </th>
                <th scope="col">
                  <Trans>Site</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((row, index) => (
                <Row
                  // biome-ignore lint/suspicious/noArrayIndexKey: a patient may stand in more than one line
                  key={`${row.patient_id}${index}`}
                  row={row}
                  figure={figure}
                  value={withValue}
                  today={today()}
                />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {list.hasNextPage && (
        <div className="no-print">
          <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
            <Trans>Show more</Trans> ({number(items.length)}/{number(total ?? 0)})
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({
  row,
  figure,
  value,
  today,
}: {
  row: PatientRow;
  figure: Figure;
  value: boolean;
  today: string;
}) {
  return (
    <tr data-patient={row.patient_id}>
      <th scope="row">
        <Link to="/patients/$patient" params={{ patient: row.patient_id }}>
          {row.family_name}, {row.given_name}
        </Link>
        {row.birth_date && <span className="soft small"> {plainDate(row.birth_date)}</span>}
      </th>
      <td>{row.reason?.text}</td>
      {value && (
        <td className="number">
          {row.value === null ? '' : amount(row.value, figure.kind === 'rate' ? 'number' : figure.unit)}
        </td>
      )}
      <td>
        {row.enrolled_date && <When date={row.enrolled_date} today={today} />}
        {row.state && <span className="soft small"> {word(stateWords, row.state)}</span>}
      </td>
      <td className="soft">{row.care_manager?.name}</td>
      <td className="soft">{row.site?.name}</td>
    </tr>
  );
}
