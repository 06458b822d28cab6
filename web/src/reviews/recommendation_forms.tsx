// What becomes of a recommendation: the answer, that it was done, whether it was tried long enough, or taken back.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { queryClient, refreshPatient } from '../api/queries';
import type { Recommendation } from '../api/types';
import { useSave } from '../app/save';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { DateField, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { roleWords, word } from '../ui/words';
import { moreWords, shortSummary, stateLine, versionSeen } from './words';
import './recommendation.css';

interface Props {
  one: Recommendation | undefined;
  today: string;
  onDone: () => void;
}
const ids = (one: Recommendation) => ({ patient_id: one.patient_id, recommendation_id: one.id });
export const refreshRecommendations = (patient: string) =>
  Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['reviews'] })]);

/** The row as it stands now, beside what one was about to do. */
function Meanwhile({ now, today }: { now: Recommendation; today: string }) {
  return (
    <p className="note" role="alert">
      <Trans>Somebody else was faster. It stands like this now:</Trans> {stateLine(now, today)}.
      {now.answer_reason && ` ${now.answer_reason}`}
    </p>
  );
}

type AnswerState = 'accepted' | 'modified' | 'declined';

/** Three buttons; changing and declining ask why in the same place. */
export function AnswerButtons({
  one,
  today,
  reading,
  onDone,
}: {
  one: Recommendation;
  today: string;
  /** That the reader has it open is being told to the server: an answer goes out after that. */
  reading?: { current: Promise<Recommendation | null> };
  onDone: () => void;
}) {
  const [state, setState] = useState<AnswerState | null>(null);
  const [reason, setReason] = useState('');
  const answer = useSave(
    async ({ version, ...body }: { version: number; state: AnswerState; reason?: string }) => {
      const seen = versionSeen(version, (await reading?.current) ?? null);
      return call(
        client.POST('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/answer', {
          params: { path: ids(one), header: ifMatch(seen) },
          body,
        }),
      );
    },
    async () => {
      await refreshRecommendations(one.patient_id);
      say(t`Answered. The consultant and the care manager see it.`);
      onDone();
    },
  );
  const theirs = answer.theirs as unknown as Recommendation | null;
  const version = theirs?.version ?? one.version;
  const stillOpen = !theirs || theirs.may.includes('answer');
  return (
    <div className="stack">
      {!!answer.error && <ProblemNote error={answer.error} focus />}
      {theirs && <Meanwhile now={theirs} today={today} />}
      {stillOpen && (
        <fieldset className="answer-buttons" aria-label={t`Your answer`}>
          <Button
            look="primary"
            isPending={answer.saving && state === 'accepted'}
            onPress={() => {
              setState('accepted');
              answer.save({ version, state: 'accepted' });
            }}
          >
            <Trans>Accept</Trans>
          </Button>
          <Button aria-expanded={state === 'modified'} onPress={() => setState('modified')}>
            <Trans>Change</Trans>
          </Button>
          <Button aria-expanded={state === 'declined'} onPress={() => setState('declined')}>
            <Trans>Decline</Trans>
          </Button>
        </fieldset>
      )}
      {stillOpen && (state === 'modified' || state === 'declined') && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            answer.save({ version, state, reason: reason.trim() });
          }}
        >
          <TextArea
            key={state}
            label={state === 'modified' ? t`What will be done instead, and why` : t`Why not`}
            value={reason}
            onChange={setReason}
            required
            autoFocus
            error={issueFor(answer.error, 'reason')}
          />
          <div className="row">
            <Button look="primary" type="submit" isPending={answer.saving}>
              {state === 'modified' ? <Trans>Send the change</Trans> : <Trans>Decline it</Trans>}
            </Button>
            <Button look="quiet" onPress={() => setState(null)}>
              <Trans>Back</Trans>
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

/** The same three buttons in a sheet, for whoever answers from the patient's page. */
export function AnswerRecommendation({ one, today, onDone }: Props) {
  if (!one) return <Empty title={t`Nothing waits for an answer.`} />;
  return (
    <div className="stack">
      <div>
        <p className="strong">{shortSummary(one)}</p>
        {moreWords(one) && <p className="timeline-note">{moreWords(one)}</p>}
        <p className="small soft">{stateLine(one, today)}</p>
      </div>
      {one.may.includes('answer') ? (
        <AnswerButtons one={one} today={today} onDone={onDone} />
      ) : (
        <p className="soft">
          <Trans>Your role does not answer this one.</Trans>
        </p>
      )}
    </div>
  );
}

export function RecommendationDone({ one, today, onDone }: Props) {
  const [on, setOn] = useState(today);
  const done = useSave(
    ({ version, ...body }: { version: number; on: string }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/done', {
          params: { path: ids(one!), header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshRecommendations(one!.patient_id);
      say(t`Marked as done. Later somebody says whether it was tried long enough.`);
      onDone();
    },
  );
  if (!one) return <Empty title={t`This is not here.`} />;
  const theirs = done.theirs as unknown as Recommendation | null;
  const medicine = ['start', 'switch', 'augment'].includes(one.kind);
  const dose = ['increase', 'taper'].includes(one.kind) && one.treatment_id;
  return (
    <ShortForm
      state={done}
      action={<Trans>Mark as done</Trans>}
      disabled={!!theirs && !theirs.may.includes('done')}
      onSubmit={() => done.save({ version: theirs?.version ?? one.version, on })}
      onCancel={onDone}
    >
      {theirs && <Meanwhile now={theirs} today={today} />}
      <div>
        <p className="strong">{shortSummary(one)}</p>
        {moreWords(one) && <p className="timeline-note">{moreWords(one)}</p>}
      </div>
      {(medicine || dose || one.kind === 'psychotherapy') && (
        <p className="row">
          <LinkButton
            small
            to="/patients/$patient"
            params={{ patient: one.patient_id }}
            search={{
              do: dose ? 'dose' : 'treatment',
              id: dose ? one.treatment_id! : undefined,
              rec: one.id,
            }}
          >
            {dose ? <Trans>Record the change of dose</Trans> : <Trans>Record the treatment</Trans>}
          </LinkButton>
          <span className="small soft">
            <Trans>This marks it as done in one step.</Trans>
          </span>
        </p>
      )}
      <DateField
        label={t`Done on`}
        value={on}
        onChange={setOn}
        max={today}
        required
        error={issueFor(done.error, 'on')}
      />
    </ShortForm>
  );
}

export function RecommendationTrial({ one, today, onDone }: Props) {
  const [result, setResult] = useState('');
  const [dose, setDose] = useState(one?.dose ?? '');
  const [weeks, setWeeks] = useState('');
  const [reason, setReason] = useState('');
  const trial = useSave(
    ({
      version,
      ...body
    }: {
      version: number;
      result: 'adequate' | 'not_adequate';
      dose?: string;
      weeks?: number;
      reason?: string;
    }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/trial', {
          params: { path: ids(one!), header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshRecommendations(one!.patient_id);
      say(t`Recorded. The recommendation has its end.`);
      onDone();
    },
  );
  if (!one) return <Empty title={t`This is not here.`} />;
  const theirs = trial.theirs as unknown as Recommendation | null;
  const submit = () =>
    result === 'adequate'
      ? trial.save({
          version: theirs?.version ?? one.version,
          result,
          dose: dose.trim() || undefined,
          weeks: Number(weeks),
        })
      : trial.save({
          version: theirs?.version ?? one.version,
          result: 'not_adequate',
          reason: reason.trim(),
        });
  return (
    <ShortForm
      state={trial}
      action={<Trans>Save</Trans>}
      disabled={!result || (!!theirs && !theirs.may.includes('trial'))}
      onSubmit={submit}
      onCancel={onDone}
    >
      {theirs && <Meanwhile now={theirs} today={today} />}
      <p className="strong">{shortSummary(one)}</p>
      <Choice
        label={t`Was it tried long enough, at a dose that can help?`}
        value={result}
        onChange={setResult}
        options={[
          { value: 'adequate', label: t`Yes` },
          { value: 'not_adequate', label: t`No` },
        ]}
        error={issueFor(trial.error, 'result')}
      />
      {result === 'adequate' && (
        <div className="pair">
          {one.kind !== 'psychotherapy' && (
            <TextField
              label={t`At which dose`}
              value={dose}
              onChange={setDose}
              required
              error={issueFor(trial.error, 'dose')}
            />
          )}
          <TextField
            label={t`For how many weeks`}
            type="number"
            inputMode="numeric"
            short
            min={1}
            max={520}
            value={weeks}
            onChange={setWeeks}
            required
            error={issueFor(trial.error, 'weeks')}
          />
        </div>
      )}
      {result === 'not_adequate' && (
        <TextField
          label={t`Why not`}
          hint={t`Side effects, not taken, dose not reached, changed before`}
          value={reason}
          onChange={setReason}
          required
          autoFocus
          error={issueFor(trial.error, 'reason')}
        />
      )}
    </ShortForm>
  );
}

export function SendRecommendation({ one, today, onDone }: Props) {
  const send = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/send', {
          params: { path: ids(one!), header: ifMatch(version) },
          body: {},
        }),
      ),
    async () => {
      await refreshRecommendations(one!.patient_id);
      say(t`Sent.`);
      onDone();
    },
  );
  if (!one) return <Empty title={t`This is not here.`} />;
  const theirs = send.theirs as unknown as Recommendation | null;
  const to = one.to?.name ?? word(roleWords, one.to_role);
  return (
    <ShortForm
      state={send}
      action={<Trans>Send it</Trans>}
      disabled={!!theirs && !theirs.may.includes('send')}
      onSubmit={() => send.save(theirs?.version ?? one.version)}
      onCancel={onDone}
    >
      {theirs && <Meanwhile now={theirs} today={today} />}
      <p className="strong">{shortSummary(one)}</p>
      {moreWords(one) && <p className="timeline-note">{moreWords(one)}</p>}
      <p>
        {to ? t`It goes to ${to}, who gets a notice.` : t`It goes into the record; nobody is asked to act.`}
      </p>
    </ShortForm>
  );
}

export function WithdrawRecommendation({ one, today, onDone }: Props) {
  const [reason, setReason] = useState('');
  const withdraw = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/withdraw', {
          params: { path: ids(one!), header: ifMatch(version) },
          body: { reason: reason.trim() },
        }),
      ),
    async () => {
      await refreshRecommendations(one!.patient_id);
      say(t`Withdrawn. Whoever had it is told.`);
      onDone();
    },
  );
  if (!one) return <Empty title={t`This is not here.`} />;
  const theirs = withdraw.theirs as unknown as Recommendation | null;
  return (
    <ShortForm
      state={withdraw}
      action={<Trans>Withdraw</Trans>}
      disabled={!!theirs && !theirs.may.includes('withdraw')}
      onSubmit={() => withdraw.save(theirs?.version ?? one.version)}
      onCancel={onDone}
    >
      {theirs && <Meanwhile now={theirs} today={today} />}
      <p className="strong">{shortSummary(one)}</p>
      <p className="soft">
        <Trans>It stays in the record, marked as withdrawn. Nobody can answer it any more.</Trans>
      </p>
      <TextField
        label={t`Why`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(withdraw.error, 'reason')}
      />
    </ShortForm>
  );
}
