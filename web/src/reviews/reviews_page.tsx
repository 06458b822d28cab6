// Review sessions: the next one first; questions that wait for an answer beside them.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { ReviewSession } from '../api/types';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { agoWords, dueWords, fullDate } from '../ui/dates';
import { Sheet } from '../ui/sheet';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { word } from '../ui/words';
import { questionsQuery, sessionsQuery } from './queries';
import { SessionForm } from './session_form';
import { sessionStateWords, urgencyWords } from './words';
import './reviews.css';

const route = getRouteApi('/reviews');

export function ReviewsPage() {
  const { can, site, today: todayAt } = useHere();
  const search = route.useSearch();
  const navigate = useNavigate();
  const sessions = useQuery({ ...sessionsQuery(site ?? undefined), enabled: can('reviews.read') });
  const questions = useQuery({ ...questionsQuery, enabled: can('reviews.read') });
  useEffect(() => {
    document.title = `${t`Review`} · Concord`;
  }, []);
  if (!can('reviews.read')) return <NoPermission />;
  const today = todayAt();
  const items = sessions.data?.items ?? [];
  const coming = items
    .filter((one) => one.state === 'planned' && one.date >= today)
    .sort((a, b) => (a.date + (a.starts_at ?? '')).localeCompare(b.date + (b.starts_at ?? '')));
  const past = items.filter((one) => !coming.includes(one));
  const next = coming[0];
  const close = () => void navigate({ to: '/reviews', search: {} });
  return (
    <div className="stack reviews">
      <div className="row-apart">
        <div>
          <h1>{next ? t`Next review ${dueWords(next.date, today)}` : t`Review`}</h1>
          {next && <p className="soft">{fullDate(next.date)}</p>}
        </div>
        {can('reviews.write') && (
          <LinkButton look={next ? 'plain' : 'primary'} to="/reviews" search={{ do: 'new' }}>
            <Trans>New session</Trans>
          </LinkButton>
        )}
      </div>
      {unreadable(sessions) && <ProblemNote error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isPending && <Skeleton rows={4} widths={[16, 12, 30, 10]} />}
      {sessions.data && items.length === 0 && (
        <Empty title={t`No review session is planned.`}>
          <p>
            <Trans>Make one, and Concord proposes who needs the consultant most.</Trans>
          </p>
        </Empty>
      )}
      {coming.length > 0 && (
        <ul className="plain-rows">
          {coming.map((one, index) => (
            <SessionRow key={one.id} session={one} today={today} first={index === 0} />
          ))}
        </ul>
      )}
      <section className="stack-tight">
        <h2>
          {questions.data
            ? plural(questions.data.items.length, {
                0: 'No question waits for the consultant',
                one: '# question waits for the consultant',
                other: '# questions wait for the consultant',
              })
            : t`Questions to the consultant`}
        </h2>
        {unreadable(questions) && (
          <ProblemNote error={questions.error} onRetry={() => void questions.refetch()} />
        )}
        {questions.isPending && <Skeleton rows={2} widths={[20, 60]} />}
        <ul className="plain-rows">
          {questions.data?.items.map((one) => (
            <li key={one.id} className="plain-row question-row">
              <div>
                {one.patient ? (
                  <Link to="/patients/$patient" params={{ patient: one.patient_id }} className="strong">
                    {one.patient.name}
                  </Link>
                ) : null}
                <p className="small soft">
                  {[one.asked_by?.name, agoWords(one.asked_date, today)].filter(Boolean).join(', ')}
                  {one.urgency && one.urgency !== 'routine' && (
                    <span className="need-overdue hue strong">
                      , {word(urgencyWords, one.urgency).toLocaleLowerCase()}
                    </span>
                  )}
                </p>
              </div>
              <p className="timeline-note">{one.question}</p>
              <div className="row">
                {can('reviews.write') && (
                  <Button
                    small
                    onPress={() =>
                      void navigate({
                        to: '/patients/$patient',
                        params: { patient: one.patient_id },
                        search: { do: 'review' },
                      })
                    }
                  >
                    <Trans>Review now</Trans>
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      </section>
      {past.length > 0 && (
        <section className="stack-tight">
          <h2>
            <Trans>Earlier</Trans>
          </h2>
          <ul className="plain-rows">
            {past.slice(0, 12).map((one) => (
              <SessionRow key={one.id} session={one} today={today} />
            ))}
          </ul>
        </section>
      )}
      {search.do === 'new' && can('reviews.write') && (
        <Sheet title={t`New review session`} onClose={close}>
          <SessionForm
            today={today}
            onDone={(made) =>
              made ? void navigate({ to: '/reviews/$session', params: { session: made.id } }) : close()
            }
          />
        </Sheet>
      )}
    </div>
  );
}

export function sessionWho(session: ReviewSession) {
  const others = session.attendees
    .filter((one) => one.user_id !== session.consultant?.id)
    .map((one) => one.name);
  return [session.consultant?.name, ...others].filter(Boolean).join(', ');
}

function SessionRow({ session, today, first }: { session: ReviewSession; today: string; first?: boolean }) {
  const { minutes } = session;
  return (
    <li className="plain-row session-row">
      <div>
        <Link to="/reviews/$session" params={{ session: session.id }} className="strong">
          <When date={session.date} today={today} />
          {session.starts_at && <span>, {session.starts_at}</span>}
        </Link>
        <p className="small soft">
          {t`${minutes} minutes`}
          {session.state !== 'planned' && `, ${word(sessionStateWords, session.state)}`}
        </p>
      </div>
      <p className="soft">{sessionWho(session)}</p>
      <div className="row">
        <LinkButton
          small
          look={first ? 'primary' : 'plain'}
          to="/reviews/$session"
          params={{ session: session.id }}
        >
          <Trans>Agenda</Trans>
        </LinkButton>
      </div>
    </li>
  );
}
