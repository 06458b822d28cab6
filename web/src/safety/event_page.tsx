// One safety event from the signal to the last look: who has it, what was found, what was done, who was told.
// Every step says who and when; a clinician writes the ending.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { summaryQuery } from '../api/queries';
import type { SafetyEvent, Summary } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { ageOn, clockWords, dateOf, dueWords, shortDate, timeOf } from '../ui/dates';
import { CheckIcon, NeedIcon } from '../ui/icons';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { word } from '../ui/words';
import { ActionForm, AnswerStepDown, AssessForm, CloseForm, ReassessForm, StepDownForm } from './event_forms';
import { refreshSafety, safetyEventQuery } from './queries';
import { CrisisNumbers } from './safety_forms';
import { useNow } from './safety_strip';
import { signalWords } from './signal';
import { allLevelWords, channelNames, holderWords, lengthWords, rungWords, stepWords } from './words';
import './event.css';

const route = getRouteApi('/patients/$patient/safety');

/** The event that needs somebody most: an open one, else the one whose next look is due, else the latest. */
export function eventToShow(events: SafetyEvent[], wanted: string | undefined) {
  const newest = [...events].sort((a, b) => b.signalled_at.localeCompare(a.signalled_at));
  return (
    events.find((event) => event.id === wanted) ??
    newest.filter((event) => !event.closed_at).at(-1) ??
    newest.find((event) => event.reassess_date && !event.follow_up_ended) ??
    newest[0]
  );
}

export function SafetyEventPage() {
  const { patient } = route.useParams();
  const search = route.useSearch();
  const { can } = useHere();
  const summary = useQuery({ ...summaryQuery(patient), enabled: can('safety.read') });
  useEffect(() => {
    document.title = `${t`Safety`} · Concord`;
  }, []);
  if (!can('safety.read')) return <NoPermission />;
  if (unreadable(summary))
    return <ProblemNote error={summary.error} onRetry={() => void summary.refetch()} />;
  if (summary.isPending) return <Skeleton rows={6} widths={[40, 30]} />;
  const event = eventToShow(summary.data.safety_events, search.event);
  if (!event)
    return (
      <Empty page title={t`No safety signal so far.`}>
        <LinkButton to="/patients/$patient" params={{ patient }}>
          <Trans>Back to the patient</Trans>
        </LinkButton>
      </Empty>
    );
  return <WithSteps key={event.id} summary={summary.data} event={event.id} />;
}

function WithSteps({ summary, event }: { summary: Summary; event: string }) {
  const whole = useQuery(safetyEventQuery(summary.patient.id, event));
  if (unreadable(whole)) return <ProblemNote error={whole.error} onRetry={() => void whole.refetch()} />;
  if (whole.isPending) return <Skeleton rows={6} widths={[40, 30]} />;
  return <Flow summary={summary} event={whole.data} />;
}

function Part({
  done,
  title,
  words,
  children,
}: {
  done: boolean;
  title: ReactNode;
  words?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <li className={done ? 'flow-part flow-done' : 'flow-part'}>
      <span className="flow-mark" aria-hidden="true">
        {done && <CheckIcon />}
      </span>
      <div className="stack-tight">
        <h2>
          {title} {done && <span className="hidden-text">{t`(done)`}</span>}
        </h2>
        {words}
        {children}
      </div>
    </li>
  );
}

function Flow({ summary, event }: { summary: Summary; event: SafetyEvent }) {
  const { can, session, zone: zoneAt, today: todayAt } = useHere();
  const { patient } = summary;
  const site = summary.episode?.site_id ?? patient.site_id;
  const zone = zoneAt(site);
  const today = todayAt(site);
  const now = useNow();
  const [act, setAct] = useState<string | null>(null);
  const close = () => setAct(null);
  const me = session.user.id;
  const mine = (event.has_it ?? event.acknowledged_by)?.id === me;
  const clinician = can('safety.close');
  const closed = !!event.closed_at;
  const assessed = !!event.assessed_at || closed;
  const when = (instant: string) => {
    const day = dateOf(instant, zone);
    return `${day === today ? '' : `${shortDate(day, today)} `}${timeOf(instant, zone)}`;
  };
  const take = useSave(
    ({ version, over }: { version: number; over: boolean }) => {
      const request = {
        params: {
          path: { patient_id: patient.id, safety_event_id: event.id },
          header: ifMatch(version),
        },
        body: {},
      };
      return call(
        over
          ? client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/take-over', request)
          : client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/acknowledge', request),
      );
    },
    async () => {
      await refreshSafety(patient.id);
      say(t`You have it. It stays open until it is assessed and closed.`);
    },
  );
  const theirs = take.theirs as unknown as SafetyEvent | null;
  const forms = { patient, event, today, onDone: close };
  const steps = event.steps ?? [];
  const actions = steps.filter((step) => step.kind === 'action');
  const holder = event.has_it ?? event.acknowledged_by;
  const level = word(allLevelWords, event.level).toLocaleLowerCase();
  return (
    <div className="safety-event">
      <header className="stack-tight">
        <p className="soft small">
          <Link to="/patients/$patient" params={{ patient: patient.id }}>
            {patient.given_name} {patient.family_name}
            {patient.birth_date && `, ${ageOn(patient.birth_date, today)}`}
          </Link>
          {patient.phone && <span> {patient.phone}</span>}
        </p>
        <h1 className="row">
          <span className="need-safety hue row">
            <NeedIcon need="safety" />
          </span>
          <span>{signalWords(event.signal)}</span>
        </h1>
        <p>
          {closed ? (
            <Trans>
              Closed {when(event.closed_at!)} by {event.closed_by?.name}.
            </Trans>
          ) : (
            <>
              <span className="strong">{holderWords(event, me)}</span>
              {!assessed && <span className="soft">, {clockWords(event.due_at, now)}</span>}.{' '}
              {event.next_escalation_at && !holder && (
                <span className="soft">
                  <Trans>Without an answer it is passed on {when(event.next_escalation_at)}.</Trans>
                </span>
              )}
            </>
          )}
        </p>
        {event.note && <p className="timeline-note">{event.note}</p>}
      </header>
      {!closed && <CrisisNumbers />}
      {!!take.error && <ProblemNote error={take.error} focus />}
      {theirs && (
        <p className="note" role="alert">
          {holderWords(theirs, me)}. <Trans>Look again before you act.</Trans>
        </p>
      )}
      <div className="safety-event-grid">
        <ol className="flow">
          <Part
            done={!!holder}
            title={holder ? <Trans>Taken</Trans> : <Trans>Take charge</Trans>}
            words={
              holder && (
                <p className="soft">
                  {holder.name}
                  {event.acknowledged_at && `, ${when(event.acknowledged_at)}`}
                  {event.minutes_to_acknowledge != null &&
                    `, ${t`after ${lengthWords(event.minutes_to_acknowledge)}`}`}
                </p>
              )
            }
          >
            {!closed && clinician && !holder && (
              <div>
                <Button
                  look="safety"
                  isPending={take.saving}
                  onPress={() => take.save({ version: event.version, over: false })}
                >
                  <Trans>I have it</Trans>
                </Button>
              </div>
            )}
            {!closed && clinician && holder && !mine && (
              <div>
                <Button
                  small
                  isPending={take.saving}
                  onPress={() => take.save({ version: event.version, over: true })}
                >
                  <Trans>Take charge instead</Trans>
                </Button>
              </div>
            )}
          </Part>
          <Part
            done={assessed}
            title={assessed ? <Trans>Assessed</Trans> : <Trans>Assess</Trans>}
            words={
              assessed && (
                <p className="soft">
                  <span className={event.level === 'high' ? 'need-safety hue strong' : 'strong'}>
                    {level ? t`Level ${level}` : ''}
                  </span>
                  {event.assessed_by && `, ${event.assessed_by.name}`}
                  {event.assessed_at && `, ${when(event.assessed_at)}`}
                  {event.found_level && event.found_level !== event.level && (
                    <>
                      .{' '}
                      {t`The answers alone say ${word(allLevelWords, event.found_level).toLocaleLowerCase()}`}
                    </>
                  )}
                  {event.assessed_otherwise && <>. {t`Without C-SSRS: ${event.assessed_otherwise}`}</>}
                </p>
              )
            }
          >
            {!assessed && clinician && <AssessForm {...forms} />}
          </Part>
          <Part
            done={actions.length > 0}
            title={<Trans>What was done</Trans>}
            words={
              actions.length > 0 ? (
                <ul>
                  {actions.map((step) => (
                    <li key={step.number}>
                      {stepWords(step)}{' '}
                      <span className="soft">
                        {when(step.at)}
                        {step.text && `: ${step.text}`}
                      </span>
                    </li>
                  ))}
                </ul>
              ) : (
                <p className="soft">
                  <Trans>Nothing recorded yet.</Trans>
                </p>
              )
            }
          >
            {clinician &&
              (closed && act !== 'action' ? (
                <div>
                  <Button small look="quiet" onPress={() => setAct('action')}>
                    <Trans>Add what was done later</Trans>
                  </Button>
                </div>
              ) : (
                <ActionForm {...forms} />
              ))}
            <p className="small">
              <Link to="/patients/$patient/safety-plan" params={{ patient: patient.id }}>
                {summary.safety_plan ? (
                  <Trans>
                    Safety plan of {shortDate(dateOf(summary.safety_plan.written_at, zone), today)}
                  </Trans>
                ) : (
                  <Trans>Write a safety plan</Trans>
                )}
              </Link>
            </p>
          </Part>
          <Part
            done={closed}
            title={closed ? <Trans>Closed</Trans> : <Trans>Close</Trans>}
            words={closed && event.disposition && <p className="timeline-note">{event.disposition}</p>}
          >
            {!closed && !assessed && (
              <p className="soft">
                <Trans>After the assessment.</Trans>
              </p>
            )}
            {!closed && assessed && clinician && <CloseForm {...forms} />}
          </Part>
          {assessed && (
            <Part
              done={!!event.follow_up_ended}
              title={<Trans>Look again</Trans>}
              words={
                <p className="soft">
                  {event.follow_up_ended ? (
                    <Trans>Follow-up ended.</Trans>
                  ) : event.reassess_date ? (
                    <span className={event.reassess_date < today ? 'need-overdue hue strong' : ''}>
                      <When date={event.reassess_date} today={today} />,{' '}
                      {dueWords(event.reassess_date, today)}
                    </span>
                  ) : closed ? (
                    <Trans>No date is set.</Trans>
                  ) : (
                    <Trans>The date is set when it is closed.</Trans>
                  )}
                </p>
              }
            >
              {event.step_down && (
                <div className="note need-review_due">
                  <p>
                    {t`${event.step_down.asked_by?.name ?? ''} asks to lower it to ${word(allLevelWords, event.step_down.to_level).toLocaleLowerCase()}`}
                    : {event.step_down.reason}
                  </p>
                  {can('safety.step_down') ? (
                    <AnswerStepDown {...forms} />
                  ) : (
                    <p className="small soft">
                      <Trans>Waits for the psychiatric consultant.</Trans>
                    </p>
                  )}
                </div>
              )}
              {clinician && closed && !event.follow_up_ended && (
                <>
                  {act === 'reassess' && <ReassessForm {...forms} />}
                  {act === 'step_down' && <StepDownForm {...forms} />}
                  {act !== 'reassess' && act !== 'step_down' && (
                    <div className="row">
                      <Button onPress={() => setAct('reassess')}>
                        <Trans>Reassess</Trans>
                      </Button>
                      {!event.step_down && event.level && event.level !== 'none' && (
                        <Button look="quiet" onPress={() => setAct('step_down')}>
                          <Trans>Ask to lower the level</Trans>
                        </Button>
                      )}
                    </div>
                  )}
                </>
              )}
              {clinician &&
                !closed &&
                !event.step_down &&
                ['moderate', 'high'].includes(event.level ?? '') && (
                  <div>
                    {act === 'step_down' ? (
                      <StepDownForm {...forms} />
                    ) : (
                      <Button look="quiet" small onPress={() => setAct('step_down')}>
                        <Trans>Ask to lower the level</Trans>
                      </Button>
                    )}
                  </div>
                )}
            </Part>
          )}
        </ol>
        <aside className="stack safety-trail" aria-label={t`Trail`}>
          <section className="stack-tight">
            <h2>
              <Trans>Trail</Trans>
            </h2>
            {steps.length === 0 && (
              <p className="soft">
                <Trans>Recorded before every step was kept.</Trans>
              </p>
            )}
            <ol className="trail">
              {steps.map((step) => (
                <li key={step.number}>
                  <span className="soft nowrap">{when(step.at)}</span>
                  <span
                    className={
                      ['not_delivered', 'nobody', 'escalated'].includes(step.kind)
                        ? 'need-overdue hue strong'
                        : ''
                    }
                  >
                    {stepWords(step)}
                    {step.text && !['action', 'nobody'].includes(step.kind) && (
                      <span className="soft small block-words">
                        {step.kind === 'signalled' ? signalWords(step.text) : step.text}
                      </span>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </section>
          {!closed && !!event.ladder?.length && (
            <section className="stack-tight">
              <h2>
                <Trans>Who is asked, in this order</Trans>
              </h2>
              <ol className="trail">
                {event.ladder.map((rung, index) => (
                  <li key={`${rung.rung}${rung.user?.id ?? index}`}>
                    <span className="soft">{index + 1}.</span>
                    <span>
                      {rung.user?.name ?? word(rungWords, rung.rung)}{' '}
                      <span className="soft small block-words">
                        {[
                          rung.user && word(rungWords, rung.rung),
                          rung.channels.map((channel) => word(channelNames, channel)).join(', '),
                        ]
                          .filter(Boolean)
                          .join(', ')}
                      </span>
                    </span>
                  </li>
                ))}
              </ol>
            </section>
          )}
        </aside>
      </div>
    </div>
  );
}
