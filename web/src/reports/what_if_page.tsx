// Another number in the rules: how many flags, reviews and hours would it have meant over the past year? Nothing is changed here.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { act, read } from '../api/ask';
import type { components } from '../api/schema';
import { useHere } from '../app/session';
import { Button, TextButton } from '../ui/button';
import { fullDate } from '../ui/dates';
import { Select, TextField } from '../ui/field';
import { PrintIcon } from '../ui/icons';
import { Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { roleWords, ruleWords, word } from '../ui/words';
import { listed, number } from './figures';
import { HiddenNote, PrintFoot, ReportProblem, Reports, useQuestion } from './frame';
import { NotShown } from './parts';
import { PATH } from './queries';
import type { ReportSearch } from './search';
import { type Change, readChanges, writeChanges } from './what_if_changes';
import { actWords, parameterWords } from './what_if_words';

type Parameters = components['schemas']['WhatIfParameters'];
type Parameter = Parameters['items'][number];
type Answer = components['schemas']['WhatIf'];

const parametersQuery = queryOptions({
  queryKey: ['reports', 'what-if', 'parameters'],
  queryFn: () => read<Parameters>(`${PATH}/what-if/parameters`),
  staleTime: 10 * 60_000,
});
const answerQuery = (changes: Change[], site?: string) =>
  queryOptions({
    queryKey: ['reports', 'what-if', changes, site ?? ''],
    // A question with a body: it changes nothing.
    queryFn: () => act<Answer>('POST', `${PATH}/what-if`, { changes, ...(site ? { site } : {}) }),
    staleTime: 10 * 60_000,
    placeholderData: keepPreviousData,
  });

const route = getRouteApi('/reports/what-if');

export function WhatIfPage() {
  const { can } = useHere();
  const { search, question } = useQuestion();
  const navigate = route.useNavigate();
  const allowed = can('reports.read');
  const parameters = useQuery({ ...parametersQuery, enabled: allowed });
  const changes = readChanges(search.change);
  const answer = useQuery({
    ...answerQuery(changes, question.site),
    enabled: allowed && changes.length > 0,
  });
  const go = (next: Change[]) =>
    void navigate({
      search: (old: ReportSearch) => ({ ...old, change: writeChanges(next) }),
      resetScroll: false,
    });
  const items = parameters.data?.items ?? [];
  const name = (id: string) => parameterWords(id, items.find((one) => one.id === id)?.rules ?? []);
  return (
    <Reports title={t`What if`}>
      <header className="report-head">
        <p className="soft report-what">
          {parameters.data &&
            t`From ${fullDate(parameters.data.period.from)} to ${fullDate(parameters.data.period.to)}`}
        </p>
        <div className="question no-print">
          <Button look="quiet" onPress={() => window.print()}>
            <PrintIcon />
            <Trans>Print</Trans>
          </Button>
        </div>
        <h1>{changes.length && answer.data ? lead(answer.data) : t`What if a rule had another number?`}</h1>
      </header>
      {unreadable(parameters) && (
        <ReportProblem error={parameters.error} onRetry={() => void parameters.refetch()} />
      )}
      {parameters.isPending && <Skeleton rows={4} widths={[40, 12]} />}
      {changes.length > 0 && (
        <ul className="plain-lines">
          {changes.map((one) => {
            const now = items.find((parameter) => parameter.id === one.id);
            return (
              <li key={one.id}>
                {name(one.id)}: <span className="strong">{one.value}</span>{' '}
                {now && <span className="soft">{t`instead of ${now.value}`}</span>}{' '}
                <span className="no-print">
                  <TextButton
                    aria-label={t`Take out: ${name(one.id)}`}
                    onPress={() => go(changes.filter((other) => other.id !== one.id))}
                  >
                    <Trans>Take out</Trans>
                  </TextButton>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {items.length > 0 && (
        <Add
          items={items}
          taken={changes}
          onAdd={(change) => go([...changes.filter((one) => one.id !== change.id), change])}
        />
      )}
      {changes.length > 0 && unreadable(answer) && (
        <ReportProblem error={answer.error} onRetry={() => void answer.refetch()} />
      )}
      {changes.length > 0 && answer.isPending && <Skeleton rows={6} widths={[40, 12, 12]} />}
      {changes.length > 0 && answer.data && <Meant answer={answer.data} />}
    </Reports>
  );
}

function Add({
  items,
  taken,
  onAdd,
}: {
  items: Parameter[];
  taken: Change[];
  onAdd: (change: Change) => void;
}) {
  const [id, setId] = useState(
    () => items.find((one) => one.id === 'review.nonresponse.from_days')?.id ?? items[0]!.id,
  );
  const one = items.find((item) => item.id === id) ?? items[0]!;
  const [value, setValue] = useState('');
  const entered = value === '' ? null : Number(value);
  const wrong =
    entered !== null && (!Number.isInteger(entered) || entered < one.minimum || entered > one.maximum)
      ? t`A whole number from ${one.minimum} to ${one.maximum}.`
      : undefined;
  return (
    <form
      className="what-if-form no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (entered === null || wrong || entered === one.value) return;
        onAdd({ id, value: entered });
        setValue('');
      }}
    >
      <Select
        label={taken.length ? t`Another number` : t`Which number`}
        value={id}
        onChange={(next) => {
          setId(next);
          setValue('');
        }}
        options={items.map((item) => ({ value: item.id, label: parameterWords(item.id, item.rules) }))}
      />
      <TextField
        label={t`Now ${one.value}, instead`}
        type="number"
        short
        name="value"
        value={value}
        onChange={setValue}
        min={one.minimum}
        max={one.maximum}
        error={wrong}
        inputMode="numeric"
      />
      <Button look="primary" type="submit" isDisabled={entered === null || !!wrong || entered === one.value}>
        <Trans>See what it would have meant</Trans>
      </Button>
      <p className="small soft what-if-source">
        {one.source}
        {one.effect === 'late' && (
          <>
            {' '}
            <Trans>It moves the day on which something counts as late, nothing else.</Trans>
          </>
        )}
      </p>
    </form>
  );
}

const plus = (value: number, digits = 0) =>
  value > 0 ? `+${number(value, digits)}` : number(value, digits).replace('-', '−');
const cell = (value: number | null, digits = 0) => (value === null ? <NotShown /> : number(value, digits));
const difference = (value: number | null, digits = 0) =>
  value === null ? <NotShown /> : value === 0 ? t`the same` : plus(value, digits);

/** "31 more reviews, 9 more hours of the care manager." */
function lead(answer: Answer) {
  const acts = answer.acts.filter((one) => one.difference !== null && one.difference !== 0);
  const hours = answer.hours.filter((one) => one.difference !== null && Math.abs(one.difference) >= 0.1);
  if (!acts.length && !hours.length) return t`It would have changed nothing that can be counted.`;
  const words = [
    ...acts.slice(0, 2).map((one) => `${word(actWords, one.act)}: ${plus(one.difference!)}`),
    ...hours.slice(0, 2).map((one) => t`${word(roleWords, one.role)}: ${plus(one.difference!, 1)} hours`),
  ];
  return `${words.join('. ')}.`;
}

function Meant({ answer }: { answer: Answer }) {
  const rules = answer.rules.filter((one) => one.suppressed || one.now.flags || one.changed.flags);
  const hidden = rules.filter((one) => Object.values(one.difference).every((value) => value === null));
  const told = rules.filter((one) => !hidden.includes(one));
  const moved = told.filter((one) => Object.values(one.difference).some((value) => value));
  const still = told.filter((one) => !moved.includes(one));
  return (
    <>
      <HiddenNote viewer={answer.viewer} />
      <div className="report-columns">
        <section className="stack-tight">
          <h2>
            <Trans>What it would have asked for</Trans>
          </h2>
          <Compared
            label={t`What it would have asked for`}
            rows={answer.acts.map((one) => ({ id: one.act, name: word(actWords, one.act), ...one }))}
          />
        </section>
        <section className="stack-tight">
          <h2>
            <Trans>Hours</Trans>
          </h2>
          <Compared
            label={t`Hours`}
            digits={1}
            rows={answer.hours.map((one) => ({ id: one.role, name: word(roleWords, one.role), ...one }))}
          />
          <details>
            <summary className="small soft">
              <Trans>Minutes assumed for each</Trans>
            </summary>
            <ul className="small soft plain-lines">
              {answer.assumptions.map((one) => (
                <li key={`${one.act} ${one.role}`}>
                  {word(actWords, one.act)}, {word(roleWords, one.role)}: {t`${one.minutes} min`}
                </li>
              ))}
            </ul>
          </details>
        </section>
      </div>
      <section className="stack-tight">
        <h2>
          <Trans>Flags, rule by rule</Trans>
        </h2>
        {moved.length > 0 && <Rules rules={moved} label={t`Flags, rule by rule`} />}
        {still.length > 0 && (
          <details>
            <summary>
              <Trans>Rules that stay the same ({number(still.length)})</Trans>
            </summary>
            <Rules rules={still} label={t`Rules that stay the same`} />
          </details>
        )}
        <TooFew names={hidden.map((one) => word(ruleWords, one.rule))} />
      </section>
      {answer.limits.length > 0 && (
        <section className="stack-tight">
          <h2>
            <Trans>What this cannot know</Trans>
          </h2>
          <ul className="plain-list soft">
            {answer.limits.map((one) => (
              <li key={one.code}>{one.text}</li>
            ))}
          </ul>
        </section>
      )}
      <PrintFoot rules={[[answer.rule_set, answer.rule_set_version]]} />
    </>
  );
}

/** What may not be told, named once. */
function TooFew({ names }: { names: string[] }) {
  const words = listed(names);
  return names.length > 0 && <p className="soft">{t`Too few to show: ${words}.`}</p>;
}

function Rules({ rules, label }: { rules: Answer['rules']; label: string }) {
  const late = rules.some((one) => one.difference.late);
  return (
    <TableScroll label={label}>
      <table className="grid-table">
        <caption className="hidden-text">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t`Rule`}</th>
            <th scope="col" className="number">{t`Flags now`}</th>
            <th scope="col" className="number">{t`Changed`}</th>
            <th scope="col" className="number">{t`Difference`}</th>
            {late && <th scope="col" className="number">{t`Late now`}</th>}
            {late && <th scope="col" className="number">{t`Late, changed`}</th>}
            <th scope="col" className="number">{t`Patients, changed`}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((one) => (
            <tr key={one.rule}>
              <th scope="row">
                {word(ruleWords, one.rule)}
                {!one.complete && <span className="soft small"> {t`counted too low, on both sides`}</span>}
              </th>
              <td className="number">{cell(one.now.flags)}</td>
              <td className="number">{cell(one.changed.flags)}</td>
              <td className={one.difference.flags ? 'number strong' : 'number soft'}>
                {difference(one.difference.flags)}
              </td>
              {late && <td className="number soft">{cell(one.now.late)}</td>}
              {late && <td className="number soft">{cell(one.changed.late)}</td>}
              <td className="number soft">{cell(one.changed.episodes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

interface ComparedRows {
  rows: { id: string; name: string; now: number | null; changed: number | null; difference: number | null }[];
  label: string;
  digits?: number;
}

function Compared({ rows, label, digits = 0 }: ComparedRows) {
  const told = rows.filter((one) => one.now !== null || one.changed !== null);
  const names = rows.filter((one) => !told.includes(one)).map((one) => one.name);
  if (!told.length) return <TooFew names={names} />;
  return (
    <>
      <ComparedTable rows={told} label={label} digits={digits} />
      <TooFew names={names} />
    </>
  );
}

function ComparedTable({ rows, label, digits }: ComparedRows) {
  return (
    <TableScroll label={label}>
      <table className="grid-table">
        <caption className="hidden-text">{label}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col" className="number">{t`Now`}</th>
            <th scope="col" className="number">{t`Changed`}</th>
            <th scope="col" className="number">{t`Difference`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <th scope="row">{one.name}</th>
              <td className="number">{cell(one.now, digits)}</td>
              <td className="number">{cell(one.changed, digits)}</td>
              <td className={one.difference ? 'number strong' : 'number soft'}>
                {difference(one.difference, digits)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
