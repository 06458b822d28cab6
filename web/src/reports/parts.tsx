// The parts reports are made of: a figure with its counts as doors to the patients, the funnel, tables by stratum.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TableScroll } from '../ui/table_scroll';
import { type Words, word } from '../ui/words';
import { number, percentText, valueWords, wholePercent } from './figures';
import type { Benchmark, Figure, Funnel, FunnelStep, Stratum, StratumRow } from './queries';
import type { Question, Standing } from './search';

export function Bar({ share }: { share: number | null }) {
  const width = share === null ? 0 : Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg className="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {share !== null && <rect className="bar-room" width="100" height="10" />}
      {width > 0 && <rect className="bar-fill" width={width.toFixed(2)} height="10" />}
    </svg>
  );
}

/** A number that opens to those it counts, for who may; for others it is a number. */
export function Opens({
  figure,
  question,
  standing,
  reason,
  n,
  label,
  children,
}: {
  figure: Pick<Figure, 'id' | 'opens'>;
  question: Question;
  standing: Standing;
  reason?: string;
  n: number | null;
  label: string;
  children?: ReactNode;
}) {
  if (n === null) return null;
  const shown = children ?? number(n);
  if (!figure.opens || n === 0) return <>{shown}</>;
  return (
    <Link
      className="opens"
      to="/reports/figures/$figure"
      params={{ figure: figure.id }}
      search={{ ...question, standing, reason }}
      data-opens={n}
      aria-label={`${typeof shown === 'string' ? shown : number(n)}: ${label}`}
    >
      {shown}
    </Link>
  );
}

/** "42%": big, in words when there is none. */
export function headline(figure: Figure) {
  if (figure.not_sent) return t`not sent to Concord`;
  if (!figure.suppressed && figure.kind === 'rate' && figure.numerator !== null && figure.denominator)
    return percentText(wholePercent(figure.numerator, figure.denominator), 0);
  if ((figure.kind === 'count' || figure.kind === 'funnel') && !figure.suppressed)
    return figure.value === null && figure.numerator === null
      ? t`no patients`
      : number(figure.numerator ?? figure.value ?? 0);
  return valueWords(figure);
}

/** "38 of 90 enrolled", each number a door. */
export function Counts({ figure, question }: { figure: Figure; question: Question }) {
  if (figure.not_sent) return null;
  if (figure.suppressed || figure.denominator === null) return null;
  if (figure.kind === 'count')
    return (
      <Opens
        figure={figure}
        question={question}
        standing="numerator"
        n={figure.numerator ?? figure.value}
        label={figure.name}
      >
        {t`who they are`}
      </Opens>
    );
  const all = (
    <Opens
      figure={figure}
      question={question}
      standing="denominator"
      n={figure.denominator}
      label={t`all of ${figure.name}`}
    />
  );
  if ((figure.kind === 'median' || figure.kind === 'mean') && figure.denominator === 0) return null;
  if (figure.kind === 'median' || figure.kind === 'mean' || figure.numerator === null)
    return (
      <>
        {figure.kind === 'median' ? t`median of` : t`over`} {all} {ofWords(figure.of)}
      </>
    );
  const some = (
    <Opens
      figure={figure}
      question={question}
      standing="numerator"
      n={figure.numerator}
      label={figure.name}
    />
  );
  return (
    <>
      <Trans>
        {some} of {all}
      </Trans>{' '}
      {ofWords(figure.of)}
    </>
  );
}

/** Who is in the denominator, in a word or two. */
const ofs: Words = {
  enrolled: msg`enrolled`,
  're-measured': msg`re-measured`,
  active: msg`active`,
  sent: msg`sent`,
  answered: msg`answered`,
  accepted: msg`accepted`,
  done: msg`done`,
  entered: msg`who came in`,
  screened: msg`screened`,
  referred: msg`referred`,
  reached: msg`reached`,
  assessed: msg`assessed`,
  responded: msg`with response`,
  treated: msg`treated`,
  spent: msg`spent`,
  'not stated': msg`not stated`,
  'who answered': msg`who answered`,
  'referred elsewhere': msg`referred elsewhere`,
  'reviewed in a session': msg`reviewed in a session`,
  'enrolled whose 28th day is in the period': msg`whose 28th day is in the period`,
  'first contacts of the period': msg`first contacts`,
  'first responses of the period': msg`first responses`,
  'not responding at week 8, week 12 in the period': msg`not responding at week 8`,
  'reviews that asked for a change and were followed by one': msg`reviews followed by a change`,
  'ended or past their day': msg`that ended or are past their day`,
};
export const ofWords = (of: string | null | undefined) => word(ofs, of);

/** Costs have a page of their own; what is not sent to Concord has none. */
export function FigureLink({
  figure,
  question,
  children,
}: {
  figure: { id: string; unit?: string; not_sent?: boolean };
  question: Question;
  children: ReactNode;
}) {
  if (figure.not_sent) return <>{children}</>;
  if (figure.unit === 'usd' || figure.unit === 'ratio')
    return (
      <Link to="/reports/costs" search={question}>
        {children}
      </Link>
    );
  return (
    <Link to="/reports/figures/$figure" params={{ figure: figure.id }} search={question}>
      {children}
    </Link>
  );
}

/** A published result beside ours: of whom stands in its words, where from on the page of published results. */
export const BenchmarkLine = ({ one }: { one: Pick<Benchmark, 'text'> }) => (
  <p className="small soft">{one.text}</p>
);

// ---- funnel

const stepWords = (step: { n: number | null; suppressed: boolean }) =>
  step.suppressed ? t`not shown` : step.n === null ? '–' : number(step.n);

export function FunnelTable({
  funnel,
  question,
  opens,
}: {
  funnel: Funnel;
  question: Question;
  opens: boolean;
}) {
  const most = Math.max(1, ...funnel.steps.map((step) => step.n ?? 0));
  const wayLost = (step: FunnelStep) =>
    step.percent_of_previous === null ? '' : percentText(step.percent_of_previous, 0);
  return (
    <table className="funnel">
      <caption className="hidden-text">{t`From screened to remission`}</caption>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Step</Trans>
          </th>
          <th scope="col" className="number">
            <Trans>Patients</Trans>
          </th>
          <td className="bar-cell" />
          <th scope="col" className="number">
            <Trans>of the step before</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {funnel.steps.map((step) => (
          <tr key={step.id} data-step={step.id}>
            <th scope="row">{step.name}</th>
            <td className="number">
              {step.suppressed || step.n === null ? (
                <span className="soft">{stepWords(step)}</span>
              ) : (
                <Opens
                  figure={{ id: funnelFigure(step.id), opens }}
                  question={question}
                  standing="numerator"
                  n={step.n}
                  label={step.name}
                />
              )}
            </td>
            <td className="bar-cell">
              <Bar share={step.n === null ? null : step.n / most} />
            </td>
            <td className="number soft">{wayLost(step)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
/** The steps are figures of their own. */
export const funnelFigure = (step: string) => (step.startsWith('funnel_') ? step : `funnel_${step}`);

/** One row for each value of a stratum, one column for each step. */
export function FunnelByStratum({ funnel, stratum }: { funnel: Funnel; stratum: string }) {
  const by = funnel.strata.find((one) => one.id === stratum);
  if (!by) return null;
  return (
    <TableScroll label={t`The way to remission, by ${by.name}`}>
      <table className="grid-table">
        <caption className="hidden-text">{t`The way to remission, by ${by.name}`}</caption>
        <thead>
          <tr>
            <th scope="col">{by.name}</th>
            {funnel.steps.map((step) => (
              <th key={step.id} scope="col" className="number">
                {step.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {by.rows.map((row) => (
            <tr key={row.value}>
              <th scope="row">{row.name}</th>
              {funnel.steps.map((step, index) => {
                const cell = row.steps.find((one) => one.id === step.id);
                return (
                  <td key={step.id} className={cell?.suppressed ? 'number soft small' : 'number'}>
                    {cell ? stepWords(cell) : '–'}
                    {cell?.percent_of_first != null && index > 0 && (
                      <span className="small soft block-words">{percentText(cell.percent_of_first, 0)}</span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

// ---- strata

const rowValue = (row: StratumRow, figure: Figure) =>
  figure.kind === 'rate' || figure.kind === 'funnel' ? row.percent : (row.value_number ?? row.numerator);

export function StratumTable({
  stratum,
  figure,
  question,
  level: Heading = 'h3',
}: {
  stratum: Stratum;
  figure: Figure;
  question: Question;
  level?: 'h2' | 'h3';
}) {
  const share = figure.kind === 'rate' || figure.kind === 'funnel';
  const values = stratum.rows.map((row) => rowValue(row, figure) ?? 0);
  const most = share ? 100 : Math.max(1, ...values);
  const filtered = (question as Record<string, string | undefined>)[stratum.id];
  return (
    <section className="stratum" data-stratum={stratum.id}>
      <Heading>{stratum.name}</Heading>
      <table>
        <caption className="hidden-text">{t`${figure.name}, by ${stratum.name}`}</caption>
        <thead className="hidden-text">
          <tr>
            <th scope="col">{stratum.name}</th>
            <td />
            <th scope="col">{t`Value`}</th>
            <th scope="col">{t`Patients`}</th>
          </tr>
        </thead>
        <tbody>
          {stratum.rows.map((row) => {
            const value = rowValue(row, figure);
            const open = { ...question, [stratum.id]: row.value };
            return (
              <tr key={row.value}>
                <th scope="row">{row.name}</th>
                <td className="bar-cell">
                  <Bar share={row.suppressed || value === null ? null : value / most} />
                </td>
                <td className={row.suppressed || value === null ? 'number soft small' : 'number strong'}>
                  {valueWords({
                    value,
                    unit: share ? 'percent' : figure.unit,
                    suppressed: row.suppressed,
                  })}
                </td>
                <td className="number soft small nowrap">
                  {!row.suppressed && !!row.denominator && figure.kind !== 'count' && (
                    <RowCounts
                      row={row}
                      figure={figure}
                      question={open}
                      share={share}
                      opens={figure.opens && !filtered}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function RowCounts({
  row,
  figure,
  question,
  share,
  opens,
}: {
  row: StratumRow;
  figure: Figure;
  question: Question;
  share: boolean;
  opens: boolean;
}) {
  const door = { id: figure.id, opens };
  const all = (
    <Opens
      figure={door}
      question={question}
      standing="denominator"
      n={row.denominator}
      label={`${figure.name}, ${row.name}`}
    />
  );
  if (!share) return all;
  const some = (
    <Opens
      figure={door}
      question={question}
      standing="numerator"
      n={row.numerator}
      label={`${figure.name}, ${row.name}`}
    />
  );
  return (
    <Trans>
      {some} of {all}
    </Trans>
  );
}
