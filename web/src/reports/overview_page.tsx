// How the program does, on one page: what changed, five figures over two years, the way from screened to remission, the loop of
// recommendations, and who fell out and why.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useHere } from '../app/session';
import { Skeleton, unreadable } from '../ui/states';
import { number, percentText } from './figures';
import {
  ExportMenu,
  HiddenNote,
  PrintFoot,
  periodWords,
  QuestionBar,
  ReportProblem,
  Reports,
  useQuestion,
} from './frame';
import { fresh, noMonths, runModel } from './model';
import {
  Bar,
  BenchmarkLine,
  Counts,
  FigureLink,
  FunnelTable,
  Headline,
  headline,
  NotShown,
  Opens,
} from './parts';
import {
  type Dashboard,
  dashboardQuery,
  type FigurePage,
  figureQuery,
  funnelQuery,
  type GroupFigure,
} from './queries';
import { RunChart, RunTable } from './run_chart';
import type { Question } from './search';
import { newsWords, signalWords } from './signals';

/** What the page is about; beside a share of the enrolled stands that of the re-measured. */
const MAIN: [figure: string, beside?: string][] = [
  ['response_of_enrolled', 'response_of_remeasured'],
  ['remission_of_enrolled', 'remission_of_remeasured'],
  ['first_contact_in_28_days'],
  ['measured_in_30_days'],
  ['nonresponders_reviewed'],
];
const LOOP = [
  'recommendations_sent',
  'recommendations_answered',
  'recommendations_accepted',
  'recommendations_done',
  'recommendations_tried',
];
const FELL_OUT = 'response_of_enrolled';

const all = (dashboard: Dashboard | undefined) => dashboard?.groups.flatMap((group) => group.figures) ?? [];

export function OverviewPage() {
  const { can, session } = useHere();
  const { question } = useQuestion();
  const allowed = can('reports.read');
  const dashboard = useQuery({ ...dashboardQuery(question), enabled: allowed });
  const funnel = useQuery({ ...funnelQuery(question), enabled: dashboard.isSuccess });
  const figures = all(dashboard.data);
  const known = MAIN.filter(([id]) => figures.some((one) => one.id === id));
  const pages = useQueries({
    queries: known.map(([id]) => figureQuery(id, question, 'site')),
  });
  const read = pages.flatMap((page) => (page.data ? [page.data] : []));
  const bare = read.length > 0 && read.every((page) => noMonths(page.series));
  return (
    <Reports title={t`Reports`}>
      {unreadable(dashboard) && (
        <ReportProblem error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      )}
      {dashboard.isPending && <Skeleton rows={7} widths={[22, 50, 18]} />}
      {dashboard.data && (
        <>
          <header className="report-head">
            <p className="soft report-what">
              {periodWords(dashboard.data.period)}
              {!dashboard.data.period.complete && `, ${t`not over yet`}`}
              <span className="print-only-words">
                , {session.organization.name}
                {Object.keys(dashboard.data.filters).length > 0 &&
                  `, ${Object.values(dashboard.data.filters).join(', ')}`}
              </span>
            </p>

            <QuestionBar choices={dashboard.data.choices} viewer={dashboard.data.viewer}>
              <ExportMenu
                print
                tables={[
                  { id: 'dashboard', name: t`All figures` },
                  { id: 'funnel', name: t`Funnel` },
                  { id: 'benchmarks', name: t`Published results` },
                ]}
              />
            </QuestionBar>
            <h1>{lead(read, known.length)}</h1>
          </header>
          <HiddenNote
            viewer={dashboard.data.viewer}
            threshold={dashboard.data.threshold}
            period={dashboard.data.period}
          >
            {bare && ` ${t`No single month has patients enough to show.`}`}
          </HiddenNote>

          <ul className={bare ? 'main-figures main-figures-bare' : 'main-figures'}>
            {known.map(([id, beside], index) => (
              <MainRow
                key={id}
                figure={figures.find((one) => one.id === id)!}
                beside={figures.find((one) => one.id === beside)}
                page={pages[index]?.data}
                question={question}
              />
            ))}
          </ul>

          <div className="report-columns">
            <section className="stack-tight">
              <h2>
                <Trans>From screened to remission</Trans>
              </h2>
              {funnel.data && (
                <FunnelTable funnel={funnel.data} question={question} opens={funnel.data.opens} />
              )}
            </section>
            <div className="stack report-side">
              <Loop figures={figures} question={question} />
              <FellOut page={read.find((one) => one.figure.id === FELL_OUT)} question={question} />
            </div>
          </div>

          <MoreFigures dashboard={dashboard.data} question={question} />
          <PrintFoot rules={[[dashboard.data.rule_set, dashboard.data.rule_set_version]]} />
        </>
      )}
    </Reports>
  );
}

/** What changed, in a sentence or two; quiet when nothing did. */
function lead(pages: FigurePage[], wanted: number) {
  const news = pages.flatMap((page) => fresh(page).map((signal) => newsWords(page.figure.name, signal)));
  if (news.length) return news.slice(0, 2).join(' ');
  if (pages.length < wanted) return t`How the program does`;
  if (pages.every((page) => noMonths(page.series))) return t`How the program does`;
  if (pages.every((page) => !page.run_chart.enough_points)) return t`Too few months yet to say what changed.`;
  return t`Nothing has changed lately beyond chance.`;
}

function MainRow({
  figure,
  beside,
  page,
  question,
}: {
  figure: GroupFigure;
  beside?: GroupFigure;
  page?: FigurePage;
  question: Question;
}) {
  const model = page && !noMonths(page.series) ? runModel(page) : undefined;
  // What is long past is in the chart; beside it stands what a reader may still act on.
  const lately = page
    ? fresh(page, 6).map((signal) => ({ from: signal.from, words: signalWords(signal) }))
    : [];
  const benchmark = page?.benchmarks[0] ?? figure.benchmark;
  return (
    <li className={page && !model ? 'main-figure main-figure-bare' : 'main-figure'} data-figure={figure.id}>
      <div className="main-words">
        <h2>
          <FigureLink figure={figure} question={question}>
            {figure.name}
          </FigureLink>
        </h2>
        <Headline figure={figure} className="main-value" />
        <p className="soft">
          <Counts figure={figure} question={question} />
        </p>
        {beside && !beside.suppressed && (
          <p className="soft small">
            {headline(beside)}
            {beside.denominator !== null && (
              <>
                : <Counts figure={beside} question={question} />
              </>
            )}
          </p>
        )}
      </div>
      {!page && (
        <div className="main-chart">
          <Skeleton rows={2} widths={[96]} />
        </div>
      )}
      {model && (
        <div className="main-chart">
          {model.points.every((point) => point.value === null) ? (
            <p className="soft main-empty">{t`Nothing yet.`}</p>
          ) : (
            <>
              <RunChart model={model} compact />
              <RunTable model={model} hidden />
            </>
          )}
        </div>
      )}
      <div className="main-notes">
        {lately.map((signal) => (
          <p key={`${signal.from} ${signal.words}`} className="run-signal-words">
            <span aria-hidden="true">◦</span> {sentence(signal.words)}
          </p>
        ))}
        {benchmark && <BenchmarkLine one={benchmark} />}
      </div>
    </li>
  );
}
const sentence = (words: string) => words.charAt(0).toLocaleUpperCase() + words.slice(1);

function Loop({ figures, question }: { figures: GroupFigure[]; question: Question }) {
  const rows = LOOP.flatMap((id) => figures.find((one) => one.id === id) ?? []);
  const days = figures.find((one) => one.id === 'days_from_review_to_change');
  if (!rows.length) return null;
  const first = rows[0]!;
  const most = first.suppressed ? null : (first.numerator ?? first.value);
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Recommendations</Trans>
      </h2>
      <table className="funnel">
        <caption className="hidden-text">{t`What became of recommendations`}</caption>
        <thead className="hidden-text">
          <tr>
            <th scope="col">{t`Step`}</th>
            <th scope="col">{t`Recommendations`}</th>
            <td />
            <th scope="col">{t`Share`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <FigureLink figure={one} question={question}>
                  {one.name}
                </FigureLink>
              </th>
              <td className="number">
                {one.suppressed ? (
                  <NotShown />
                ) : (
                  <Opens
                    figure={one}
                    question={question}
                    standing="numerator"
                    n={one.numerator}
                    label={one.name}
                  />
                )}
              </td>
              <td className="bar-cell">
                <Bar share={most && one.numerator !== null ? one.numerator / most : null} />
              </td>
              <td className="number soft">
                {one.kind === 'rate' && one.percent !== null && percentText(one.percent, 0)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {days && (
        <p className="small soft">
          <FigureLink figure={days} question={question}>
            {days.name}
          </FigureLink>
          : {headline(days)}
          {!!days.denominator && ', '}
          <Counts figure={days} question={question} />
        </p>
      )}
    </section>
  );
}

function FellOut({ page, question }: { page?: FigurePage; question: Question }) {
  if (!page) return null;
  const reasons = page.reasons.filter((one) => one.suppressed || (one.n ?? 0) > 0).slice(0, 6);
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Who did not reach response, and why</Trans>
      </h2>
      {reasons.length === 0 && <p className="soft">{t`Nobody.`}</p>}
      <table className="reasons">
        <caption className="hidden-text">{t`Reasons, ${page.figure.name}`}</caption>
        <thead className="hidden-text">
          <tr>
            <th scope="col">{t`Reason`}</th>
            <th scope="col">{t`Patients`}</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((one) => (
            <tr key={`${one.standing} ${one.code}`}>
              <th scope="row">
                {one.text}
                {one.standing === 'out' && <span className="soft small"> {t`not counted`}</span>}
              </th>
              <td className="number">
                {one.suppressed ? (
                  <NotShown />
                ) : (
                  <Opens
                    figure={page.figure}
                    question={question}
                    standing={one.standing === 'out' ? 'out' : 'not_met'}
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
    </section>
  );
}

/** Everything else that is counted, folded: a list, not a wall. */
function MoreFigures({ dashboard, question }: { dashboard: Dashboard; question: Question }) {
  const shown = new Set([...MAIN.flat(), ...LOOP, 'days_from_review_to_change']);
  const groups = dashboard.groups
    .map((group) => ({ ...group, figures: group.figures.filter((one) => !shown.has(one.id)) }))
    .filter((group) => group.figures.length);
  const count = groups.reduce((sum, group) => sum + group.figures.length, 0);
  if (!count) return null;
  return (
    <details className="more-figures no-print">
      <summary>
        <Trans>All other figures ({number(count)})</Trans>
      </summary>
      <div className="more-groups">
        {groups.map((group) => (
          <section key={group.id}>
            <h2>{group.name}</h2>
            <table className="more-table">
              <caption className="hidden-text">{group.name}</caption>
              <thead className="hidden-text">
                <tr>
                  <th scope="col">{t`Figure`}</th>
                  <th scope="col">{t`Value`}</th>
                  <th scope="col">{t`Patients`}</th>
                </tr>
              </thead>
              <tbody>
                {group.figures.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      <FigureLink figure={one} question={question}>
                        {one.name}
                      </FigureLink>
                    </th>
                    <td className={one.suppressed || one.not_sent ? 'number soft' : 'number strong'}>
                      {one.suppressed ? <NotShown /> : headline(one)}
                    </td>
                    <td className="soft small">
                      <Counts figure={one} question={question} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ))}
      </div>
    </details>
  );
}
