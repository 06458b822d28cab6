// Who needs me today, and why: the home of the care team.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { caseloadQuery, staffQuery } from '../api/queries';
import type { CaseloadRow } from '../api/types';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { dayAndMonth, dueWords, fullDate } from '../ui/dates';
import { NeedIcon, PrintIcon } from '../ui/icons';
import { MenuButton } from '../ui/menu';
import { useNarrow } from '../ui/narrow';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { needCount, ruleWords, stateWords, word } from '../ui/words';
import { CaseloadCards } from './cards';
import { Ranges } from './cells';
import { useChangedRows } from './changed_rows';
import { columnName } from './columns';
import { useRowKeys } from './row_keys';
import { type CaseloadSearch, COLUMNS, NEEDS, readCaseloadSearch } from './search';
import { CaseloadTable } from './table';
import { viewsQuery } from './views';
import './caseload.css';

const SavedViews = lazy(() => import('./saved_views'));
const route = getRouteApi('/caseload');
const NONE: CaseloadRow[] = [];
const OPEN_STATES = ['referred', 'assessed', 'active', 'on_hold', 'relapse_prevention'];

function useFilters() {
  const search = route.useSearch();
  const { hasRole, site } = useHere();
  const mine = hasRole('care_manager');
  const who = search.who ?? (mine ? 'me' : 'all');
  return {
    search,
    who,
    filters: {
      site: search.site ?? site ?? undefined,
      care_manager: who === 'all' ? undefined : who,
      state: search.state,
      rule: search.rule,
    },
  };
}

function Views({
  who,
  search,
  onChange,
}: {
  who: string;
  search: CaseloadSearch;
  onChange: (next: CaseloadSearch) => void;
}) {
  const views: [string, string, CaseloadSearch][] = [
    ['mine', t`My caseload`, { who: 'me' }],
    ['site', t`Everybody at this site`, { who: 'all' }],
    ['stuck', t`Same plan, not half better`, { who, rule: 'plan.adjust' }],
    ['unreviewed', t`New, never reviewed`, { who, rule: 'review.new' }],
    ['waiting', t`Waiting to be seen`, { who: 'all', state: 'referred' }],
    ['relapse', t`Relapse prevention`, { who, state: 'relapse_prevention' }],
  ];
  const saved = useQuery(viewsQuery);
  const [sheet, setSheet] = useState<null | 'save' | 'manage'>(null);
  const own = saved.data?.items ?? [];
  return (
    <>
      <MenuButton
        label={t`Views`}
        entries={[
          ...own.map((view) => ({ id: `own ${view.id}`, label: view.name })),
          ...views.map(([id, label]) => ({ id, label: <span className="soft">{label}</span>, text: label })),
          { id: 'save', label: t`Save this view…` },
          ...(own.length ? [{ id: 'manage', label: t`My views…` }] : []),
          { id: 'copy', label: t`Copy the address of this view` },
        ]}
        onAct={(id) => {
          if (id === 'save' || id === 'manage') {
            setSheet(id);
            return;
          }
          const mine = own.find((view) => `own ${view.id}` === id);
          if (mine) {
            onChange(readCaseloadSearch(Object.fromEntries(new URLSearchParams(mine.query))));
            return;
          }
          if (id === 'copy') {
            void navigator.clipboard
              ?.writeText(window.location.href)
              .then(() => say(t`Copied. It holds no patient data.`));
            return;
          }
          const view = views.find(([name]) => name === id);
          if (view) onChange({ ...view[2], hide: search.hide, site: search.site });
        }}
      />
      {sheet && (
        <Suspense fallback={null}>
          <SavedViews what={sheet} search={search} views={own} onClose={() => setSheet(null)} />
        </Suspense>
      )}
    </>
  );
}

function Filters({
  who,
  search,
  onChange,
}: {
  who: string;
  search: CaseloadSearch;
  onChange: (change: CaseloadSearch) => void;
}) {
  const { hasRole, can } = useHere();
  const staff = useQuery({ ...staffQuery('care_manager'), enabled: can('staff.read') });
  const people = staff.data?.items ?? [];
  const whoLabel =
    who === 'me'
      ? t`Mine`
      : who === 'all'
        ? t`Everybody's`
        : (people.find((p) => p.id === who)?.display_name ?? t`One care manager`);
  return (
    <>
      <MenuButton
        name={t`Care manager`}
        label={whoLabel}
        single
        selected={[who]}
        entries={[
          ...(hasRole('care_manager') ? [{ id: 'me', label: t`Mine` }] : []),
          { id: 'all', label: t`Everybody's` },
          ...people.map((person) => ({ id: person.id, label: person.display_name })),
        ]}
        onSelect={([id]) => onChange({ who: id })}
      />
      <MenuButton
        name={t`State`}
        label={search.state ? word(stateWords, search.state) : t`All open states`}
        single
        selected={[search.state ?? 'all']}
        entries={[
          { id: 'all', label: t`All open states` },
          ...OPEN_STATES.map((id) => ({ id, label: word(stateWords, id) })),
        ]}
        onSelect={([id]) => onChange({ state: id === 'all' ? undefined : id })}
      />
    </>
  );
}

export function CaseloadPage() {
  const { can, today, session } = useHere();
  const navigate = route.useNavigate();
  const { search, who, filters } = useFilters();
  const narrow = useNarrow(1080);
  const [pages, setPages] = useState({ view: '', list: [] as string[] });
  const first = useQuery({ ...caseloadQuery(filters), enabled: can('caseload.read') });
  const view = JSON.stringify(filters);
  // Another filter starts again with its first page.
  const more = pages.view === view ? pages.list : [];
  const setMore = (list: string[]) => setPages({ view, list });

  const change = (next: CaseloadSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: false });
  const replace = (next: CaseloadSearch) => void navigate({ search: next });

  const rows = first.data?.items ?? NONE;
  const changed = useChangedRows(rows, view);
  const shown = useMemo(
    () => (search.need ? rows.filter((row) => row.need === search.need) : rows),
    [rows, search.need],
  );
  useRowKeys();

  useEffect(() => {
    document.title = `${t`Caseload`} · Concord`;
  }, []);

  if (!can('caseload.read')) return <NoPermission />;
  const counts = first.data?.counts;
  const asOf = first.data?.as_of ?? today();
  const needing = shown.filter((row) => row.need !== 'on_track');
  const onTrack = shown.filter((row) => row.need === 'on_track');
  const query = new URLSearchParams(
    Object.entries({ ...filters, need: search.need }).filter((pair): pair is [string, string] => !!pair[1]),
  );
  const nextDue = onTrack
    .map((row) => row.next_due)
    .filter((date) => !!date)
    .sort()[0];
  const List = narrow ? CaseloadCards : CaseloadTable;

  return (
    <div className="caseload">
      <div className="caseload-head">
        <div>
          <p className="soft">{t`Today, ${dayAndMonth(asOf)}`}</p>
          <h1>
            {counts ? (
              plural(counts.need_you, {
                0: 'Nobody is waiting for you',
                one: '# person needs you',
                other: '# people need you',
              })
            ) : unreadable(first) ? (
              t`Caseload`
            ) : (
              <span className="skeleton" style={{ width: 220, height: 22 }} />
            )}
          </h1>
        </div>
        <div className="row no-print caseload-tools">
          <Filters who={who} search={search} onChange={change} />
          <Views who={who} search={search} onChange={replace} />
          {!narrow && (
            <MenuButton
              label={t`Columns`}
              entries={COLUMNS.map((id) => ({ id, label: columnName(id) }))}
              selected={COLUMNS.filter((id) => !search.hide?.split(',').includes(id))}
              onSelect={(ids) =>
                change({ hide: COLUMNS.filter((id) => !ids.includes(id)).join(',') || undefined })
              }
            />
          )}
          {can('caseload.export') && (
            <a className="button button-quiet caseload-wide" href={`/api/v1/caseload.csv?${query}`} download>
              CSV
            </a>
          )}
          <span className="caseload-wide">
            <Button look="quiet" onPress={() => window.print()}>
              <PrintIcon />
              <Trans>Print</Trans>
            </Button>
          </span>
        </div>
      </div>

      <p className="print-only">
        {session.organization.name}. {t`Printed ${fullDate(asOf)} by ${session.user.display_name}.`}
      </p>

      {counts && (
        <fieldset className="needs no-print" aria-label={t`Show only`}>
          {NEEDS.map((need) => (
            <button
              key={need}
              type="button"
              className={`need-filter need-${need}${counts[need as keyof typeof counts] ? '' : ' need-none'}`}
              aria-pressed={search.need === need}
              onClick={() => change({ need: search.need === need ? undefined : need })}
            >
              <NeedIcon need={need} />
              {needCount(need, counts[need as keyof typeof counts])}
            </button>
          ))}
          <button
            type="button"
            className="need-filter need-on_track need-last"
            aria-pressed={search.need === 'on_track'}
            onClick={() => change({ need: search.need === 'on_track' ? undefined : 'on_track' })}
          >
            {needCount('on_track', counts.on_track)}
          </button>
        </fieldset>
      )}

      {(search.need || search.rule || search.state) && (
        <p className="soft small no-print">
          {search.rule && <>{word(ruleWords, search.rule)}. </>}
          <Link to="/caseload" search={{ who: search.who, site: search.site, hide: search.hide }}>
            <Trans>Show everybody</Trans>
          </Link>
        </p>
      )}

      {unreadable(first) && <ProblemNote error={first.error} onRetry={() => void first.refetch()} />}
      {first.isPending && <Skeleton rows={9} />}
      {first.data && shown.length === 0 && (
        <Empty title={rows.length === 0 ? t`No one is on this caseload.` : t`No one here right now.`}>
          {rows.length === 0 && can('referrals.read') ? (
            <p>
              <Link to="/referrals">
                <Trans>See who was referred</Trans>
              </Link>
            </p>
          ) : null}
        </Empty>
      )}
      {first.data && shown.length > 0 && needing.length === 0 && !search.need && (
        <Empty title={t`No one is waiting.`}>
          {nextDue && <p>{t`Next check-in due ${dayAndMonth(nextDue)}, ${dueWords(nextDue, asOf)}.`}</p>}
        </Empty>
      )}
      {first.data && shown.length > 0 && (
        <Ranges.Provider value={first.data.ranges}>
          <List
            needing={needing}
            onTrack={onTrack}
            unfolded={!!search.all || search.need === 'on_track'}
            onUnfold={() => change({ all: search.all ? undefined : true })}
            changed={changed}
            today={asOf}
            sort={search.sort}
            onSort={(sort) => change({ sort })}
            hidden={search.hide?.split(',') ?? []}
          />
        </Ranges.Provider>
      )}
      {more.map((after) => (
        <MoreRows
          key={after}
          after={after}
          filters={filters}
          need={search.need}
          today={asOf}
          onMore={(next) => setMore([...more, next])}
          last={after === more.at(-1)}
        />
      ))}
      {first.data?.next && more.length === 0 && (
        <p className="no-print">
          <Button onPress={() => setMore([first.data.next!])}>
            <Trans>Show more</Trans>
          </Button>
        </p>
      )}
      <p className="hidden-text" role="status">
        {changed.size > 0 &&
          plural(changed.size, { one: '# row was just changed', other: '# rows were just changed' })}
      </p>
    </div>
  );
}

function MoreRows({
  after,
  filters,
  need,
  today,
  last,
  onMore,
}: {
  after: string;
  filters: Parameters<typeof caseloadQuery>[0];
  need?: string;
  today: string;
  last: boolean;
  onMore: (next: string) => void;
}) {
  const page = useQuery(caseloadQuery(filters, after));
  if (page.isPending) return <Skeleton rows={4} />;
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  const rows = page.data.items.filter((row) => !need || row.need === need);
  return (
    <Ranges.Provider value={page.data.ranges}>
      <CaseloadCards
        needing={rows}
        onTrack={NONE}
        unfolded
        today={today}
        changed={new Set()}
        hidden={[]}
        onUnfold={() => undefined}
        onSort={() => undefined}
      />
      {last && page.data.next && (
        <Button onPress={() => onMore(page.data.next!)}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Ranges.Provider>
  );
}
