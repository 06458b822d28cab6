// The AIMS process and outcome set, and our reading of three HEDIS measures: the same list, the same doors.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { Select } from '../ui/field';
import { PrintIcon } from '../ui/icons';
import { addMonths, monthOf, monthWords } from '../ui/months';
import { Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { amount, number } from './figures';
import { HiddenNote, PrintFoot, periodWords, ReportProblem, Reports, useQuestion } from './frame';
import type { ReportSearch } from './search';
import { KnownNote, KnownOn, SetCounts, SetList, SetValue } from './set_parts';
import { measureSetQuery, type SetFigure } from './set_queries';

const route = getRouteApi('/reports/measures');
const MONTHS_BACK = 24;

/** What the set is asked for, from the address. */
function periodOf(set: 'aims' | 'hedis', quarter: boolean, at: string): Record<string, string> {
  if (set === 'hedis') return { year: at.slice(0, 4) };
  if (quarter) return { quarter: `${at.slice(0, 4)}-Q${Math.ceil(Number(at.slice(5)) / 3)}` };
  return { month: at };
}

export function MeasuresPage() {
  const { can, today } = useHere();
  const { search } = useQuestion();
  const navigate = route.useNavigate();
  const set = search.set ?? 'aims';
  const id = set === 'aims' ? 'aims-2026' : 'hedis-my2026';
  const newest = addMonths(monthOf(today()), -1);
  // A month of a small program would show single people to who may see only totals.
  const byMonth = can('reports.patients');
  const quarter = search.period === 'quarter' || !byMonth;
  const go = (change: ReportSearch) =>
    void navigate({
      search: (old: ReportSearch) => ({
        ...old,
        standing: undefined,
        figure: undefined,
        known: undefined,
        ...change,
      }),
    });
  const months = Array.from({ length: MONTHS_BACK }, (_, back) => addMonths(newest, -back));
  const choices =
    set === 'hedis'
      ? [...new Set(months.map((month) => month.slice(0, 4)))].map((year) => ({
          value: year === newest.slice(0, 4) ? newest : `${year}-12`,
          label: year,
        }))
      : quarter
        ? months
            .filter((month) => Number(month.slice(5)) % 3 === 0)
            .map((month) => ({
              value: month,
              label: periodWords({ kind: 'quarter', from: `${addMonths(month, -2)}-01`, to: `${month}-01` }),
            }))
        : months.map((month) => ({ value: month, label: monthWords(month) }));
  // The address may still hold a month of another set: then the newest that this one has.
  const at = choices.find((one) => one.value === search.at)?.value ?? choices[0]!.value;
  const ask = periodOf(set, quarter, at);
  const allowed = can('reports.read');
  const report = useQuery({ ...measureSetQuery(id, ask, search.known), enabled: allowed });
  const shut = report.data?.viewer === 'aggregates' ? 'totals' : 'parts';
  const figures =
    report.data?.figures.map((one): SetFigure => ({ ...one, name: sentence(one.name), shut })) ?? [];
  const open = figures.find((one) => one.id === search.figure);
  return (
    <Reports title={t`Measures`}>
      <header className="report-head">
        <Choice
          label={t`Which set`}
          hideLabel
          quiet
          value={set}
          onChange={(next) =>
            go({ set: next === 'hedis' ? 'hedis' : undefined, at: undefined, period: undefined })
          }
          options={[
            { value: 'aims', label: t`AIMS set` },
            { value: 'hedis', label: t`HEDIS-like` },
          ]}
        />
        <div className="question no-print">
          <div className="question-when">
            {set === 'aims' && byMonth && (
              <Select
                label={<span className="hidden-text">{t`Period`}</span>}
                value={quarter ? 'quarter' : 'month'}
                onChange={(next) => go({ period: next === 'quarter' ? 'quarter' : undefined, at: undefined })}
                options={[
                  { value: 'month', label: t`One month` },
                  { value: 'quarter', label: t`Quarter` },
                ]}
              />
            )}
            <Select
              label={<span className="hidden-text">{t`Which`}</span>}
              value={at}
              onChange={(next) => go({ at: next })}
              options={choices}
            />
          </div>
          <Button look="quiet" onPress={() => window.print()}>
            <PrintIcon />
            <Trans>Print</Trans>
          </Button>
        </div>
        <h1>
          {set === 'aims' ? (
            <Trans>How closely we follow the model</Trans>
          ) : (
            <Trans>Depression measures of health plans, as we read them</Trans>
          )}
        </h1>
      </header>
      {unreadable(report) && <ReportProblem error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <Skeleton rows={9} widths={[40, 12, 12, 24]} />}
      {report.data && (
        <>
          {search.known && <KnownNote known={search.known} onNow={() => go({})} />}
          {report.data.notice && <p className="soft report-words">{report.data.notice}</p>}
          <HiddenNote viewer={report.data.viewer}>
            {set === 'aims' && t`For the same reason there is no single month.`}
          </HiddenNote>
          <TableScroll label={t`Measures`}>
            <table className="grid-table fold-table measures-table">
              <caption className="hidden-text">{t`Measures`}</caption>
              <thead>
                <tr>
                  <th scope="col">{t`Figure`}</th>
                  <th scope="col" className="number">
                    {t`Value`}
                  </th>
                  <th scope="col">{t`Patients`}</th>
                </tr>
              </thead>
              <tbody>
                {figures.map((one) => (
                  <tr key={one.id} data-measure={one.id}>
                    <th scope="row">{one.name}</th>
                    <td className="number strong">
                      <SetValue figure={one} />
                    </td>
                    <td>
                      <SetCounts figure={one} /> <span className="soft">{one.of}</span>
                      <Published figure={one} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
          {open?.opens && (
            <SetList
              set={id}
              figure={open}
              search={search}
              ask={{ ...ask, figure: open.id, facts_at: report.data.facts_at }}
            />
          )}
          <KnownOn first={report.data.period.from} known={search.known} onShow={(known) => go({ known })} />
          <PrintFoot
            asOf={report.data.facts_at}
            rules={[[report.data.rule_set, report.data.rule_set_version]]}
          />
        </>
      )}
    </Reports>
  );
}

const sentence = (words: string) => words.charAt(0).toLocaleUpperCase() + words.slice(1);

function Published({ figure }: { figure: SetFigure }) {
  return (
    <>
      {figure.benchmarks?.map((one) => (
        <span key={`${one.value} ${one.source}`} className="block-words soft small">
          {t`Published:`}{' '}
          {one.unit === 'percent' ? amount(one.value, 'percent') : `${one.unit} ${number(one.value, 2)}`},{' '}
          {one.of}. {one.source}
        </span>
      ))}
    </>
  );
}
