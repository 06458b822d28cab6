// The eleven figures New York State asks for each month: as they are now, as they were published, and what moved since.
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { make } from '../api/ask';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { dateOf, fullDate, shortDate } from '../ui/dates';
import { Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { PrintIcon } from '../ui/icons';
import { addMonths, monthIn, monthOf, monthWords } from '../ui/months';
import { Sheet } from '../ui/sheet';
import { issueFor, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { type Words, word } from '../ui/words';
import { amount } from './figures';
import { HiddenNote, PrintFoot, ReportProblem, Reports, useQuestion } from './frame';
import { PATH } from './queries';
import type { ReportSearch } from './search';
import { KnownNote, KnownOn, SetCounts, SetList, SetValue, setHeadline } from './set_parts';
import {
  type Publication,
  type Restatement,
  type SetFigure,
  type StateReport,
  stateQuery,
} from './set_queries';

const route = getRouteApi('/reports/state');
const MONTHS_BACK = 24;

const metricWords: Words = {
  1: msg`Enrolled, all payers`,
  2: msg`Enrolled, Medicaid`,
  3: msg`Newly enrolled, Medicaid`,
  4: msg`Duration of treatment`,
  5: msg`Contact and score in the month`,
  6: msg`Improved after 70 days`,
  7: msg`In remission`,
  8: msg`Psychiatric consultation of those not improved`,
  9: msg`Screening rate`,
  10: msg`Screening yield`,
  11: msg`Care managers`,
};
const named = (figure: SetFigure): SetFigure => ({
  ...figure,
  name: figure.metric && metricWords[figure.metric] ? word(metricWords, figure.metric) : figure.name,
});

export function StatePage() {
  const { can, today } = useHere();
  const { search } = useQuestion();
  const navigate = route.useNavigate();
  const newest = addMonths(monthOf(today()), -1);
  const month = search.at ?? newest;
  const allowed = can('reports.read');
  const report = useQuery({ ...stateQuery(month, search.published, search.known), enabled: allowed });
  const [publishing, setPublishing] = useState(false);
  const months = Array.from({ length: MONTHS_BACK }, (_, back) => addMonths(monthOf(today()), -back));
  const data = report.data;
  const figures = data?.figures.map(named) ?? [];
  const open = figures.find((one) => one.metric === search.figure);
  const go = (change: ReportSearch) =>
    void navigate({ search: { at: search.at, ...change } as ReportSearch });
  return (
    <Reports title={t`State report`}>
      <header className="report-head">
        <p className="soft report-what">
          <Trans>New York State, Office of Mental Health: collaborative care, each month</Trans>
        </p>
        <div className="question no-print">
          <div className="question-when">
            <Select
              label={<span className="hidden-text">{t`Month`}</span>}
              value={month}
              onChange={(next) =>
                void navigate({ search: { at: next === newest ? undefined : next } as ReportSearch })
              }
              options={months.map((one) => ({ value: one, label: monthWords(one) }))}
            />
          </div>
          {data && can('reports.publish') && data.complete && !search.published && !search.known && (
            <Button look={data.published.length ? 'plain' : 'primary'} onPress={() => setPublishing(true)}>
              {data.published.length ? <Trans>Publish again</Trans> : <Trans>Publish</Trans>}
            </Button>
          )}
          <Button look="quiet" onPress={() => window.print()}>
            <PrintIcon />
            <Trans>Print</Trans>
          </Button>
        </div>
        <h1>{monthWords(month)}</h1>
      </header>
      {unreadable(report) && <ReportProblem error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <Skeleton rows={11} widths={[40, 12, 12]} />}
      {data && (
        <>
          <div className="stack-tight">
            {search.known ? (
              <KnownNote known={search.known} onNow={() => go({})} />
            ) : (
              <Standing report={data} search={search} />
            )}
            <HiddenNote viewer={data.viewer} />
          </div>
          <TableScroll label={t`State report`}>
            <table className="grid-table fold-table state-table">
              <caption className="hidden-text">{t`State report`}</caption>
              <thead>
                <tr>
                  <th scope="col">{t`Figure`}</th>
                  <th scope="col" className="number">
                    {t`Value`}
                  </th>
                  <th scope="col">{t`Patients`}</th>
                  <th scope="col">{t`Target`}</th>
                </tr>
              </thead>
              <tbody>
                {figures.map((one) => (
                  <tr key={one.id} data-metric={one.metric}>
                    <th scope="row">
                      <span className="soft metric-number">{one.metric}</span> {one.name}
                    </th>
                    <td className="number strong">
                      <SetValue figure={one} />
                    </td>
                    <td className="nowrap">
                      <SetCounts figure={one} />
                    </td>
                    <td className="soft" data-target={one.target ?? undefined}>
                      <Target figure={one} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
          {open?.opens && (
            <SetList
              set="nys-omh-2025"
              figure={open}
              search={search}
              ask={{
                month,
                metric: open.metric,
                published: search.published?.toString(),
                as_of: search.published ? undefined : data.facts_at,
              }}
            />
          )}
          {data.restatement && <Restated change={data.restatement} search={search} />}
          <Publications rows={data.published} search={search} />
          {!search.published && (
            <KnownOn first={`${month}-01`} known={search.known} onShow={(known) => go({ known })} />
          )}
          <PrintFoot asOf={data.facts_at} rules={[[data.rule_set, data.rule_set_version]]} />
        </>
      )}
      {publishing && data && <Publish report={data} onClose={() => setPublishing(false)} />}
    </Reports>
  );
}

function Target({ figure }: { figure: SetFigure }) {
  const words = targetWords(figure);
  if (!words) return null;
  return (
    <>
      <span className="fold-label">{t`Target`} </span>
      {words}
    </>
  );
}
/** The target is met or not in a word, exactly from the numbers. */
function targetWords(one: SetFigure) {
  if (one.target === null || one.target === undefined) return '';
  const unit = one.kind === 'rate' ? 'percent' : one.unit === 'fte' ? 'number' : one.unit;
  const target = amount(one.target, unit, 0, one.kind === 'rate' ? 'full' : 'short');
  if (one.suppressed || one.kind !== 'rate' || !one.denominator || one.numerator === null) return target;
  return one.numerator * 100 >= one.target * one.denominator ? t`${target}, met` : t`${target}, not met`;
}

function Standing({ report, search }: { report: StateReport; search: ReportSearch }) {
  const { zone, today } = useHere();
  const day = (instant: string) => shortDate(dateOf(instant, zone()), today());
  const last = report.published.at(-1);
  if (search.published) {
    const shown = report.published.find((one) => one.number === search.published);
    return (
      <p className="note">
        {shown && (
          <Trans>
            As published on {day(shown.published_at)}, from what was known on {day(shown.as_of)}.
          </Trans>
        )}{' '}
        <Link to="/reports/state" search={{ at: search.at }}>
          <Trans>See it as it is now</Trans>
        </Link>
      </p>
    );
  }
  if (!report.complete)
    return (
      <p className="soft">
        <Trans>The month is not over: these figures still move.</Trans>
      </p>
    );
  if (!last)
    return (
      <p className="soft">
        <Trans>Not published yet.</Trans>
      </p>
    );
  const when = day(last.published_at);
  return (
    <p className={report.restatement ? 'strong' : 'soft'}>
      {report.restatement ? (
        <Trans>Published on {when}. Since then figures have changed, see below.</Trans>
      ) : (
        <Trans>Published on {when}. Nothing has changed since.</Trans>
      )}
    </p>
  );
}

function Restated({ change, search }: { change: Restatement; search: ReportSearch }) {
  const rows = change.figures;
  const versions = change.rule_set_version;
  return (
    <section className="stack-tight">
      <h2>
        {search.published ? (
          <Trans>What this publication changed</Trans>
        ) : (
          <Trans>What changed since it was published</Trans>
        )}
      </h2>
      {versions && (
        <p className="soft">{t`The rules changed too: version ${versions.published}, now ${versions.now}.`}</p>
      )}
      {rows.length > 0 && (
        <TableScroll label={t`What changed since it was published`}>
          <table className="grid-table">
            <caption className="hidden-text">{t`What changed since it was published`}</caption>
            <thead>
              <tr>
                <th scope="col">{t`Figure`}</th>
                <th scope="col">{t`Published`}</th>
                <th scope="col">{search.published ? t`Changed to` : t`Now`}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.metric}>
                  <th scope="row">
                    <span className="soft metric-number">{one.metric}</span> {word(metricWords, one.metric)}
                  </th>
                  <td>{both(one.published)}</td>
                  <td className="strong">{both(one.now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <p className="soft">
        {change.moved_count !== null &&
          plural(change.moved_count, { one: '# line moved. ', other: '# lines moved. ' })}
        {!!change.other_changes &&
          plural(change.other_changes, {
            one: '# line has another date or score and stays where it was.',
            other: '# lines have another date or score and stay where they were.',
          })}
      </p>
      {!!change.moved?.length && (
        <ul className="moved small">
          {change.moved.map((one) => (
            <li key={`${one.patient_id} ${one.episode_id} ${one.metric}`}>
              <Link to="/patients/$patient" params={{ patient: one.patient_id }}>
                <Trans>Open the patient</Trans>
              </Link>
              , {word(metricWords, one.metric)}: {one.from.text} → {one.to.text}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
const both = (one: SetFigure) =>
  one.kind === 'rate' && !one.suppressed && one.denominator
    ? `${setHeadline(one)} (${t`${one.numerator ?? 0} of ${one.denominator}`})`
    : setHeadline(one);

function Publications({ rows, search }: { rows: Publication[]; search: ReportSearch }) {
  const { zone, today } = useHere();
  if (!rows.length) return null;
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Published</Trans>
      </h2>
      <ul className="plain-lines">
        {[...rows].reverse().map((one) => {
          const when = shortDate(dateOf(one.published_at, zone()), today());
          return (
            <li key={one.number}>
              <Link
                to="/reports/state"
                search={{ at: search.at, published: one.number }}
                aria-current={one.number === search.published ? 'page' : undefined}
                activeProps={{}}
              >
                {one.kind === 'first' ? t`First, ${when}` : t`Restated, ${when}`}
              </Link>{' '}
              <span className="soft">
                {one.published_by?.name}
                {one.reason && `: ${one.reason}`}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Publish({ report, onClose }: { report: StateReport; onClose: () => void }) {
  const { zone } = useHere();
  const again = report.published.length > 0;
  const [reason, setReason] = useState('');
  const save = useSave(
    () =>
      make<Publication>(`${PATH}/nys-omh-2025/publish`, {
        month: report.month,
        as_of: report.facts_at,
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      }),
    async () => {
      say(t`Published. These figures stay as they are.`);
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['reports', 'state'] });
    },
  );
  const when = fullDate(dateOf(report.facts_at, zone()));
  return (
    <Sheet title={t`Publish ${monthIn(report.month)}?`} onClose={onClose}>
      <ShortForm
        state={save}
        action={<Trans>Publish</Trans>}
        disabled={again && !reason.trim()}
        onSubmit={() => save.save(undefined as never)}
        onCancel={onClose}
      >
        <p>
          {again ? (
            <Trans>
              The figures as known on {when} are kept beside the ones published before. Nothing published is
              ever changed; the difference can be seen by everybody who reads reports.
            </Trans>
          ) : (
            <Trans>
              The eleven figures as known on {when} are kept for good. Later corrections do not change them:
              they show as a restatement.
            </Trans>
          )}
        </p>
        {again && (
          <TextField
            label={t`Why it is restated`}
            value={reason}
            onChange={setReason}
            required
            autoFocus
            error={issueFor(save.error, 'reason')}
          />
        )}
      </ShortForm>
    </Sheet>
  );
}
