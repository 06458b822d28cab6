// An attempt to reach somebody, and how a referral ended.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient, refreshPatient } from '../api/queries';
import type { Referral } from '../api/types';
import { useSave } from '../app/save';
import { Choice } from '../ui/choice';
import { DateField, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { attemptWords, modalityWords, options, outcomeWords, word } from '../ui/words';

interface Props {
  referral: Referral | undefined;
  patient: string;
  today: string;
  onDone: () => void;
}

async function refresh(patient: string) {
  await refreshPatient(patient);
  await queryClient.invalidateQueries({ queryKey: ['referrals'] });
}

export function LogAttempt({ referral, patient, today, onDone }: Props) {
  const [modality, setModality] = useState('phone');
  const [result, setResult] = useState('');
  const [note, setNote] = useState('');
  const [on, setOn] = useState(today);
  const save = useSave(
    (body: { modality: string; result: string; note?: string; on?: string }) =>
      create(`${referral!.id}/attempts`, body, (key) =>
        client.POST('/api/v1/referrals/{referral_id}/attempts', {
          params: { path: { referral_id: referral!.id }, header: key },
          body,
        }),
      ),
    async () => {
      await refresh(patient);
      say(t`Attempt logged.`);
      onDone();
    },
  );
  if (!referral) return <Empty title={t`There is no referral.`} />;
  return (
    <ShortForm
      state={save}
      action={<Trans>Log it</Trans>}
      disabled={!result}
      onSubmit={() => save.save({ modality, result, note: note || undefined, on })}
      onCancel={onDone}
    >
      <Choice
        label={t`How`}
        value={modality}
        onChange={setModality}
        options={options(modalityWords, ['phone', 'video', 'in_person', 'sms', 'email', 'letter'])}
      />
      <Choice
        label={t`What happened`}
        value={result}
        onChange={setResult}
        options={options(attemptWords)}
        error={issueFor(save.error, 'result')}
      />
      <TextField label={t`Note`} value={note} onChange={setNote} error={issueFor(save.error, 'note')} />
      <DateField
        label={t`On`}
        value={on}
        onChange={setOn}
        max={today}
        required
        error={issueFor(save.error, 'on')}
      />
    </ShortForm>
  );
}

export function ReferralOutcome({ referral, patient, today, onDone }: Props) {
  const [outcome, setOutcome] = useState('');
  const [reason, setReason] = useState('');
  const [on, setOn] = useState(today);
  const save = useSave(
    ({ version, ...body }: { version: number; outcome: string; on?: string; reason?: string }) =>
      call(
        client.POST('/api/v1/referrals/{referral_id}/outcome', {
          params: { path: { referral_id: referral!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refresh(patient);
      say(
        outcome === 'other_level_of_care'
          ? t`Closed here. It stays on the list until somebody has seen them there.`
          : t`Referral closed.`,
      );
      onDone();
    },
  );
  if (!referral) return <Empty title={t`There is no referral.`} />;
  const theirs = save.theirs as unknown as Referral | null;
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Save on top of it</Trans> : <Trans>Close the referral</Trans>}
      disabled={!outcome}
      onSubmit={() =>
        save.save({ version: theirs?.version ?? referral.version, outcome, on, reason: reason || undefined })
      }
      onCancel={onDone}
    >
      {theirs && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile. Theirs:</Trans>{' '}
          {word(outcomeWords, theirs.outcome) || t`${theirs.attempts.length} attempts`}.{' '}
          <Trans>Your words are still here.</Trans>
        </p>
      )}
      <Choice
        label={t`How it ended`}
        value={outcome}
        onChange={setOutcome}
        options={options(outcomeWords, ['declined', 'unreachable', 'other_level_of_care', 'not_eligible'])}
        error={issueFor(save.error, 'outcome')}
      />
      <TextArea
        label={t`Note`}
        value={reason}
        onChange={setReason}
        rows={2}
        error={issueFor(save.error, 'reason')}
      />
      <DateField
        label={t`On`}
        value={on}
        onChange={setOn}
        max={today}
        required
        error={issueFor(save.error, 'on')}
      />
    </ShortForm>
  );
}

export function SeenElsewhere({ referral, patient, today, onDone }: Props) {
  const [on, setOn] = useState(today);
  const save = useSave(
    ({ version, ...body }: { version: number; on: string }) =>
      call(
        client.POST('/api/v1/referrals/{referral_id}/seen-elsewhere', {
          params: { path: { referral_id: referral!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refresh(patient);
      say(t`Confirmed. Nobody was lost on the way.`);
      onDone();
    },
  );
  if (!referral) return <Empty title={t`There is no referral.`} />;
  const theirs = save.theirs as unknown as Referral | null;
  return (
    <ShortForm
      state={save}
      action={<Trans>Confirm</Trans>}
      onSubmit={() => save.save({ version: theirs?.version ?? referral.version, on })}
      onCancel={onDone}
    >
      {theirs?.seen_elsewhere_date && (
        <p className="note">
          <Trans>Somebody else has just confirmed it:</Trans>{' '}
          <When date={theirs.seen_elsewhere_date} today={today} />
        </p>
      )}
      <DateField
        label={t`First seen there on`}
        value={on}
        onChange={setOn}
        max={today}
        required
        error={issueFor(save.error, 'on')}
      />
    </ShortForm>
  );
}
