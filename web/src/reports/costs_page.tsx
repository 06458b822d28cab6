// What the program costs and what comes back: every number has its formula, every assumption its source, and who changed it when.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/ask';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { dateOf, fullDate } from '../ui/dates';
import { TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { issueFor, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { money, number } from './figures';
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
import { NotShown, Opens } from './parts';
import {
  type Assumption,
  type Assumptions,
  assumptionsQuery,
  type Costs,
  costsQuery,
  dashboardQuery,
  type FigureWords,
  PATH,
} from './queries';
import type { Question } from './search';

export function CostsPage() {
  const { can } = useHere();
  const { question } = useQuestion();
  const allowed = can('reports.read');
  const costs = useQuery({ ...costsQuery(question), enabled: allowed });
  const dashboard = useQuery({ ...dashboardQuery(question), enabled: allowed });
  const [editing, setEditing] = useState(false);
  const figures = dashboard.data?.groups.flatMap((group) => group.figures) ?? [];
  const line = (id: string) => costs.data?.lines.find((one) => one.id === id);
  return (
    <Reports title={t`Costs`}>
      <header className="report-head">
        <p className="soft report-what">{costs.data && periodWords(costs.data.period)}</p>

        <QuestionBar choices={dashboard.data?.choices} viewer={dashboard.data?.viewer}>
          <ExportMenu print tables={[{ id: 'costs', name: t`Costs` }]} />
        </QuestionBar>
        <h1>{costs.data ? lead(line('cost_per_patient'), line('cost_per_response')) : t`Costs`}</h1>
      </header>
      {unreadable(costs) && <ReportProblem error={costs.error} onRetry={() => void costs.refetch()} />}
      {costs.isPending && <Skeleton rows={8} widths={[30, 12, 40]} />}
      {costs.data && (
        <>
          <HiddenNote
            viewer={dashboard.data?.viewer}
            threshold={dashboard.data?.threshold}
            period={costs.data.period}
          />
          <TableScroll label={t`Costs`}>
            <table className="grid-table fold-table costs-table">
              <caption className="hidden-text">{t`Costs`}</caption>
              <thead>
                <tr>
                  <th scope="col">{t`What`}</th>
                  <th scope="col" className="number">{t`Amount`}</th>
                  <th scope="col">{t`How it is worked out`}</th>
                </tr>
              </thead>
              <tbody>
                {costs.data.lines.map((one) => (
                  <tr key={one.id} data-line={one.id}>
                    <th scope="row">{one.name}</th>
                    <td className={one.suppressed ? 'number soft' : 'number strong nowrap'}>
                      {one.suppressed ? <NotShown /> : lineWords(one)}
                    </td>
                    <td className="soft small">
                      {!one.suppressed && formulaWords(one.formula)}
                      <Whose line={one.id} figures={figures} question={question} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
          <section className="stack-tight">
            <div className="row-apart">
              <h2>
                <Trans>What we assume</Trans>
              </h2>
              {can('reports.settings') && (
                <div className="no-print">
                  <Button onPress={() => setEditing(true)}>
                    <Trans>Change</Trans>
                  </Button>
                </div>
              )}
            </div>
            <p className="soft small">{whoWords(costs.data.assumptions)}</p>
            <TableScroll label={t`What we assume`}>
              <table className="grid-table fold-table costs-table">
                <caption className="hidden-text">{t`What we assume`}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t`Assumption`}</th>
                    <th scope="col" className="number">{t`Value`}</th>
                    <th scope="col">{t`Source`}</th>
                  </tr>
                </thead>
                <tbody>
                  {costs.data.assumptions.values.map((one) => (
                    <tr key={one.id} data-assumption={one.id}>
                      <th scope="row">{one.name}</th>
                      <td className="number nowrap">{unitWords(one.value, one.unit)}</td>
                      <td className="soft small">{one.source}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableScroll>
            <History />
          </section>
          {costs.data.not_confirmed.length > 0 && (
            <section className="stack-tight">
              <h2>
                <Trans>Not confirmed</Trans>
              </h2>
              <ul className="plain-list soft">
                {costs.data.not_confirmed.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </section>
          )}
          {dashboard.data && (
            <PrintFoot rules={[[dashboard.data.rule_set, dashboard.data.rule_set_version]]} />
          )}
        </>
      )}
      {editing && costs.data && (
        <Change assumptions={costs.data.assumptions} onClose={() => setEditing(false)} />
      )}
    </Reports>
  );
}

type Line = Costs['lines'][number];
function lead(patient: Line | undefined, response: Line | undefined) {
  if (patient?.value == null) return t`What the program costs`;
  if (response?.value == null) return t`${money(patient.value)} for each patient`;
  return t`${money(patient.value)} for each patient, ${money(response.value)} for each response`;
}

/** The patients an amount is divided by. Hours and money open to nobody. */
const DIVIDED_BY: Record<string, string> = {
  cost_per_patient: 'enrolled',
  cost_per_response: 'response_of_enrolled',
};
function Whose({ line, figures, question }: { line: string; figures: FigureWords[]; question: Question }) {
  const figure = figures.find((one) => one.id === DIVIDED_BY[line]);
  if (!figure?.opens || figure.suppressed || !figure.numerator) return null;
  return (
    <>
      {', '}
      <Opens
        figure={figure}
        question={question}
        standing="numerator"
        n={figure.numerator}
        label={figure.name}
      >
        {t`who they are`}
      </Opens>
    </>
  );
}

/** "69.33 h x 55 usd" -> "69.33 h × $55"; what is only added or divided is all money: "100 + 20 usd" -> "$100 + $20" */
const formulaWords = (formula: string) =>
  formula
    .replace(/\d+(\.\d+)?( usd)?/g, (all, cents, usd) => {
      const value = Number.parseFloat(all);
      return usd || /^[^x]* usd$/.test(formula) ? money(value, cents ? 2 : 0) : number(value, 2);
    })
    .replaceAll(' x ', ' × ')
    .replaceAll(' / ', ' ÷ ')
    .replace(/ %/g, '%');

function lineWords(one: Line) {
  if (one.value === null) return t`no patients`;
  if (one.unit === 'ratio') return t`${money(one.value, 2)} for each $1`;
  return unitWords(one.value, one.unit);
}
function unitWords(value: number, unit: string) {
  switch (unit) {
    case 'usd':
      return money(value, Number.isInteger(value) || Math.abs(value) >= 1000 ? 0 : 2);
    case 'usd_per_hour':
    case 'usd/hour':
      return t`${money(value, Number.isInteger(value) ? 0 : 2)} an hour`;
    case 'hours':
      return t`${number(value, 1)} h`;
    case 'percent':
      return `${number(value, 1)}%`;
    case 'ratio':
      return number(value, 2);
    default:
      return `${number(value, 2)} ${unit.replaceAll('_', ' ')}`;
  }
}
function whoWords(assumptions: Assumptions) {
  const by = assumptions.by?.name;
  if (!assumptions.at || !by) return t`As the program came; nobody has changed them yet.`;
  const when = fullDate(dateOf(assumptions.at));
  return assumptions.reason
    ? t`Changed ${when} by ${by}: ${assumptions.reason}`
    : t`Changed ${when} by ${by}.`;
}

function History() {
  const [open, setOpen] = useState(false);
  const list = useQuery({ ...assumptionsQuery, enabled: open });
  const rows = list.data?.history ?? [];
  return (
    <details className="no-print" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="small soft">
        <Trans>Who changed them, and why</Trans>
      </summary>
      {list.data && rows.length === 0 && <p className="small soft">{t`Nobody yet.`}</p>}
      <ul className="small">
        {rows.map((one) => (
          <li key={one.version}>
            {fullDate(dateOf(one.at))}, {one.by?.name}: {one.reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Change({ assumptions, onClose }: { assumptions: Assumptions; onClose: () => void }) {
  const [values, setValues] = useState<Record<string, string>>(
    Object.fromEntries(assumptions.values.map((one) => [one.id, String(one.value)])),
  );
  const [reason, setReason] = useState('');
  const changed = assumptions.values.filter((one) => Number(values[one.id]) !== one.value);
  const save = useSave(
    (version: number) =>
      act<Assumptions>(
        'PUT',
        `${PATH}/assumptions`,
        {
          values: Object.fromEntries(changed.map((one) => [one.id, Number(values[one.id])])),
          reason: reason.trim(),
        },
        version,
      ),
    async () => {
      say(t`Kept. The costs are worked out again.`);
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['reports'] });
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <Sheet title={t`What we assume`} onClose={onClose}>
      <ShortForm
        state={save}
        action={<Trans>Save</Trans>}
        disabled={!changed.length || !reason.trim()}
        onSubmit={() => save.save(theirs ?? assumptions.version)}
        onCancel={onClose}
      >
        {theirs !== undefined && (
          <p className="note" role="alert">
            <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
          </p>
        )}
        {assumptions.values.map((one) => (
          <Field
            key={one.id}
            one={one}
            value={values[one.id]!}
            onChange={(value) => setValues({ ...values, [one.id]: value })}
            error={issueFor(save.error, one.id) ?? issueFor(save.error, `values.${one.id}`)}
          />
        ))}
        <TextArea
          label={t`Why it is changed`}
          value={reason}
          onChange={setReason}
          required
          rows={2}
          error={issueFor(save.error, 'reason')}
        />
      </ShortForm>
    </Sheet>
  );
}

function Field({
  one,
  value,
  onChange,
  error,
}: {
  one: Assumption;
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  return (
    <TextField
      label={one.name}
      hint={one.unit.replaceAll('_', ' ')}
      type="number"
      short
      name={one.id}
      value={value}
      onChange={onChange}
      min={one.minimum ?? undefined}
      max={one.maximum ?? undefined}
      inputMode="decimal"
      error={error}
    />
  );
}
