// Start, change and stop a trial. Each one starts the trial clock again, and may put a recommendation into effect.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Recommendation, Treatment } from '../api/types';
import { useSave } from '../app/save';
import { shortSummary } from '../reviews/words';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { fullDate } from '../ui/dates';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { options, treatmentKindWords } from '../ui/words';

interface Props {
  patient: string;
  today: string;
  /** what the consultant advised and nobody has done yet */
  advised: Recommendation[];
  /** the one this entry was opened for */
  rec?: string;
  onDone: () => void;
}

/** The advice this entry does: chosen beforehand, or the one that fits best. */
function useAdvice(
  advised: Recommendation[],
  rec: string | undefined,
  fits: (one: Recommendation) => boolean,
) {
  const open = advised.filter((one) => ['sent', 'read', 'accepted', 'modified'].includes(one.state));
  const first = open.find((one) => one.id === rec) ?? open.find(fits);
  const [chosen, setChosen] = useState(first?.id ?? '');
  const one = open.find((each) => each.id === chosen);
  const field = open.length > 0 && (
    <Select
      label={t`Does what was recommended`}
      hint={one ? t`Saving marks the recommendation as done.` : undefined}
      value={chosen}
      onChange={setChosen}
      options={[
        ...open.map((each) => ({ value: each.id, label: shortSummary(each) })),
        { value: '', label: t`No, something else` },
      ]}
    />
  );
  return { one, id: chosen || undefined, field };
}

export function StartTreatment({ patient, today, advised, rec, onDone }: Props) {
  const advice = useAdvice(advised, rec, (one) =>
    ['start', 'switch', 'augment', 'psychotherapy'].includes(one.kind),
  );
  const [kind, setKind] = useState(advice.one?.kind === 'psychotherapy' ? 'psychotherapy' : 'medication');
  const [name, setName] = useState(advice.one?.medication ?? '');
  const [dose, setDose] = useState(advice.one?.dose ?? '');
  const [date, setDate] = useState(today);
  const start = useSave(
    (body: { kind: string; name: string; dose?: string; start_date: string; recommendation_id?: string }) =>
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
      onSubmit={() =>
        start.save({
          kind,
          name,
          dose: dose || undefined,
          start_date: date,
          recommendation_id: advice.id,
        })
      }
      onCancel={onDone}
    >
      {advice.field}
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
  advised,
  rec,
  onDone,
}: Props & { treatment: Treatment | undefined }) {
  const advice = useAdvice(
    advised,
    rec,
    (one) => ['increase', 'taper'].includes(one.kind) && one.treatment_id === treatment?.id,
  );
  const [dose, setDose] = useState(advice.one?.dose ?? '');
  const [reason, setReason] = useState('');
  const [on, setOn] = useState(today);
  const change = useSave(
    ({
      version,
      ...body
    }: {
      version: number;
      on: string;
      to_dose: string;
      reason: string;
      recommendation_id?: string;
    }) =>
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
          change.save({
            version: theirs.version,
            on,
            to_dose: values.dose ?? dose,
            reason,
            recommendation_id: advice.id,
          })
        }
        onCancel={change.reset}
      />
    );
  return (
    <ShortForm
      state={change}
      action={<Trans>Change</Trans>}
      onSubmit={() =>
        change.save({ version: treatment.version, on, to_dose: dose, reason, recommendation_id: advice.id })
      }
      onCancel={onDone}
    >
      <p>
        <Trans>Now:</Trans> {treatment.name} {treatment.dose}
      </p>
      {advice.field}
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
  advised,
  rec,
  onDone,
}: Props & { treatment: Treatment | undefined }) {
  const advice = useAdvice(advised, rec, (one) => one.kind === 'taper' && one.treatment_id === treatment?.id);
  const [reason, setReason] = useState('');
  const [on, setOn] = useState(today);
  const stop = useSave(
    ({ version, ...body }: { version: number; on: string; reason: string; recommendation_id?: string }) =>
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
        onResolve={(values) =>
          stop.save({
            version: theirs.version,
            on,
            reason: values.reason ?? reason,
            recommendation_id: advice.id,
          })
        }
        onCancel={stop.reset}
      />
    );
  return (
    <ShortForm
      state={stop}
      action={<Trans>Stop</Trans>}
      onSubmit={() => stop.save({ version: treatment.version, on, reason, recommendation_id: advice.id })}
      onCancel={onDone}
    >
      <p>
        {treatment.name} {treatment.dose}
      </p>
      {advice.field}
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
