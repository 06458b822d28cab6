// The review hour: agenda on the left, one prepared page in the middle, what to recommend on the right.
// n and p walk; the clock and the place stand on top.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import type { Agenda, AgendaItem } from '../api/types';
import { isTyping } from '../app/keyboard';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { CheckIcon, NeedIcon } from '../ui/icons';
import { useNarrow } from '../ui/narrow';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { Builder } from './builder';
import { firstOpen, inOrder, minutesLeft, neighbour } from './hour';
import { PreparedPage } from './prepared';
import { agendaQuery, reviewPageQuery } from './queries';
import { moreWords, needOf, shortSummary, stateLine } from './words';
import './hour.css';

const route = getRouteApi('/reviews/$session/hour');
/** When each sitting began, in memory only. */
const opened = new Map<string, number>();

export function HourPage() {
  const { session } = route.useParams();
  const { can } = useHere();
  const agenda = useQuery({ ...agendaQuery(session), enabled: can('reviews.read') });
  useEffect(() => {
    document.title = `${t`Review`} · Concord`;
  }, []);
  if (!can('reviews.read')) return <NoPermission />;
  if (unreadable(agenda)) return <ProblemNote error={agenda.error} onRetry={() => void agenda.refetch()} />;
  if (agenda.isPending) return <Skeleton rows={8} widths={[18, 46, 26]} />;
  if (inOrder(agenda.data).length === 0)
    return (
      <Empty page title={t`Nobody needs the consultant today.`}>
        <LinkButton to="/reviews/$session" params={{ session }}>
          <Trans>Back to the agenda</Trans>
        </LinkButton>
      </Empty>
    );
  return <Hour agenda={agenda.data} />;
}

function useMinutes(agenda: Agenda) {
  const { zone } = useHere();
  const { session } = agenda;
  if (!opened.has(session.id)) opened.set(session.id, Date.now());
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return minutesLeft(session, opened.get(session.id)!, now, zone(session.site_id));
}

function Hour({ agenda }: { agenda: Agenda }) {
  const navigate = useNavigate();
  const search = route.useSearch();
  const { session } = agenda;
  const items = inOrder(agenda);
  const patient = items.some((item) => item.patient.id === search.patient)
    ? search.patient!
    : firstOpen(items)!;
  const at = items.findIndex((item) => item.patient.id === patient);
  const left = useMinutes(agenda);
  const narrow = useNarrow(1100);
  const go = useCallback(
    (id: string | undefined) => {
      if (id)
        void navigate({
          to: '/reviews/$session/hour',
          params: { session: session.id },
          search: { patient: id },
        });
    },
    [navigate, session.id],
  );
  const next = neighbour(items, patient, 1);
  const previous = neighbour(items, patient, -1);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const to = event.key === 'n' ? next : event.key === 'p' ? previous : undefined;
      if (!to) return;
      event.preventDefault();
      go(to);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [next, previous, go]);

  const list = (
    <ol className="hour-list">
      {items.map((item, index) => (
        <HourRow
          key={item.patient.id}
          item={item}
          place={index + 1}
          here={item.patient.id === patient}
          session={session.id}
        />
      ))}
    </ol>
  );
  return (
    <div className="hour">
      <div className="hour-top">
        <p>
          <span className={left <= 5 ? 'need-overdue hue strong' : 'strong'}>
            {plural(left, { 0: 'The time is over', one: '# minute left', other: '# minutes left' })}
          </span>
          <span className="soft">, {t`${at + 1} of ${items.length}`}</span>
        </p>
        <div className="row">
          <Button small isDisabled={!previous} onPress={() => go(previous)}>
            <Trans>Previous</Trans> <kbd className="key">p</kbd>
          </Button>
          <Button small isDisabled={!next} onPress={() => go(next)}>
            <Trans>Next</Trans> <kbd className="key">n</kbd>
          </Button>
          <LinkButton small look="quiet" to="/reviews/$session" params={{ session: session.id }}>
            <Trans>Agenda</Trans>
          </LinkButton>
        </div>
      </div>
      <div className="hour-grid">
        <nav className="hour-agenda" aria-label={t`Agenda`}>
          {narrow ? (
            <details>
              <summary className="soft">{t`Agenda, ${items.length} people`}</summary>
              {list}
            </details>
          ) : (
            list
          )}
        </nav>
        <OnePatient
          key={patient}
          patient={patient}
          agenda={agenda}
          item={items[at]!}
          onNext={() =>
            next ? go(next) : void navigate({ to: '/reviews/$session', params: { session: session.id } })
          }
        />
      </div>
    </div>
  );
}

function HourRow({
  item,
  place,
  here,
  session,
}: {
  item: AgendaItem;
  place: number;
  here: boolean;
  session: string;
}) {
  const need = needOf(item);
  return (
    <li className={`hour-row need-${need}`}>
      <Link
        to="/reviews/$session/hour"
        params={{ session }}
        search={{ patient: item.patient.id }}
        aria-current={here ? 'true' : undefined}
      >
        <span className="hour-name">
          <span className="soft">{place}</span> {item.patient.name}
          {item.review_id ? (
            <span className="need-target_met hue">
              <CheckIcon />
              <span className="hidden-text">{t`Reviewed`}</span>
            </span>
          ) : (
            <span className="hue">
              <NeedIcon need={need} />
            </span>
          )}
        </span>
        <span className="small soft hour-why">{item.reasons[0]?.text}</span>
      </Link>
    </li>
  );
}

function OnePatient({
  patient,
  agenda,
  item,
  onNext,
}: {
  patient: string;
  agenda: Agenda;
  item: AgendaItem;
  onNext: () => void;
}) {
  const { can, today: todayAt } = useHere();
  const { session } = agenda;
  const today = todayAt(session.site_id);
  const page = useQuery(reviewPageQuery(patient, session.id));
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (page.isPending)
    return (
      <div className="hour-page">
        <Skeleton rows={9} widths={[60, 30]} />
      </div>
    );
  const { data } = page;
  const done = data.review_in_session;
  return (
    <>
      <PreparedPage page={data} item={item} today={today} />
      <section className="hour-build" aria-label={t`Recommendation`}>
        {done ? (
          <div className="stack">
            <p className="row need-target_met hue strong">
              <CheckIcon />
              <Trans>Reviewed in this session</Trans>
            </p>
            {done.notes && <p className="timeline-note">{done.notes}</p>}
            <ul className="stack-tight">
              {(done.recommendations ?? []).map((one) => (
                <li key={one.id}>
                  <p className="strong">{shortSummary(one)}</p>
                  {moreWords(one) && <p className="timeline-note">{moreWords(one)}</p>}
                  <p className="small soft">{stateLine(one, today)}</p>
                </li>
              ))}
            </ul>
            <div>
              <Button look="primary" onPress={onNext}>
                <Trans>Next person</Trans>
              </Button>
            </div>
          </div>
        ) : can('reviews.write') && session.state === 'planned' ? (
          <Builder
            patient={patient}
            session={session.id}
            draft={data.draft}
            questions={data.questions}
            team={data.care_team ?? []}
            treatments={data.treatments ?? []}
            onSigned={onNext}
          />
        ) : (
          <p className="soft">
            <Trans>Your role reads along; the consultant and the care manager write.</Trans>
          </p>
        )}
      </section>
    </>
  );
}
