// Assessing and closing a signal, and raising one. A person writes the ending; Concord never does.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { SafetyEvent } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { addDays } from '../ui/dates';
import { DateField, TextArea } from '../ui/field';
import { Empty, issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { levelWords, options, word } from '../ui/words';
import { signalWords } from './signal';

/** Columbia's triage as in domain.md: high next day, moderate 7 days, low 30. A person may choose sooner. */
const REASSESS_DAYS: Record<string, number> = { high: 1, moderate: 7, low: 30 };

export function CrisisNumbers() {
  return (
    <p className="note need-safety">
      <Trans>
        Danger now: <a href="tel:911">911</a>. To talk any time, call or text <a href="tel:988">988</a> (calls
        also in Spanish). Stay with the person until somebody else is.
      </Trans>
    </p>
  );
}

export function CloseSafety({
  patient,
  event,
  today,
  onDone,
}: {
  patient: string;
  event: SafetyEvent | undefined;
  today: string;
  onDone: () => void;
}) {
  const { can } = useHere();
  const [level, setLevel] = useState('');
  const [disposition, setDisposition] = useState('');
  const [reassess, setReassess] = useState('');
  const close = useSave(
    ({
      version,
      ...body
    }: {
      version: number;
      level: 'low' | 'moderate' | 'high';
      disposition: string;
      reassess_date?: string;
    }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/close', {
          params: { path: { patient_id: patient, safety_event_id: event!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Assessed and closed. The next look is on the list.`);
      onDone();
    },
  );
  if (!event) return <Empty title={t`No open safety signal.`} />;
  if (!can('safety.close')) return <Empty title={t`Closing needs a clinician.`} />;
  const submit = (form: FormEvent) => {
    form.preventDefault();
    close.save({
      version: event.version,
      level: level as 'low',
      disposition,
      reassess_date: reassess || undefined,
    });
  };
  const theirs = close.theirs as unknown as SafetyEvent | null;
  if (theirs)
    return (
      <Conflict
        fields={[
          {
            key: 'level',
            label: t`Level`,
            theirs: word(levelWords, theirs.level),
            yours: word(levelWords, level),
          },
          {
            key: 'disposition',
            label: t`What was found and decided`,
            theirs: theirs.disposition ?? '',
            yours: disposition,
            joinable: true,
          },
        ]}
        onResolve={(values) => {
          setDisposition(values.disposition ?? '');
          close.save({
            version: theirs.version,
            level: level as 'low',
            disposition: values.disposition ?? '',
            reassess_date: reassess || undefined,
          });
        }}
        onCancel={close.reset}
      />
    );
  return (
    <form className="stack" onSubmit={submit}>
      <CrisisNumbers />
      <p>{signalWords(event.signal)}</p>
      {!!close.error && <ProblemNote error={close.error} focus />}
      <Choice
        label={t`Level after assessment`}
        hint={t`High: plan or intent, or behavior within 3 months. Moderate: a method in mind, or behavior longer ago. Low: thoughts only.`}
        value={level}
        onChange={(value) => {
          setLevel(value);
          setReassess(addDays(today, REASSESS_DAYS[value] ?? 7));
        }}
        options={options(levelWords)}
        error={issueFor(close.error, 'level')}
      />
      <TextArea
        label={t`What was found and decided`}
        hint={t`Your words become part of the record: what was asked, plan, means safety, who was told.`}
        value={disposition}
        onChange={setDisposition}
        rows={5}
        required
        error={issueFor(close.error, 'disposition')}
      />
      <DateField
        label={t`Look again on`}
        value={reassess}
        onChange={setReassess}
        min={today}
        error={issueFor(close.error, 'reassess_date')}
      />
      <div className="sheet-foot">
        <Button look="primary" type="submit" isDisabled={!level} isPending={close.saving}>
          <Trans>Sign and close</Trans>
        </Button>
        <Button look="quiet" onPress={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}

export function RaiseConcern({ patient, onDone }: { patient: string; onDone: () => void }) {
  const [note, setNote] = useState('');
  const raise = useSave(
    (body: { signal: string; note?: string }) =>
      create(`${patient}/safety-events`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/safety-events', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`It is on the caseload with a clock.`);
      onDone();
    },
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        raise.save({ signal: 'staff concern', note: note || undefined });
      }}
    >
      <CrisisNumbers />
      {!!raise.error && <ProblemNote error={raise.error} focus />}
      <TextArea label={t`What worries you?`} value={note} onChange={setNote} required autoFocus />
      <div className="sheet-foot">
        <Button look="safety" type="submit" isPending={raise.saving}>
          <Trans>Raise it</Trans>
        </Button>
        <Button look="quiet" onPress={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}
