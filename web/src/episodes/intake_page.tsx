// From a referral to an open course of care: assess, consent, who and what, enrol. Every guard is a visible line.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { queryClient, refreshPatient, summaryQuery } from '../api/queries';
import type { Episode, EpisodeAct, Summary } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Missing, PathwayChoice, PathwayDue, PathwayPrompts } from '../pathways/pathway';
import { patientPathwayQuery } from '../pathways/queries';
import { Button, LinkButton } from '../ui/button';
import { ageOn } from '../ui/dates';
import { DateField } from '../ui/field';
import { CheckIcon } from '../ui/icons';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { attemptWords, instrumentName, kindWords, stateWords, word } from '../ui/words';
import {
  CareFields,
  ConsentFields,
  careBody,
  careDraft,
  newConsent,
  useRecordConsent,
} from './episode_forms';
import './intake.css';

const route = getRouteApi('/patients/$patient/intake');

export function IntakePage() {
  const { patient } = route.useParams();
  const { can, today } = useHere();
  const summary = useQuery({ ...summaryQuery(patient), enabled: can('episodes.write') });
  useEffect(() => {
    document.title = `${t`Intake`} · Concord`;
  }, []);
  if (!can('episodes.write')) return <NoPermission />;
  if (unreadable(summary))
    return <ProblemNote error={summary.error} onRetry={() => void summary.refetch()} />;
  if (summary.isPending) return <Skeleton rows={8} widths={[30, 50]} />;
  const { episode } = summary.data;
  if (!episode || !['referred', 'assessed'].includes(episode.state))
    return (
      <Empty
        page
        title={
          episode
            ? t`Already ${word(stateWords, episode.state).toLocaleLowerCase()}.`
            : t`There is no open episode.`
        }
      >
        <LinkButton to="/patients/$patient" params={{ patient }}>
          <Trans>Open the patient</Trans>
        </LinkButton>
      </Empty>
    );
  return <Intake summary={summary.data} episode={episode} today={today(episode.site_id)} key={episode.id} />;
}

function Step({ done, title, children }: { done: boolean; title: string; children: React.ReactNode }) {
  return (
    <section className={done ? 'intake-step intake-done' : 'intake-step'}>
      <h2>
        <span className="intake-mark" aria-hidden="true">
          {done && <CheckIcon />}
        </span>
        {title}
        {done && <span className="hidden-text">, {t`done`}</span>}
      </h2>
      <div className="intake-body">{children}</div>
    </section>
  );
}

/** Chosen here first: it says which forms to offer before the enrolment, and what to think of. */
function IntakePathway({
  summary,
  episode,
  at,
  onChosen,
}: {
  summary: Summary;
  episode: Episode;
  at: number;
  onChosen: (instrument?: string | null, condition?: string) => void;
}) {
  const patient = summary.patient.id;
  const read = useQuery(patientPathwayQuery(patient));
  const [chosen, setChosen] = useState('');
  const [changing, setChanging] = useState(false);
  const save = useSave(
    (pathway: string) =>
      call(
        client.PATCH('/api/v1/episodes/{episode_id}', {
          params: { path: { episode_id: episode.id }, header: ifMatch(at) },
          body: {
            pathway,
            pathway_reason: episode.pathway ? t`chosen anew at intake` : undefined,
          },
        }),
      ),
    async () => {
      await refreshPatient(patient);
      const next = await queryClient.fetchQuery(patientPathwayQuery(patient));
      onChosen(next.pathway?.primary_instrument, next.pathway?.conditions?.[0]);
      setChanging(false);
    },
  );
  if (read.isPending) return <Skeleton rows={2} widths={[40]} />;
  if (unreadable(read)) return <ProblemNote error={read.error} onRetry={() => void read.refetch()} />;
  const { pathway } = read.data;
  if (!pathway || changing)
    return (
      <div className="stack">
        {(!!save.error || save.theirs) && (
          <ProblemNote error={save.error ?? t`Somebody else changed this meanwhile.`} focus />
        )}
        <PathwayChoice
          suggested={read.data.suggested}
          value={chosen || (pathway?.id ?? '')}
          onChange={setChosen}
          error={save.error}
        />
        <div>
          <Button isDisabled={!chosen} isPending={save.saving} onPress={() => save.save(chosen)}>
            <Trans>Use this pathway</Trans>
          </Button>
        </div>
      </div>
    );
  return (
    <div className="stack-tight">
      <p className="row">
        <span className="strong">{pathway.title}</span>
        <Button small look="quiet" onPress={() => setChanging(true)}>
          <Trans>Another one</Trans>
        </Button>
      </p>
      {read.data.due.length > 0 && (
        <p className="soft small">
          <Trans>To offer now, in this order:</Trans>
        </p>
      )}
      <PathwayDue pathway={read.data} patient={patient} />
      <PathwayPrompts prompts={read.data.prompts} patient={patient} />
      <Missing pathway={read.data} patient={patient} />
    </div>
  );
}

function Intake({ summary, episode, today }: { summary: Summary; episode: Episode; today: string }) {
  const { session, hasRole, can } = useHere();
  const navigate = useNavigate();
  const patient = summary.patient.id;
  const me = hasRole('care_manager') ? session.user.id : undefined;
  const [care, setCare] = useState(() => careDraft(episode, me));
  const [assessedOn, setAssessedOn] = useState(episode.assessed_date ?? today);
  const [consent, setConsent] = useState(() => newConsent(today, summary.patient.language ?? 'en'));
  const consents = summary.consents.filter((one) => !one.withdrawn_date);
  const [version, setVersion] = useState<number | null>(null);

  const record = useRecordConsent(patient, () => say(t`Consent recorded.`));
  const act = useSave(
    ({ at, ...body }: EpisodeAct & { at: number }) =>
      call(
        client.POST('/api/v1/episodes/{episode_id}/acts', {
          params: { path: { episode_id: episode.id }, header: ifMatch(at) },
          body,
        }),
      ),
    async (next) => {
      setVersion(null);
      await refreshPatient(patient);
      if (next.state === 'active') {
        say(t`Enrolled. The first contact is due within 28 days; a review of the new case within 14.`);
        await navigate({ to: '/patients/$patient', params: { patient } });
      } else say(t`Assessment recorded.`);
    },
  );
  const theirs = act.theirs as unknown as Episode | null;
  const at = theirs?.version ?? version ?? episode.version;
  const assessed = episode.state === 'assessed';
  const missing = [
    !assessed && t`the assessment`,
    consents.length === 0 && t`consent`,
    !care.primary_condition && t`the condition treated`,
    !care.primary_instrument && t`what is measured`,
    !care.care_manager_id && t`a care manager`,
    !care.billing_practitioner && t`a billing practitioner`,
  ].filter((one): one is string => !!one);
  const scores = summary.measurements.filter((m) => !m.replaced_by);
  const referral = summary.referrals.find((one) => !one.outcome) ?? summary.referrals[0];

  return (
    <div className="intake">
      <header>
        <p className="soft small">
          <Link to="/patients/$patient" params={{ patient }}>
            {summary.patient.given_name} {summary.patient.family_name}
            {summary.patient.birth_date && `, ${ageOn(summary.patient.birth_date, today)}`}
          </Link>
          {summary.patient.phone && <span> {summary.patient.phone}</span>}
        </p>
        <h1>
          <Trans>Intake</Trans>
        </h1>
        {referral && (
          <p className="soft">
            {t`Referred by ${referral.referred_by}`}, <When date={referral.received_date} today={today} />
            {referral.reason && `: ${referral.reason}`}
            {referral.attempts.length > 0 &&
              `. ${word(kindWords, 'outreach_attempt')}: ${referral.attempts.map((one) => word(attemptWords, one.result).toLocaleLowerCase()).join(', ')}`}
          </p>
        )}
      </header>
      {theirs && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile. It is now:</Trans> {word(stateWords, theirs.state)}.{' '}
          <Trans>Your words are still here.</Trans>
        </p>
      )}

      <Step done={assessed} title={t`Initial assessment`}>
        {assessed ? (
          <p>
            <When date={episode.assessed_date ?? today} today={today} />{' '}
            <span className="soft">
              <Trans>This day becomes the enrolment date.</Trans>
            </span>
          </p>
        ) : (
          <div className="row intake-line">
            <DateField
              label={t`Assessed on`}
              hint={t`The day of the care manager's assessment becomes the enrolment date.`}
              value={assessedOn}
              onChange={setAssessedOn}
              max={today}
              error={issueFor(act.error, 'on')}
            />
            <Button onPress={() => act.save({ at, act: 'assess', on: assessedOn })} isPending={act.saving}>
              <Trans>Record the assessment</Trans>
            </Button>
          </div>
        )}
      </Step>

      {can('plans.read') && (
        <Step done={!!episode.pathway} title={t`Pathway`}>
          <IntakePathway
            summary={summary}
            episode={episode}
            at={at}
            onChosen={(instrument, condition) =>
              setCare((old) => ({
                ...old,
                primary_instrument: old.primary_instrument || (instrument ?? ''),
                primary_condition: old.primary_condition || (condition ?? ''),
              }))
            }
          />
        </Step>
      )}

      <Step done={scores.length > 0} title={t`Scores before treatment`}>
        {scores.length > 0 && (
          <p>
            {scores.map((m) => (
              <span key={m.id} className="intake-score">
                {instrumentName(m.instrument)} <span className="strong">{m.total ?? '–'}</span>{' '}
                <span className="soft">
                  <When date={m.administered_date} today={today} />
                </span>
              </span>
            ))}
          </p>
        )}
        <p>
          <Link to="/patients/$patient" params={{ patient }} search={{ do: 'score' }}>
            <Trans>Enter a score</Trans>
          </Link>{' '}
          <span className="soft small">
            <Trans>A score within 14 days after enrolment becomes the baseline.</Trans>
          </span>
        </p>
      </Step>

      <Step done={consents.length > 0} title={t`Consent`}>
        {consents.length > 0 ? (
          <p>
            <When date={consents[0]!.given_date} today={today} />{' '}
            <span className="soft">{consents[0]!.text_version}</span>
          </p>
        ) : (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              record.save({ kind: 'collaborative_care', ...consent });
            }}
          >
            {!!record.error && <ProblemNote error={record.error} focus />}
            <p>
              <Trans>
                Read it to the patient in their language: what the team does, who sees what, that there may be
                a cost, that they may stop any time.
              </Trans>
            </p>
            <ConsentFields draft={consent} onChange={setConsent} today={today} error={record.error} />
            <div>
              <Button type="submit" isPending={record.saving}>
                <Trans>Record consent</Trans>
              </Button>
            </div>
          </form>
        )}
      </Step>

      <Step
        done={missing.every((one) => one === t`consent` || one === t`the assessment`)}
        title={t`What is treated, and by whom`}
      >
        <div className="stack">
          <CareFields draft={care} onChange={setCare} error={act.error} />
        </div>
      </Step>

      <div className="intake-foot">
        {!!act.error && <ProblemNote error={act.error} focus />}
        <p className={missing.length ? 'soft' : ''} role="status">
          {missing.length > 0 ? t`Still needed: ${missing.join(', ')}.` : t`Everything is here.`}
        </p>
        <div className="row">
          <Button
            look="primary"
            isDisabled={missing.length > 0}
            isPending={act.saving}
            onPress={() => act.save({ at, act: 'enroll', ...careBody(care) })}
          >
            <Trans>Enrol</Trans>
          </Button>
          <LinkButton look="quiet" to="/patients/$patient" params={{ patient }} search={{ do: 'outcome' }}>
            <Trans>Not enrolling</Trans>
          </LinkButton>
        </div>
      </div>
    </div>
  );
}
