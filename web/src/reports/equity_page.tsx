// Is it the same for everybody? One figure by every group, and the way from screened to remission for each.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useHere } from '../app/session';
import { Choice } from '../ui/choice';
import { Select } from '../ui/field';
import { Skeleton, unreadable } from '../ui/states';
import {
  ExportMenu,
  filterNames,
  HiddenNote,
  PrintFoot,
  periodWords,
  QuestionBar,
  ReportProblem,
  Reports,
  useQuestion,
} from './frame';
import { Counts, FunnelByStratum, headline, Strata, tellsWay } from './parts';
import { dashboardQuery, figureQuery, funnelQuery } from './queries';
import { type ReportSearch, STRATA } from './search';

const route = getRouteApi('/reports/equity');
const FIRST = 'response_of_enrolled';

export function EquityPage() {
  const { can } = useHere();
  const { search, question } = useQuestion();
  const navigate = route.useNavigate();
  const allowed = can('reports.read');
  const dashboard = useQuery({ ...dashboardQuery(question), enabled: allowed });
  const id = search.figure ?? FIRST;
  const page = useQuery({ ...figureQuery(id, question), enabled: allowed });
  const funnel = useQuery({ ...funnelQuery(question), enabled: allowed });
  const go = (change: ReportSearch) =>
    void navigate({ search: (old: ReportSearch) => ({ ...old, ...change }), resetScroll: false });
  const groups = dashboard.data?.groups ?? [];
  const strata = page.data?.strata.filter((one) => STRATA.some((name) => name === one.id)) ?? [];
  const ways = funnel.data?.strata.filter((one) => STRATA.some((name) => name === one.id)) ?? [];
  const by = (ways.find((one) => one.id === search.by) ?? ways.find(tellsWay) ?? ways[0])?.id;
  const names = filterNames();
  return (
    <Reports title={t`Equity`}>
      <header className="report-head">
        <p className="soft report-what">{page.data && periodWords(page.data.figure.period)}</p>

        <QuestionBar choices={dashboard.data?.choices} viewer={dashboard.data?.viewer}>
          <ExportMenu
            print
            figure={id}
            tables={[
              { id: 'strata', name: t`By group` },
              { id: 'funnel', name: t`Funnel` },
            ]}
          />
        </QuestionBar>
        <h1>
          <Trans>Is it the same for everybody?</Trans>
        </h1>
      </header>
      <HiddenNote
        viewer={page.data?.viewer}
        threshold={dashboard.data?.threshold}
        period={page.data?.figure.period}
      />
      {unreadable(page) && <ReportProblem error={page.error} onRetry={() => void page.refetch()} />}
      {page.isPending && <Skeleton rows={8} widths={[30, 30]} />}
      {page.data && (
        <>
          <section className="equity-figure">
            <div className="no-print equity-choose">
              <Select
                label={t`Figure`}
                value={id}
                onChange={(next) => go({ figure: next === FIRST ? undefined : next })}
                options={groups
                  .flatMap((group) => group.figures)
                  .filter((one) => !one.not_sent)
                  .map((one) => ({ value: one.id, label: one.name }))}
              />
            </div>
            <p data-value={page.data.figure.id}>
              <span className={page.data.figure.suppressed ? 'soft' : 'strong'}>
                {headline(page.data.figure)}
              </span>{' '}
              <Counts figure={page.data.figure} question={question} />
            </p>
            <p className="soft small">{page.data.figure.what}</p>
          </section>
          <section aria-label={page.data.figure.name} className="stack">
            <h2 className="print-only">{page.data.figure.name}</h2>
            <Strata strata={strata} figure={page.data.figure} question={question} level="h2" />
          </section>
        </>
      )}
      {funnel.data && by && (
        <section className="stack-tight">
          <h2>
            <Trans>From screened to remission, for each group</Trans>
          </h2>
          <div className="no-print">
            <Choice
              label={t`By`}
              hideLabel
              quiet
              value={by}
              onChange={(next) => go({ by: next })}
              options={ways.map((one) => ({
                value: one.id,
                label: names[one.id as keyof typeof names] ?? one.name,
              }))}
            />
          </div>
          <FunnelByStratum funnel={funnel.data} stratum={by} question={question} />
        </section>
      )}
      {page.data && <PrintFoot rules={[[page.data.figure.rule_set, page.data.figure.rule_set_version]]} />}
    </Reports>
  );
}
