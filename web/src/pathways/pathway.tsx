// The pathway: which forms when, who else, what to think of now. Chosen at intake, changed with a reason.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Episode, PathwayPrompt, PatientPathway, Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dueWords } from '../ui/dates';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { informantWords, instrumentName, word } from '../ui/words';
import { pathwaysQuery, patientPathwayQuery } from './queries';
import './pathway.css';

/** Choosing among all, the fitting ones first. */
export function PathwayChoice({
  suggested,
  value,
  onChange,
  error,
}: {
  suggested: string[];
  value: string;
  onChange: (value: string) => void;
  error: unknown;
}) {
  const { session } = useHere();
  const list = useQuery(pathwaysQuery(session.user.language));
  if (list.isPending) return <Skeleton rows={2} widths={[40]} />;
  if (unreadable(list)) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />;
  const items = [...list.data.items].sort(
    (a, b) => Number(suggested.includes(b.id)) - Number(suggested.includes(a.id)),
  );
  const chosen = items.find((one) => one.id === value);
  return (
    <div className="stack-tight">
      <Choice
        label={t`Pathway`}
        hint={suggested.length > 0 ? t`The first ones fit the condition and the age.` : undefined}
        value={value}
        onChange={onChange}
        options={items.map((one) => ({ value: one.id, label: one.title }))}
        error={issueFor(error, 'pathway')}
      />
      {chosen?.summary && <p className="soft">{chosen.summary}</p>}
      {chosen?.privacy_label === 'part2' && (
        <p className="note">
          <Trans>
            This pathway’s records are protected by 42 CFR Part 2: they are labelled, and the label stays.
          </Trans>
        </p>
      )}
      {chosen?.privacy_label === 'adolescent_confidential' && (
        <p className="note">
          <Trans>
            Some answers stay between the young person and the team: they are labelled, and the label stays.
          </Trans>
        </p>
      )}
    </div>
  );
}

/** Where a prompt's act is done. */
function PromptAct({ prompt, patient }: { prompt: PathwayPrompt; patient: string }) {
  switch (prompt.act) {
    case 'relapse_prevention_plan':
      return (
        <Link to="/patients/$patient/plan" params={{ patient }}>
          <Trans>Open the plan</Trans>
        </Link>
      );
    case 'decision_aid':
      return prompt.object ? (
        <Link to="/patients/$patient/decide/$aid" params={{ patient, aid: prompt.object }}>
          <Trans>Decide together</Trans>
        </Link>
      ) : null;
    case 'add_team_member':
      return (
        <Link to="/patients/$patient" params={{ patient }} search={{ do: 'team' }}>
          <Trans>Bring somebody in</Trans>
        </Link>
      );
    case 'measure':
      return (
        <Link
          to="/patients/$patient"
          params={{ patient }}
          search={{ do: 'score', id: prompt.object ?? undefined }}
        >
          {prompt.object ? instrumentName(prompt.object) : <Trans>Enter a score</Trans>}
        </Link>
      );
    default:
      return null;
  }
}

export function PathwayDue({ pathway, patient }: { pathway: PatientPathway; patient: string }) {
  const { can } = useHere();
  const due = pathway.due.filter((one) => one.may_start !== false);
  if (due.length === 0) return null;
  return (
    <ul className="pathway-due">
      {due.map((one) => (
        <li key={one.instrument + (one.informant ?? '')} className="row-apart">
          <span>
            <span className="strong">{one.short_title || instrumentName(one.instrument)}</span>
            {one.informant && one.informant !== 'self' && (
              <span className="soft">, {word(informantWords, one.informant).toLocaleLowerCase()}</span>
            )}{' '}
            <span className={one.overdue_days ? 'need-overdue hue small' : 'soft small'}>
              {dueWords(one.due_date, pathway.as_of)}
            </span>
            {one.why && <p className="small soft">{one.why}</p>}
          </span>
          {can('measurements.write') && (
            <Link
              to="/patients/$patient"
              params={{ patient }}
              search={{ do: 'score', id: one.instrument }}
              className="button button-small"
              aria-label={t`Fill it in: ${one.short_title || instrumentName(one.instrument)}`}
            >
              <Trans>Fill it in</Trans>
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

export function PathwayPrompts({ prompts, patient }: { prompts: PathwayPrompt[]; patient: string }) {
  if (prompts.length === 0) return null;
  return (
    <ul className="pathway-prompts">
      {prompts.map((prompt) => (
        <li key={prompt.id} title={prompt.source}>
          {prompt.text} <PromptAct prompt={prompt} patient={patient} />
        </li>
      ))}
    </ul>
  );
}

export function Missing({ pathway, patient }: { pathway: PatientPathway; patient: string }) {
  if (pathway.team_missing.length === 0) return null;
  return (
    <p className="small">
      <Trans>Not on the team yet:</Trans>{' '}
      {pathway.team_missing.map((one, index) => (
        <span key={one.role} title={one.why}>
          {index > 0 && ', '}
          {one.title}
        </span>
      ))}{' '}
      <Link to="/patients/$patient" params={{ patient }} search={{ do: 'team' }}>
        <Trans>Bring somebody in</Trans>
      </Link>
    </p>
  );
}

/** On the patient's page. */
export function PathwaySide({
  summary,
  today,
  open,
}: {
  summary: Summary;
  today: string;
  open: (name: string) => void;
}) {
  const { can } = useHere();
  const patient = summary.patient.id;
  const episode = summary.episode;
  const read = useQuery({
    ...patientPathwayQuery(patient),
    enabled: can('plans.read') && !!episode && episode.state !== 'closed',
  });
  if (!episode || episode.state === 'closed' || !can('plans.read')) return null;
  return (
    <section>
      <div className="row-apart">
        <h2>
          <Trans>Pathway</Trans>
        </h2>
        {can('episodes.write') && (
          <Button small look="quiet" onPress={() => open('pathway')}>
            {episode.pathway ? <Trans>Change</Trans> : <Trans>Choose</Trans>}
          </Button>
        )}
      </div>
      {read.isPending && <Skeleton rows={1} widths={[40]} />}
      {unreadable(read) && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.data && (
        <div className="stack-tight">
          <p className={read.data.pathway ? '' : 'soft'}>{read.data.pathway?.title ?? t`None chosen.`}</p>
          {read.data.break && (
            <p className="need-overdue hue">
              {read.data.break.days_until > 0 ? (
                <Trans>
                  {read.data.break.name} from <When date={read.data.break.from} today={today} />: agree how to
                  stay in touch.
                </Trans>
              ) : (
                <Trans>
                  {read.data.break.name} until <When date={read.data.break.to} today={today} />
                </Trans>
              )}
            </p>
          )}
          <PathwayDue pathway={read.data} patient={patient} />
          <PathwayPrompts prompts={read.data.prompts} patient={patient} />
          <Missing pathway={read.data} patient={patient} />
        </div>
      )}
    </section>
  );
}

/** The sheet: choose, or change with a reason; former choices stay readable. */
export function ChangePathway({
  summary,
  today,
  onDone,
}: {
  summary: Summary;
  today: string;
  onDone: () => void;
}) {
  const patient = summary.patient.id;
  const episode = summary.episode;
  const read = useQuery({ ...patientPathwayQuery(patient), enabled: !!episode });
  const [pathway, setPathway] = useState(episode?.pathway ?? '');
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.PATCH('/api/v1/episodes/{episode_id}', {
          params: { path: { episode_id: episode!.id }, header: ifMatch(version) },
          body: { pathway, pathway_reason: reason.trim() || undefined },
        }),
      ),
    async () => {
      say(t`The pathway is set. What is due follows it from now on.`);
      await refreshPatient(patient);
      onDone();
    },
  );
  if (!episode) return <Empty title={t`There is no open episode.`} />;
  const theirs = save.theirs as unknown as Episode | null;
  return (
    <div className="stack">
      <ShortForm
        state={save}
        action={<Trans>Save</Trans>}
        disabled={!pathway || pathway === episode.pathway}
        onSubmit={() => save.save(theirs?.version ?? episode.version)}
        onCancel={onDone}
      >
        {theirs && (
          <p className="note" role="alert">
            <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
          </p>
        )}
        <PathwayChoice
          suggested={read.data?.suggested ?? []}
          value={pathway}
          onChange={setPathway}
          error={save.error}
        />
        {episode.pathway && (
          <TextField
            label={t`Why it changes`}
            value={reason}
            onChange={setReason}
            required
            error={issueFor(save.error, 'pathway_reason')}
          />
        )}
      </ShortForm>
      {!!read.data?.history.length && (
        <section>
          <h3>
            <Trans>Before</Trans>
          </h3>
          <ul>
            {read.data.history.map((one) => (
              <li key={one.on + one.to} className="small">
                <When date={one.on} today={today} />: {[one.from, one.to].filter(Boolean).join(' → ')}{' '}
                <span className="soft">
                  {one.by?.name}
                  {one.reason && `: ${one.reason}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
