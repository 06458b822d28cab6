// A review, the answer to its recommendation, and that it was done.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Review } from '../api/types';
import { useSave } from '../app/save';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { Check, DateField, Select, TextArea } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { options, recommendationWords, roleWords, word } from '../ui/words';

interface Props {
  patient: string;
  today: string;
  onDone: () => void;
}

export function RecordReview({ patient, today, onDone }: Props) {
  const [date, setDate] = useState(today);
  const [question, setQuestion] = useState('');
  const [recommendation, setRecommendation] = useState('');
  const [to, setTo] = useState('pcp');
  const [same, setSame] = useState(false);
  type Body = {
    date?: string;
    question?: string;
    recommendation?: string;
    recommendation_to?: string;
    recommendation_documented?: boolean;
  };
  const save = useSave(
    (body: Body) =>
      create(`${patient}/reviews`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/reviews', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Review recorded.`);
      onDone();
    },
  );
  const submit = () =>
    save.save({
      date,
      question: question || undefined,
      recommendation: recommendation || undefined,
      recommendation_to: recommendation && !same ? to : undefined,
      recommendation_documented: !!recommendation || same,
    });
  return (
    <ShortForm state={save} action={<Trans>Save the review</Trans>} onSubmit={submit} onCancel={onDone}>
      <p className="soft">
        <Trans>
          Write down what the psychiatric consultant said about this patient. The recommendation waits for an
          answer until somebody gives one.
        </Trans>
      </p>
      <DateField
        label={t`Reviewed on`}
        value={date}
        onChange={setDate}
        max={today}
        required
        error={issueFor(save.error, 'date')}
      />
      <TextArea
        label={t`Question`}
        value={question}
        onChange={setQuestion}
        autoFocus
        error={issueFor(save.error, 'question')}
      />
      <TextArea
        label={t`Recommendation`}
        value={recommendation}
        onChange={setRecommendation}
        rows={4}
        required={!same}
        error={issueFor(save.error, 'recommendation')}
      />
      <Check label={t`Continue as it is; nobody needs to act`} value={same} onChange={setSame} />
      {!same && (
        <Select
          label={t`To`}
          value={to}
          onChange={setTo}
          options={options(roleWords, ['pcp', 'care_manager'])}
        />
      )}
    </ShortForm>
  );
}

export function AnswerReview({ patient, review, onDone }: Props & { review: Review | undefined }) {
  const [state, setState] = useState<'accepted' | 'modified' | 'declined' | ''>('');
  const [reason, setReason] = useState('');
  const answer = useSave(
    ({
      version,
      ...body
    }: {
      version: number;
      state: 'accepted' | 'modified' | 'declined';
      reason?: string;
    }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/reviews/{review_id}/answer', {
          params: { path: { patient_id: patient, review_id: review!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Answered.`);
      onDone();
    },
  );
  if (!review) return <Empty title={t`This is not here.`} />;
  const theirs = answer.theirs as unknown as Review | null;
  if (theirs)
    return (
      <Conflict
        fields={[
          {
            key: 'state',
            label: t`Answer`,
            theirs: word(recommendationWords, theirs.recommendation_state),
            yours: word(recommendationWords, state),
          },
          {
            key: 'reason',
            label: t`Reason`,
            theirs: theirs.answer_reason ?? '',
            yours: reason,
            joinable: true,
          },
        ]}
        onResolve={(values) =>
          state && answer.save({ version: theirs.version, state, reason: values.reason || undefined })
        }
        onCancel={answer.reset}
      />
    );
  return (
    <ShortForm
      state={answer}
      action={<Trans>Send the answer</Trans>}
      disabled={!state}
      onSubmit={() => state && answer.save({ version: review.version, state, reason: reason || undefined })}
      onCancel={onDone}
    >
      {review.question && <p className="soft">{review.question}</p>}
      <p className="timeline-note">{review.recommendation}</p>
      <Choice
        label={t`Your answer`}
        value={state}
        onChange={(value) => setState(value as 'accepted')}
        options={[
          { value: 'accepted', label: t`Accept` },
          { value: 'modified', label: t`Change` },
          { value: 'declined', label: t`Decline` },
        ]}
      />
      {state !== 'accepted' && state !== '' && (
        <TextArea
          label={state === 'modified' ? t`What will be done instead, and why` : t`Why not`}
          value={reason}
          onChange={setReason}
          required
          error={issueFor(answer.error, 'reason')}
        />
      )}
    </ShortForm>
  );
}

export function ReviewDone({ patient, review, today, onDone }: Props & { review: Review | undefined }) {
  const [on, setOn] = useState(today);
  const done = useSave(
    ({ version, ...body }: { version: number; on: string }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/reviews/{review_id}/done', {
          params: { path: { patient_id: patient, review_id: review!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Marked as done.`);
      onDone();
    },
  );
  if (!review) return <Empty title={t`This is not here.`} />;
  const theirs = done.theirs as unknown as Review | null;
  return (
    <ShortForm
      state={done}
      action={theirs ? <Trans>Mark as done anyway</Trans> : <Trans>Mark as done</Trans>}
      onSubmit={() => done.save({ version: theirs?.version ?? review.version, on })}
      onCancel={onDone}
    >
      {theirs && (
        <p className="note">
          <Trans>Somebody else changed this meanwhile.</Trans>{' '}
          {word(recommendationWords, theirs.recommendation_state)} {theirs.done_date}
        </p>
      )}
      <p className="timeline-note">{review.recommendation}</p>
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
