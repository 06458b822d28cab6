// The day's and the week's visits, by the hour; one press on a row does what comes next.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Visit } from '../api/patient_side';
import { NoPermission } from '../app/missing';
import type { VisitsSearch } from '../app/router';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { addDays, dayAndMonth, daysBetween, shortDate } from '../ui/dates';
import { Sheet } from '../ui/sheet';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { word } from '../ui/words';
import { visitsQuery } from './queries';
import { VisitTabs } from './tabs';
import { VisitView } from './visit_view';
import { weekOf } from './week';
import { answerWords, clock, purposeWords, visitKindWords, visitState } from './words';
import './visits.css';

const route = getRouteApi('/visits');

export function VisitsPage() {
  const { can, site, today: todayAt } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = todayAt();
  const week = search.view === 'week';
  const day = search.day ?? today;
  const from = week ? weekOf(day) : day;
  const to = week ? addDays(from, 6) : day;
  const all = search.who === 'all';
  const list = useQuery({
    ...visitsQuery({ from, to, staff: all ? undefined : 'me', site: site ?? undefined }),
    enabled: can('visits.read'),
  });
  useEffect(() => {
    document.title = `${t`Visits`} · Concord`;
  }, []);
  if (!can('visits.read')) return <NoPermission />;
  const go = (change: VisitsSearch) =>
    void navigate({ search: (old: VisitsSearch) => ({ ...old, ...change }), resetScroll: false });
  const items = list.data?.items ?? [];
  const open = items.filter((one) => one.state !== 'cancelled').length;
  const step = week ? 7 : 1;
  const move = (days: number) => {
    const next = addDays(day, days);
    go({ day: next === today ? undefined : next });
  };
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n)).filter(
    (one) => !week || items.some((visit) => visit.date === one),
  );
  const opened = items.find((one) => one.id === search.open);
  return (
    <div className="inbox">
      <VisitTabs />
      <header className="row-apart">
        <div>
          <h1>
            {week
              ? `${shortDate(from, today)} – ${shortDate(to, today)}`
              : day === today
                ? t`Today, ${dayAndMonth(day)}`
                : dayAndMonth(day)}
          </h1>
          <p className="soft">
            {list.data && plural(open, { 0: 'No visits', one: '# visit', other: '# visits' })}
          </p>
        </div>
        <div className="row no-print">
          <Choice
            label={t`Whose`}
            hideLabel
            quiet
            value={all ? 'all' : 'me'}
            onChange={(who) => go({ who: who === 'all' ? 'all' : undefined })}
            options={[
              { value: 'me', label: t`Mine` },
              { value: 'all', label: t`The team's` },
            ]}
          />
          <Choice
            label={t`How much`}
            hideLabel
            quiet
            value={week ? 'week' : 'day'}
            onChange={(view) => go({ view: view === 'week' ? 'week' : undefined })}
            options={[
              { value: 'day', label: t`Day` },
              { value: 'week', label: t`Week` },
            ]}
          />
          <Button small onPress={() => move(-step)}>
            <Trans>Earlier</Trans>
          </Button>
          {day !== today && (
            <Button small onPress={() => go({ day: undefined })}>
              <Trans>Today</Trans>
            </Button>
          )}
          <Button small onPress={() => move(step)}>
            <Trans>Later</Trans>
          </Button>
        </div>
      </header>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={5} widths={[10, 40, 20]} />}
      {list.data && items.length === 0 && (
        <Empty title={week ? t`No visits this week.` : t`No visits this day.`}>
          <p>
            <Trans>A visit is booked on the patient’s page.</Trans>
          </p>
        </Empty>
      )}
      {list.data &&
        days.map((one) => {
          const visits = items.filter((visit) => visit.date === one);
          if (visits.length === 0) return null;
          return (
            <section key={one} className="stack-tight">
              {week && <h2>{dayAndMonth(one)}</h2>}
              <ul>
                {visits.map((visit) => (
                  <Row key={visit.id} visit={visit} all={all} onOpen={() => go({ open: visit.id })} />
                ))}
              </ul>
            </section>
          );
        })}
      {opened && (
        <Sheet
          title={t`Visit`}
          subtitle={`${opened.patient.given_name} ${opened.patient.family_name}`}
          onClose={() => go({ open: undefined })}
        >
          <VisitView
            patient={opened.patient.id}
            id={opened.id}
            today={today}
            onDone={() => go({ open: undefined })}
          />
        </Sheet>
      )}
    </div>
  );
}

function Row({ visit, all, onOpen }: { visit: Visit; all: boolean; onOpen: () => void }) {
  const answer = answerWords(visit);
  const off = visit.state === 'cancelled';
  return (
    <li className="visit-row" data-visit={visit.id}>
      <span className={off ? 'soft gone' : 'strong'}>
        {clock(visit.start_minute)} <span className="soft small">{t`${visit.minutes} min`}</span>
      </span>
      <div>
        <p>
          <Link
            to="/patients/$patient"
            params={{ patient: visit.patient.id }}
            className={off ? 'gone' : 'strong'}
          >
            {visit.patient.family_name}, {visit.patient.given_name}
          </Link>
        </p>
        <p className="soft">
          {word(visitKindWords, visit.kind)}, {word(purposeWords, visit.purpose).toLocaleLowerCase()}
          {all && visit.staff && `, ${visit.staff.name}`}
          {visit.place && `, ${visit.place}`}
        </p>
        {(visit.state !== 'booked' || answer) && (
          <p
            className={
              visit.state === 'no_show' || (visit.answer === 'change_asked' && visit.state === 'booked')
                ? 'small need-overdue hue strong'
                : 'small soft'
            }
          >
            {[visit.state !== 'booked' && visitState(visit.state), answer].filter(Boolean).join(', ')}
          </p>
        )}
      </div>
      <Button
        small
        onPress={onOpen}
        aria-label={t`Show: ${visit.patient.given_name} ${visit.patient.family_name}, ${clock(visit.start_minute)}`}
      >
        <Trans>Show</Trans>
      </Button>
    </li>
  );
}
