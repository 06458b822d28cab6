// What the literature reports, beside ours: of whom, from where, and honestly where no first source was found.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useHere } from '../app/session';
import { Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
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
import { Counts, FigureLink, headline, NotShown } from './parts';
import { benchmarksQuery, dashboardQuery } from './queries';

export function PublishedPage() {
  const { can } = useHere();
  const { question } = useQuestion();
  const allowed = can('reports.read');
  const dashboard = useQuery({ ...dashboardQuery(question), enabled: allowed });
  const list = useQuery({ ...benchmarksQuery(question), enabled: allowed });
  const period = dashboard.data?.period;
  return (
    <Reports title={t`Published results`}>
      <header className="report-head">
        <p className="soft report-what">{period && periodWords(period)}</p>

        <QuestionBar choices={dashboard.data?.choices} viewer={dashboard.data?.viewer}>
          <ExportMenu print tables={[{ id: 'benchmarks', name: t`Published results` }]} />
        </QuestionBar>
        <h1>
          <Trans>Published results beside ours</Trans>
        </h1>
      </header>
      <HiddenNote
        viewer={dashboard.data?.viewer}
        threshold={dashboard.data?.threshold}
        period={dashboard.data?.period}
      />
      <p className="soft report-words">
        <Trans>
          Trials choose their patients and a clinic does not. A figure of the enrolled counts who was never
          measured again as not better; a figure of the re-measured leaves them out and is always higher.
        </Trans>
      </p>
      {unreadable(list) && <ReportProblem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={8} widths={[30, 12, 30]} />}
      {list.data && (
        <TableScroll label={t`Published results beside ours`}>
          <table className="grid-table fold-table published-table">
            <caption className="hidden-text">{t`Published results beside ours`}</caption>
            <thead>
              <tr>
                <th scope="col">{t`Published`}</th>
                <th scope="col">{t`Ours`}</th>
                <th scope="col">{t`Source`}</th>
              </tr>
            </thead>
            <tbody>
              {list.data.items.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{one.text}</th>
                  <td>
                    {one.ours ? (
                      <>
                        <FigureLink figure={one.ours} question={question}>
                          {one.ours.suppressed ? <NotShown /> : headline(one.ours)}
                        </FigureLink>{' '}
                        <span className="soft small block-words">
                          <Counts figure={one.ours} question={question} />
                        </span>
                      </>
                    ) : (
                      <span className="soft">{t`not counted by Concord`}</span>
                    )}
                  </td>
                  <td className="soft small">
                    {one.source}
                    {!one.primary_source && (
                      <span className="strong block-words">{t`No primary source found.`}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {dashboard.data && <PrintFoot rules={[[dashboard.data.rule_set, dashboard.data.rule_set_version]]} />}
    </Reports>
  );
}
