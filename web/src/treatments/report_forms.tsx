// How it goes with a treatment: taken or not, what bothers; and a session of psychotherapy.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { client, create } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Treatment } from '../api/types';
import { useSave } from '../app/save';
import { Choice } from '../ui/choice';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { options } from '../ui/words';
import { adherenceWords, approachWords, botherWords, practiceWords } from './words';

export interface ReportDraft {
  adherence: string;
  side_effects: string;
  bother: string;
}
export const emptyReport = (): ReportDraft => ({ adherence: '', side_effects: '', bother: '' });

/** What is sent for one treatment, or null while nothing was asked. */
export function reportBody(draft: ReportDraft | undefined) {
  if (!draft?.adherence) return null;
  const words = draft.side_effects.trim();
  return {
    adherence: draft.adherence,
    ...(words ? { side_effects: words } : {}),
    ...(draft.bother !== '' ? { bother: Number(draft.bother) } : {}),
  };
}

/** The three questions of every contact: taken? anything that bothers? how much? */
export function ReportFields({
  treatment,
  draft,
  onChange,
  error,
}: {
  treatment: Treatment;
  draft: ReportDraft;
  onChange: (draft: ReportDraft) => void;
  error?: unknown;
}) {
  const medicine = treatment.kind === 'medication';
  const set = (part: Partial<ReportDraft>) => onChange({ ...draft, ...part });
  return (
    <div className="stack-tight">
      <Choice
        label={[treatment.name, treatment.dose].filter(Boolean).join(' ')}
        value={draft.adherence}
        onChange={(adherence) => set({ adherence })}
        options={options(medicine ? adherenceWords : practiceWords)}
        error={issueFor(error, 'treatment_reports') ?? issueFor(error, 'adherence')}
      />
      {medicine && draft.adherence && (
        <div className="pair">
          <TextField
            label={t`Side effects`}
            hint={t`In their words; empty when none`}
            value={draft.side_effects}
            onChange={(side_effects) => set({ side_effects })}
          />
          {draft.side_effects.trim() !== '' && (
            <Choice
              label={t`How much do they bother?`}
              value={draft.bother}
              onChange={(bother) => set({ bother })}
              options={options(botherWords)}
            />
          )}
        </div>
      )}
    </div>
  );
}

export function ReportForm({
  patient,
  treatment,
  today,
  onDone,
}: {
  patient: string;
  treatment: Treatment | undefined;
  today: string;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState(emptyReport);
  const [on, setOn] = useState(today);
  const save = useSave(
    (body: { on: string; adherence: string; side_effects?: string; bother?: number }) =>
      create(`${treatment!.id}/reports`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/treatments/{treatment_id}/reports', {
          params: { path: { patient_id: patient, treatment_id: treatment!.id }, header: key },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Noted.`);
      onDone();
    },
  );
  if (!treatment) return <Empty title={t`This is not here.`} />;
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={!draft.adherence}
      onSubmit={() => {
        const body = reportBody(draft);
        if (body) save.save({ on, ...body });
      }}
      onCancel={onDone}
    >
      <ReportFields treatment={treatment} draft={draft} onChange={setDraft} error={save.error} />
      <DateField
        label={t`Asked on`}
        value={on}
        onChange={setOn}
        max={today}
        required
        error={issueFor(save.error, 'on')}
      />
    </ShortForm>
  );
}

export interface TherapyDraft {
  approach: string;
  treatment: string;
  focus: string;
  homework: string;
}

/** The therapy that a session belongs to: the only one that runs, or nothing. */
export function emptyTherapy(treatments: Treatment[]): TherapyDraft {
  const running = treatments.filter((one) => one.kind === 'psychotherapy' && !one.stop_date);
  const name = running[0]?.name.toLowerCase() ?? '';
  const approach = name.includes('problem')
    ? 'pst'
    : name.includes('activation')
      ? 'ba'
      : name.includes('cognitive') || name === 'cbt'
        ? 'cbt'
        : name.includes('interpersonal')
          ? 'ipt'
          : '';
  return { approach, treatment: running.length === 1 ? running[0]!.id : '', focus: '', homework: '' };
}

export function therapyBody(draft: TherapyDraft) {
  return {
    approach: draft.approach,
    treatment_id: draft.treatment || undefined,
    focus: draft.focus.trim() || undefined,
    homework: draft.homework.trim() || undefined,
  };
}

export function TherapyFields({
  draft,
  treatments,
  onChange,
  error,
}: {
  draft: TherapyDraft;
  treatments: Treatment[];
  onChange: (draft: TherapyDraft) => void;
  error?: unknown;
}) {
  const set = (part: Partial<TherapyDraft>) => onChange({ ...draft, ...part });
  const running = treatments.filter((one) => one.kind === 'psychotherapy' && !one.stop_date);
  return (
    <div className="stack">
      <Choice
        label={t`Therapy`}
        value={draft.approach}
        onChange={(approach) => set({ approach })}
        options={options(approachWords)}
        error={issueFor(error, 'psychotherapy') ?? issueFor(error, 'approach')}
      />
      {running.length > 0 && (
        <Select
          label={t`Part of`}
          value={draft.treatment}
          onChange={(treatment) => set({ treatment })}
          options={[
            ...running.map((one) => ({ value: one.id, label: one.name })),
            { value: '', label: t`No treatment of its own` },
          ]}
        />
      )}
      <div className="pair">
        <TextField
          label={t`What it was about (optional)`}
          value={draft.focus}
          onChange={(focus) => set({ focus })}
        />
        <TextField
          label={t`Until next time (optional)`}
          value={draft.homework}
          onChange={(homework) => set({ homework })}
        />
      </div>
    </div>
  );
}

export function TherapyForm({
  patient,
  treatments,
  today,
  onDone,
}: {
  patient: string;
  treatments: Treatment[];
  today: string;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState(() => emptyTherapy(treatments));
  const [on, setOn] = useState(today);
  const [minutes, setMinutes] = useState('');
  const save = useSave(
    (body: ReturnType<typeof therapyBody> & { on: string; minutes?: number }) =>
      create(`${patient}/psychotherapy-sessions`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/psychotherapy-sessions', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (saved) => {
      await refreshPatient(patient);
      say(t`Session ${saved.number} recorded.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Save the session</Trans>}
      disabled={!draft.approach}
      onSubmit={() =>
        save.save({ ...therapyBody(draft), on, ...(minutes ? { minutes: Number(minutes) } : {}) })
      }
      onCancel={onDone}
    >
      <p className="soft">
        <Trans>A session that is part of a contact is written there; its minutes are counted once.</Trans>
      </p>
      <TherapyFields draft={draft} treatments={treatments} onChange={setDraft} error={save.error} />
      <div className="pair">
        <DateField
          label={t`On`}
          value={on}
          onChange={setOn}
          max={today}
          required
          error={issueFor(save.error, 'on')}
        />
        <TextField
          label={t`Minutes`}
          type="number"
          inputMode="numeric"
          short
          min={0}
          max={600}
          value={minutes}
          onChange={setMinutes}
          error={issueFor(save.error, 'minutes')}
        />
      </div>
    </ShortForm>
  );
}
