// The parts reports are made of: a figure with its counts as doors to the patients, the funnel, tables by stratum.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TableScroll } from '../ui/table_scroll';
import { type Words, word } from '../ui/words';
import { amount, listed, number, percentText, valueWords, wholePercent } from './figures';
import type { Benchmark, FigureWords, Funnel, FunnelStep, Stratum, StratumRow } from './queries';
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
  figure: Pick<FigureWords, 'id' | 'opens'>;
  question: Question;
  standing: Standing;
  reason?: string;
  n: number | null;
  label: string;
  children?: ReactNode;
}) {
  if (n === null) return null;
  const shown = children ?? number(n);
  if (!figure.opens || n === 0) return <span data-shut={n === 0 ? 'nobody' : 'totals'}>{shown}</span>;
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

/** A number that may not be told: a dash where there are many, explained once by HiddenNote. */
export const NotShown = () => (
  <span className="soft">
    <span aria-hidden="true">–</span>
    <span className="hidden-text">{t`not shown`}</span>
  </span>
);

/** "42%": big, in words when there is none. */
export function headline(figure: FigureWords) {
  if (figure.not_sent) return t`not sent to Concord`;
  if (!figure.suppressed && figure.kind === 'rate' && figure.numerator !== null && figure.denominator)
    return percentText(wholePercent(figure.numerator, figure.denominator), 0);
  if ((figure.kind === 'count' || figure.kind === 'funnel') && !figure.suppressed)
    return figure.value === null && figure.numerator === null
      ? t`no patients`
      : number(figure.numerator ?? figure.value ?? 0);
  return valueWords(figure);
}

/** The same as the large words of a page or a row; quiet where there is nothing to say. */
export const Headline = ({ figure, className }: { figure: FigureWords; className: string }) => (
  <p className={figure.suppressed || figure.not_sent ? 'soft' : className} data-value={figure.id}>
    {headline(figure)}
  </p>
);

/** "38 of 90 enrolled", each number a door. */
export function Counts({ figure, question }: { figure: FigureWords; question: Question }) {
  if (figure.not_sent) return null;
  if (figure.suppressed || figure.denominator === null) return null;
  // The value beside it says that there is nobody.
  if (figure.denominator === 0 && figure.kind !== 'count') return null;
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
              {step.suppressed ? (
                <NotShown />
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

/** Some step of some group may be shown. */
export const tellsWay = (by: Funnel['strata'][number]) =>
  by.rows.some((row) => row.steps.some((step) => !step.suppressed && step.n));

/** One row for each value of a stratum, one column for each step. */
export function FunnelByStratum({
  funnel,
  stratum,
  question,
}: {
  funnel: Funnel;
  stratum: string;
  question: Question;
}) {
  const by = funnel.strata.find((one) => one.id === stratum);
  if (!by) return null;
  if (!tellsWay(by)) return <TooSmall names={[by.name]} />;
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
                  <td key={step.id} className="number">
                    {cell?.suppressed ? (
                      <NotShown />
                    ) : (
                      <Opens
                        figure={{ id: funnelFigure(step.id), opens: funnel.opens }}
                        question={{ ...question, [by.id]: row.value }}
                        standing="numerator"
                        n={cell?.n ?? null}
                        label={`${step.name}, ${row.name}`}
                      />
                    )}
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

function TooSmall({ names }: { names: string[] }) {
  const words = listed(names);
  return <p className="soft">{t`Groups too small to show: ${words}.`}</p>;
}

const isShare = (figure: FigureWords) => figure.kind === 'rate' || figure.kind === 'funnel';
const rowValue = (row: StratumRow, figure: FigureWords) =>
  isShare(figure) ? row.percent : figure.kind === 'count' ? row.numerator : row.value_number;

/** Every group of a figure. Those too small to be shown are named once, together. */
export function Strata({
  strata,
  figure,
  question,
  level,
}: {
  strata: Stratum[];
  figure: FigureWords;
  question: Question;
  level?: 'h2' | 'h3';
}) {
  const told = strata.filter((one) => one.rows.some((row) => !row.suppressed && !!row.denominator));
  const hidden = strata.filter((one) => !told.includes(one) && one.rows.some((row) => row.suppressed));
  return (
    <>
      {told.length > 0 && (
        <div className="strata">
          {told.map((stratum) => (
            <StratumTable
              key={stratum.id}
              stratum={stratum}
              figure={figure}
              question={question}
              level={level}
            />
          ))}
        </div>
      )}
      {hidden.length > 0 && <TooSmall names={hidden.map((one) => one.name)} />}
    </>
  );
}

function StratumTable({
  stratum,
  figure,
  question,
  level: Heading = 'h3',
}: {
  stratum: Stratum;
  figure: FigureWords;
  question: Question;
  level?: 'h2' | 'h3';
}) {
  const values = stratum.rows.map((row) => rowValue(row, figure) ?? 0);
  const most = isShare(figure) ? 100 : Math.max(1, ...values);
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
                <td className={row.suppressed || !row.denominator ? 'number soft small' : 'number strong'}>
                  <RowValue row={row} figure={figure} question={open} />
                </td>
                <td className="number soft small nowrap">
                  {!row.suppressed && !!row.denominator && figure.kind !== 'count' && (
                    <RowCounts row={row} figure={figure} question={open} />
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

interface RowParts {
  row: StratumRow;
  figure: FigureWords;
  question: Question;
}

function RowValue({ row, figure, question }: RowParts) {
  if (row.suppressed) return <NotShown />;
  if (!row.denominator) return t`no patients`;
  if (figure.kind === 'count')
    return (
      <Opens
        figure={figure}
        question={question}
        standing="numerator"
        n={row.numerator}
        label={`${figure.name}, ${row.name}`}
      />
    );
  if (isShare(figure)) return percentText(wholePercent(row.numerator ?? 0, row.denominator), 0);
  // Some figures are known for everybody together only.
  return row.value_number === null ? null : amount(row.value_number, figure.unit);
}

function RowCounts({ row, figure, question }: RowParts) {
  const all = (
    <Opens
      figure={figure}
      question={question}
      standing="denominator"
      n={row.denominator}
      label={`${figure.name}, ${row.name}`}
    />
  );
  if (!isShare(figure)) return all;
  const some = (
    <Opens
      figure={figure}
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
