// Start, change and stop a trial. Each one starts the trial clock again.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Treatment } from '../api/types';
import { useSave } from '../app/save';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { fullDate } from '../ui/dates';
import { DateField, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { options, treatmentKindWords } from '../ui/words';

interface Props {
  patient: string;
  today: string;
  onDone: () => void;
}

export function StartTreatment({ patient, today, onDone }: Props) {
  const [kind, setKind] = useState('medication');
  const [name, setName] = useState('');
  const [dose, setDose] = useState('');
  const [date, setDate] = useState(today);
  const start = useSave(
    (body: { kind: string; name: string; dose?: string; start_date: string }) =>
      create(`${patient}/treatments`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/treatments', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (treatment) => {
      await refreshPatient(patient);
      say(t`${treatment.name} started. The trial clock runs from ${fullDate(treatment.start_date)}.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={start}
      action={<Trans>Start</Trans>}
      onSubmit={() => start.save({ kind, name, dose: dose || undefined, start_date: date })}
      onCancel={onDone}
    >
      <Choice label={t`Kind`} value={kind} onChange={setKind} options={options(treatmentKindWords)} />
      <TextField
        label={kind === 'medication' ? t`Medicine` : t`Therapy`}
        value={name}
        onChange={setName}
        required
        error={issueFor(start.error, 'name')}
      />
      {kind === 'medication' && (
        <TextField
          label={t`Dose`}
          hint={t`As you would say it: 50 mg daily`}
          value={dose}
          onChange={setDose}
          error={issueFor(start.error, 'dose')}
        />
      )}
      <DateField
        label={t`From`}
        value={date}
        onChange={setDate}
        required
        error={issueFor(start.error, 'start_date')}
      />
    </ShortForm>
  );
}

/** What is running, to change or stop. */
export function AdjustPlan({
  treatments,
  open,
}: {
  treatments: Treatment[];
  open: (name: string, id?: string) => void;
}) {
  const running = treatments.filter((one) => !one.stop_date);
  return (
    <div className="stack">
      {running.length === 0 && (
        <p className="soft">
          <Trans>Nothing is running.</Trans>
        </p>
      )}
      {running.map((one) => (
        <div key={one.id} className="row-apart">
          <span>
            <span className="strong">{one.name}</span> <span className="soft">{one.dose}</span>
          </span>
          <span className="row">
            <button type="button" className="text-button" onClick={() => open('dose', one.id)}>
              <Trans>Change</Trans>
            </button>
            <button type="button" className="text-button" onClick={() => open('stop', one.id)}>
              <Trans>Stop</Trans>
            </button>
          </span>
        </div>
      ))}
      <p>
        <button type="button" className="text-button" onClick={() => open('treatment')}>
          <Trans>Start a treatment</Trans>
        </button>
      </p>
    </div>
  );
}

export function ChangeDose({
  patient,
  treatment,
  today,
  onDone,
}: Props & { treatment: Treatment | undefined }) {
  const [dose, setDose] = useState('');
  const [reason, setReason] = useState('');
  const [on, setOn] = useState(today);
  const change = useSave(
    ({ version, ...body }: { version: number; on: string; to_dose: string; reason: string }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/treatments/{treatment_id}/changes', {
          params: { path: { patient_id: patient, treatment_id: treatment!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`${treatment!.name} changed to ${dose}.`);
      onDone();
    },
  );
  if (!treatment) return <Empty title={t`This is not here.`} />;
  const theirs = change.theirs as unknown as Treatment | null;
  if (theirs)
    return (
      <Conflict
        fields={[
          {
            key: 'dose',
            label: t`Dose`,
            theirs: theirs.stop_date ? t`stopped` : (theirs.dose ?? ''),
            yours: dose,
          },
        ]}
        onResolve={(values) =>
          change.save({ version: theirs.version, on, to_dose: values.dose ?? dose, reason })
        }
        onCancel={change.reset}
      />
    );
  return (
    <ShortForm
      state={change}
      action={<Trans>Change</Trans>}
      onSubmit={() => change.save({ version: treatment.version, on, to_dose: dose, reason })}
      onCancel={onDone}
    >
      <p>
        <Trans>Now:</Trans> {treatment.name} {treatment.dose}
      </p>
      <TextField
        label={t`New dose or form`}
        value={dose}
        onChange={setDose}
        required
        autoFocus
        error={issueFor(change.error, 'to_dose')}
      />
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(change.error, 'reason')}
      />
      <DateField label={t`From`} value={on} onChange={setOn} required error={issueFor(change.error, 'on')} />
    </ShortForm>
  );
}

export function StopTreatment({
  patient,
  treatment,
  today,
  onDone,
}: Props & { treatment: Treatment | undefined }) {
  const [reason, setReason] = useState('');
  const [on, setOn] = useState(today);
  const stop = useSave(
    ({ version, ...body }: { version: number; on: string; reason: string }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/treatments/{treatment_id}/stop', {
          params: { path: { patient_id: patient, treatment_id: treatment!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`${treatment!.name} stopped.`);
      onDone();
    },
  );
  if (!treatment) return <Empty title={t`This is not here.`} />;
  const theirs = stop.theirs as unknown as Treatment | null;
  if (theirs)
    return (
      <Conflict
        fields={[
          {
            key: 'reason',
            label: t`Stop`,
            theirs: theirs.stop_reason ?? theirs.dose ?? '',
            yours: reason,
            joinable: true,
          },
        ]}
        onResolve={(values) => stop.save({ version: theirs.version, on, reason: values.reason ?? reason })}
        onCancel={stop.reset}
      />
    );
  return (
    <ShortForm
      state={stop}
      action={<Trans>Stop</Trans>}
      onSubmit={() => stop.save({ version: treatment.version, on, reason })}
      onCancel={onDone}
    >
      <p>
        {treatment.name} {treatment.dose}
      </p>
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(stop.error, 'reason')}
      />
      <DateField
        label={t`Last day`}
        value={on}
        onChange={setOn}
        required
        error={issueFor(stop.error, 'on')}
      />
    </ShortForm>
  );
}
