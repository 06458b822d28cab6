// What every part of Reports shares: its doors, the question in the address, what leaves as a file.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { withQuery } from '../api/ask';
import { ApiError } from '../api/client';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { Button, TextButton } from '../ui/button';
import { dateOf, fullDate } from '../ui/dates';
import { Select } from '../ui/field';
import { PrintIcon } from '../ui/icons';
import { MenuButton } from '../ui/menu';
import { addMonths, monthIn, monthOf } from '../ui/months';
import { Sheet } from '../ui/sheet';
import { ProblemNote } from '../ui/states';
import { roleWords, word } from '../ui/words';
import { asked, type ChoiceRow, type Dashboard, PATH, type PeriodRow, type Viewer } from './queries';
import {
  FILTERS,
  type Filter,
  filtersOf,
  type Period,
  type Question,
  questionOf,
  type ReportSearch,
} from './search';
import '../inbox/inbox.css';
import './reports.css';

/**
 * The question of this page; the site chosen above counts when the address names none. Who sees only totals begins with four
 * whole quarters: months of a small clinic are hidden, and a year that cuts through quarters is hidden with them.
 */
export function useQuestion() {
  const { site, can, today } = useHere();
  const search = useSearch({ strict: false }) as ReportSearch;
  const question = questionOf(search);
  if (!question.site && site) question.site = site;
  if (!question.at && !question.period && !can('reports.patients')) {
    const month = monthOf(today());
    question.at = addMonths(month, -(((Number(month.slice(5)) - 1) % 3) + 1));
  }
  return { search, question };
}

export const filterNames = (): Record<Filter, string> => ({
  language: t`Language`,
  interpreter: t`Interpreter`,
  race: t`Race`,
  ethnicity: t`Ethnicity`,
  sex: t`Sex`,
  age_band: t`Age`,
  payer: t`Payer`,
  site: t`Site`,
  care_manager: t`Care manager`,
  pathway: t`Pathway`,
});

/** "12 months to October 2026", "October 2026", "July to September 2026", "2026" */
export function periodWords(period: Pick<PeriodRow, 'kind' | 'from' | 'to'>) {
  const last = monthIn(monthOf(period.to));
  if (period.kind === 'month') return last;
  if (period.kind === 'year') return period.from.slice(0, 4);
  if (period.kind === 'quarter') {
    const first = monthIn(monthOf(period.from)).replace(/ (de )?\d{4}$/, '');
    return t`${first} to ${last}`;
  }
  return t`12 months to ${last}`;
}

export function Reports({
  title,
  allowed = true,
  children,
}: {
  title: string;
  allowed?: boolean;
  children: ReactNode;
}) {
  const { can } = useHere();
  const { question } = useQuestion();
  useEffect(() => {
    document.title = `${title} · Concord`;
  }, [title]);
  if (!can('reports.read') || !allowed) return <NoPermission />;
  const doors = [
    ['/reports', t`Overview`],
    ['/reports/equity', t`Equity`],
    ['/reports/costs', t`Costs`],
    ['/reports/published', t`Published results`],
    ['/reports/measures', t`Measures`],
    ['/reports/state', t`State report`],
    ['/reports/what-if', t`What if`],
    ['/reports/letter', t`Letter`],
  ] as const;
  return (
    <div className="reports">
      <nav className="tabs no-print" aria-label={t`Reports`}>
        {doors.map(([to, name]) => (
          <Link
            key={to}
            to={to}
            search={question}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {name}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}

/** Reports that are still being read from the records say so, and ask again by themselves. */
export function ReportProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const loading = error instanceof ApiError && (error.status === 503 || error.status === 202);
  useEffect(() => {
    if (!loading) return;
    const timer = setTimeout(onRetry, 1500);
    return () => clearTimeout(timer);
  }, [loading, onRetry]);
  if (!loading) return <ProblemNote error={error} onRetry={onRetry} />;
  return (
    <p className="note" role="status">
      <Trans>The figures are being prepared from the records. They appear here in a moment.</Trans>
    </p>
  );
}

const MONTHS_BACK = 36;

/** `whole`: only years that end with a quarter, for who sees only totals. */
function atChoices(period: Period, today: string, whole: boolean) {
  const newest = addMonths(monthOf(today), -1);
  const months = Array.from({ length: MONTHS_BACK }, (_, back) => addMonths(newest, -back));
  if (period === 'quarter')
    return months
      .filter((month) => Number(month.slice(5)) % 3 === 0 || month === newest)
      .map((month) => {
        const first = addMonths(month, -((Number(month.slice(5)) - 1) % 3));
        const last = addMonths(first, 2);
        return {
          value: month,
          label: periodWords({ kind: 'quarter', from: `${first}-01`, to: `${last}-01` }),
        };
      });
  if (period === 'year')
    return [...new Map(months.map((month) => [month.slice(0, 4), month])).values()].map((month) => ({
      value: month.slice(0, 4) === newest.slice(0, 4) ? newest : `${month.slice(0, 4)}-12`,
      label: month.slice(0, 4),
    }));
  const shown =
    whole && period === '12months' ? months.filter((month) => Number(month.slice(5)) % 3 === 0) : months;
  return shown.map((month) => {
    const words = monthIn(month);
    return { value: month, label: period === '12months' ? t`to ${words}` : words };
  });
}

/** Period, month and filters; what they are set to is always in words. */
export function QuestionBar({
  choices,
  viewer,
  children,
}: {
  choices?: Dashboard['choices'];
  viewer?: Viewer;
  children?: ReactNode;
}) {
  const { today, can } = useHere();
  const { search, question } = useQuestion();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const go = (change: Question) =>
    void navigate({
      to: '.',
      search: (old: ReportSearch) => ({ ...old, ...change, standing: undefined, reason: undefined }),
    });
  const period = question.period ?? '12months';
  const months = atChoices(period, today(), !can('reports.patients'));
  const at = months.find((one) => one.value === question.at)?.value ?? months[0]!.value;
  const set = filtersOf(questionOf(search));
  const names = filterNames();
  const nameOf = (filter: Filter, value: string) =>
    choices?.[filter]?.find((one) => one.value === value)?.name ?? value.replaceAll('_', ' ');
  return (
    <div className="question no-print">
      <div className="question-when">
        <Select
          label={<span className="hidden-text">{t`Period`}</span>}
          value={period}
          onChange={(next) =>
            go({ period: next === '12months' ? undefined : (next as Period), at: undefined })
          }
          options={[
            { value: '12months', label: t`12 months` },
            { value: 'month', label: t`One month` },
            { value: 'quarter', label: t`Quarter` },
            { value: 'year', label: t`Year` },
          ]}
        />
        <Select
          label={<span className="hidden-text">{t`Which`}</span>}
          value={at}
          onChange={(next) => go({ at: next })}
          options={months}
        />
      </div>
      {set.map(([filter, value]) => (
        <TextButton
          key={filter}
          aria-label={t`Not only ${names[filter]}: ${nameOf(filter, value)}`}
          onPress={() => go({ [filter]: undefined })}
        >
          {names[filter]}: {nameOf(filter, value)} ×
        </TextButton>
      ))}
      {choices && (
        <Button look="quiet" onPress={() => setOpen(true)}>
          <Trans>Filter</Trans>
        </Button>
      )}
      {children}
      {open && choices && (
        <FilterSheet
          choices={choices}
          viewer={viewer ?? 'aggregates'}
          question={questionOf(search)}
          onClose={() => setOpen(false)}
          onSet={(change) => {
            setOpen(false);
            go(change);
          }}
        />
      )}
    </div>
  );
}

/** Who sees only totals may not narrow them down to somebody. */
const MOST_FILTERS = 2;

function FilterSheet({
  choices,
  viewer,
  question,
  onSet,
  onClose,
}: {
  choices: Record<string, ChoiceRow[]>;
  viewer: Viewer;
  question: Question;
  onSet: (change: Question) => void;
  onClose: () => void;
}) {
  const [filters, setFilters] = useState<Question>(question);
  const names = filterNames();
  const count = filtersOf(filters).length;
  const tooMany = viewer === 'aggregates' && count > MOST_FILTERS;
  return (
    <Sheet title={t`Only these patients`} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!tooMany) onSet(Object.fromEntries(FILTERS.map((one) => [one, filters[one]])) as Question);
        }}
      >
        {viewer === 'aggregates' && (
          <p className={tooMany ? 'field-error' : 'soft'} role={tooMany ? 'alert' : undefined}>
            {plural(MOST_FILTERS, { one: 'At most # at a time.', other: 'At most # at a time.' })}
          </p>
        )}
        <div className="pair">
          {FILTERS.filter((filter) => (choices[filter]?.length ?? 0) > 1).map((filter) => (
            <Select
              key={filter}
              label={names[filter]}
              value={filters[filter] ?? ''}
              blank={t`all`}
              onChange={(value) => setFilters({ ...filters, [filter]: value || undefined })}
              options={choices[filter]!.map((one) => ({ value: one.value, label: one.name }))}
            />
          ))}
        </div>
        <div className="sheet-foot">
          <Button look="primary" type="submit" isDisabled={tooMany}>
            <Trans>Show</Trans>
          </Button>
          <Button
            look="quiet"
            onPress={() => onSet(Object.fromEntries(FILTERS.map((one) => [one, undefined])))}
          >
            <Trans>All patients</Trans>
          </Button>
        </div>
      </form>
    </Sheet>
  );
}

/** CSV and XLSX of what is on the page; each download is audited by the server. */
export function ExportMenu({
  tables,
  figure,
  print,
}: {
  tables: { id: string; name: string }[];
  figure?: string;
  print?: boolean;
}) {
  const { question } = useQuestion();
  const link = (id: string, kind: string) =>
    withQuery(`${PATH}/export.${kind}`, { table: id, figure, ...asked(question) });
  return (
    <>
      <MenuButton
        label={t`Download`}
        entries={tables.flatMap((one) => [
          { id: `${one.id} xlsx`, label: `${one.name}, Excel` },
          { id: `${one.id} csv`, label: `${one.name}, CSV` },
        ])}
        onAct={(id) => {
          const [table, kind] = id.split(' ') as [string, string];
          download(link(table, kind));
        }}
      />
      {print && (
        <Button look="quiet" onPress={() => window.print()}>
          <PrintIcon />
          <Trans>Print</Trans>
        </Button>
      )}
    </>
  );
}

/** The browser asks with the page's own session and keeps the name the server gives. */
export function download(address: string) {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}

/** On paper: what was asked, by whom, when. */
export function PrintFoot({
  asOf,
  rules,
}: {
  asOf?: string;
  /** names and versions */
  rules: [string, string][];
}) {
  const { session, today, zone } = useHere();
  const role = session.roles[0]?.role;
  const facts = asOf ? fullDate(dateOf(asOf, zone())) : null;
  return (
    <footer className="report-foot small soft">
      <p>
        {facts && t`As of ${facts}.`}{' '}
        {rules.map(([name, version]) => t`Rules ${name}, version ${version}.`).join(' ')}
        <span className="print-only-words">
          {' '}
          {t`Printed ${fullDate(today())}, ${word(roleWords, role)}, ${session.organization.name}.`}
        </span>
      </p>
    </footer>
  );
}

/** What is hidden and why, once on a page, for who sees only totals. */
export function HiddenNote({
  viewer,
  threshold = 10,
  period,
  children,
}: {
  viewer?: Viewer;
  threshold?: number;
  period?: Pick<PeriodRow, 'kind'>;
  children?: ReactNode;
}) {
  if (viewer !== 'aggregates') return null;
  const few = threshold + 1;
  return (
    <p className="small soft report-words">
      <Trans>
        Fewer than {few} patients are not shown (–), nor any number from which they could be worked out:
        nobody can be told apart.
      </Trans>{' '}
      {period?.kind === '12months' && t`For the same reason a year ends with a quarter here.`}
      {period?.kind === 'month' && t`A longer period shows more.`}
      {children}
    </p>
  );
}
