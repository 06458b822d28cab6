// A question to the psychiatric consultant: asked from the patient's page or the caseload, answered by a review.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient, refreshPatient } from '../api/queries';
import type { ReviewQuestion } from '../api/types';
import { useSave } from '../app/save';
import { Choice } from '../ui/choice';
import { TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { options } from '../ui/words';
import { urgencyWords } from './words';

const refresh = (patient: string) =>
  Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['reviews'] })]);

export function AskQuestion({ patient, onDone }: { patient: string; onDone: () => void }) {
  const [question, setQuestion] = useState('');
  const [urgency, setUrgency] = useState('routine');
  const ask = useSave(
    (body: { question: string; urgency: string }) =>
      create(`${patient}/review-questions`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/review-questions', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      await refresh(patient);
      say(t`Asked. It stands on the agenda of the next review until it is answered.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={ask}
      action={<Trans>Ask</Trans>}
      onSubmit={() => ask.save({ question: question.trim(), urgency })}
      onCancel={onDone}
    >
      <TextArea
        label={t`What do you want to know?`}
        hint={t`One question the consultant can answer: what was tried, what did not help, what you are unsure about.`}
        value={question}
        onChange={setQuestion}
        rows={4}
        required
        autoFocus
        error={issueFor(ask.error, 'question')}
      />
      <Choice
        label={t`Needed`}
        value={urgency}
        onChange={setUrgency}
        options={options(urgencyWords)}
        error={issueFor(ask.error, 'urgency')}
      />
      {urgency === 'urgent' && (
        <p className="small soft">
          <Trans>
            The consultant gets a notice now. If somebody is in danger, do not wait for an answer:{' '}
            <a href="tel:988">988</a>, <a href="tel:911">911</a>.
          </Trans>
        </p>
      )}
    </ShortForm>
  );
}

export function WithdrawQuestion({
  patient,
  question,
  onDone,
}: {
  patient: string;
  question: ReviewQuestion | undefined;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const withdraw = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/review-questions/{question_id}/withdraw', {
          params: { path: { patient_id: patient, question_id: question!.id }, header: ifMatch(version) },
          body: { reason },
        }),
      ),
    async () => {
      await refresh(patient);
      say(t`Question withdrawn.`);
      onDone();
    },
  );
  if (!question) return <Empty title={t`This is not here.`} />;
  const theirs = withdraw.theirs as unknown as ReviewQuestion | null;
  return (
    <ShortForm
      state={withdraw}
      action={<Trans>Withdraw</Trans>}
      disabled={!!theirs && theirs.state !== 'open'}
      onSubmit={() => withdraw.save(theirs?.version ?? question.version)}
      onCancel={onDone}
    >
      {theirs && (
        <p className="note">
          {theirs.state === 'answered'
            ? t`It was answered meanwhile.`
            : t`This changed meanwhile. Look again.`}
        </p>
      )}
      <p className="timeline-note">{question.question}</p>
      <TextField
        label={t`Why is it no longer needed?`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(withdraw.error, 'reason')}
      />
    </ShortForm>
  );
}
