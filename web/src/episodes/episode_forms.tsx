// Care settings, the acts of an episode, consent, the team. The server holds the guards and says which is missing.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient, staffQuery } from '../api/queries';
import type { Consent, Episode, EpisodeAct, Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { DateField, type Option, Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import {
  CLOSE_AFTER,
  CLOSE_BEFORE,
  closeWords,
  conditionWords,
  consentMethodWords,
  instrumentName,
  languageWords,
  options,
  stateWords,
  targetWords,
  word,
} from '../ui/words';

interface Props {
  summary: Summary;
  today: string;
  onDone: () => void;
}

export const PRIMARY_INSTRUMENTS = [
  'phq-9',
  'phq-9m',
  'gad-7',
  'pcl-5',
  'psc-17',
  'epds',
  'gds-15',
  'audit',
  'dast-10',
];
/** The usual primary instrument of a condition; a person may choose another. */
export const USUAL_INSTRUMENT: Record<string, string> = {
  depression: 'phq-9',
  perinatal_depression: 'epds',
  late_life_depression: 'phq-9',
  adolescent_depression: 'phq-9m',
  anxiety: 'gad-7',
  ptsd: 'pcl-5',
  alcohol_use: 'audit',
  substance_use: 'dast-10',
};

export interface CareDraft {
  primary_condition: string;
  primary_instrument: string;
  target: string;
  care_manager_id: string;
  billing_practitioner: string;
  consultant_id: string;
}
export function careDraft(episode: Episode, me?: string): CareDraft {
  return {
    primary_condition: episode.primary_condition ?? '',
    primary_instrument: episode.primary_instrument ?? '',
    target: episode.target ?? 'remission',
    care_manager_id: episode.care_manager?.id ?? me ?? '',
    billing_practitioner: episode.billing_practitioner ?? '',
    consultant_id: episode.consultant?.id ?? '',
  };
}
export const careBody = (draft: CareDraft) => ({
  primary_condition: draft.primary_condition || null,
  primary_instrument: draft.primary_instrument || null,
  target: draft.target || null,
  care_manager_id: draft.care_manager_id || null,
  billing_practitioner: draft.billing_practitioner || null,
  consultant_id: draft.consultant_id || null,
});

export function useStaffOptions(role: string): Option[] {
  const { can } = useHere();
  const staff = useQuery({ ...staffQuery(role), enabled: can('staff.read') });
  return (staff.data?.items ?? []).map((person) => ({ value: person.id, label: person.display_name }));
}

export function CareFields({
  draft,
  onChange,
  error,
}: {
  draft: CareDraft;
  onChange: (draft: CareDraft) => void;
  error: unknown;
}) {
  const managers = useStaffOptions('care_manager');
  const consultants = useStaffOptions('psychiatric_consultant');
  const practitioners = useStaffOptions('pcp');
  const set = (change: Partial<CareDraft>) => onChange({ ...draft, ...change });
  const known = practitioners.some((one) => one.label === draft.billing_practitioner);
  return (
    <div className="pair">
      <Select
        label={t`Condition treated`}
        value={draft.primary_condition}
        blank={t`Choose`}
        onChange={(primary_condition) =>
          set({
            primary_condition,
            primary_instrument: draft.primary_instrument || (USUAL_INSTRUMENT[primary_condition] ?? ''),
          })
        }
        options={options(conditionWords)}
        error={issueFor(error, 'primary_condition')}
      />
      <Select
        label={t`Measured with`}
        value={draft.primary_instrument}
        blank={t`Choose`}
        onChange={(primary_instrument) => set({ primary_instrument })}
        options={PRIMARY_INSTRUMENTS.map((id) => ({ value: id, label: instrumentName(id) }))}
        error={issueFor(error, 'primary_instrument')}
      />
      <Select
        label={t`Target`}
        value={draft.target}
        onChange={(target) => set({ target })}
        options={options(targetWords)}
        error={issueFor(error, 'target')}
      />
      <Select
        label={t`Care manager`}
        value={draft.care_manager_id}
        blank={t`Choose`}
        onChange={(care_manager_id) => set({ care_manager_id })}
        options={managers}
        error={issueFor(error, 'care_manager_id') ?? issueFor(error, 'care_manager')}
      />
      {practitioners.length > 0 && (known || !draft.billing_practitioner) ? (
        <Select
          label={t`Billing practitioner`}
          value={draft.billing_practitioner}
          blank={t`Choose`}
          onChange={(billing_practitioner) => set({ billing_practitioner })}
          options={practitioners.map((one) => ({ value: one.label, label: one.label }))}
          error={issueFor(error, 'billing_practitioner')}
        />
      ) : (
        <TextField
          label={t`Billing practitioner`}
          value={draft.billing_practitioner}
          onChange={(billing_practitioner) => set({ billing_practitioner })}
          error={issueFor(error, 'billing_practitioner')}
        />
      )}
      <Select
        label={t`Psychiatric consultant`}
        value={draft.consultant_id}
        blank={t`Nobody yet`}
        onChange={(consultant_id) => set({ consultant_id })}
        options={consultants}
        error={issueFor(error, 'consultant_id')}
      />
    </div>
  );
}

function careWords(
  episode: CareDraft,
  managers: Option[],
  consultants: Option[],
): Record<keyof CareDraft, string> {
  return {
    primary_condition: word(conditionWords, episode.primary_condition),
    primary_instrument: episode.primary_instrument && instrumentName(episode.primary_instrument),
    target: word(targetWords, episode.target),
    care_manager_id: managers.find((one) => one.value === episode.care_manager_id)?.label ?? '',
    billing_practitioner: episode.billing_practitioner,
    consultant_id: consultants.find((one) => one.value === episode.consultant_id)?.label ?? '',
  };
}

export function CareSettings({ summary, onDone }: Props) {
  const episode = summary.episode;
  const [draft, setDraft] = useState(() => (episode ? careDraft(episode) : null));
  const managers = useStaffOptions('care_manager');
  const consultants = useStaffOptions('psychiatric_consultant');
  const save = useSave(
    ({ version, draft: values }: { version: number; draft: CareDraft }) =>
      call(
        client.PATCH('/api/v1/episodes/{episode_id}', {
          params: { path: { episode_id: episode!.id }, header: ifMatch(version) },
          body: careBody(values),
        }),
      ),
    async () => {
      await refreshPatient(summary.patient.id);
      say(t`Saved.`);
      onDone();
    },
  );
  if (!episode || !draft) return <Empty title={t`There is no open episode.`} />;
  const theirs = save.theirs as unknown as Episode | null;
  if (theirs) {
    const other = careDraft(theirs);
    const a = careWords(other, managers, consultants);
    const b = careWords(draft, managers, consultants);
    const labels: Record<keyof CareDraft, string> = {
      primary_condition: t`Condition treated`,
      primary_instrument: t`Measured with`,
      target: t`Target`,
      care_manager_id: t`Care manager`,
      billing_practitioner: t`Billing practitioner`,
      consultant_id: t`Psychiatric consultant`,
    };
    return (
      <Conflict
        fields={(Object.keys(labels) as (keyof CareDraft)[]).map((key) => ({
          key,
          label: labels[key],
          theirs: a[key],
          yours: b[key],
        }))}
        onResolve={(values) => {
          const merged = { ...draft };
          for (const key of Object.keys(labels) as (keyof CareDraft)[])
            if (values[key] === a[key]) merged[key] = other[key];
          setDraft(merged);
          save.save({ version: theirs.version, draft: merged });
        }}
        onCancel={save.reset}
      />
    );
  }
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save({ version: episode.version, draft })}
      onCancel={onDone}
    >
      <CareFields draft={draft} onChange={setDraft} error={save.error} />
    </ShortForm>
  );
}

type Act = EpisodeAct['act'];

/** One act of the state machine, with its day and reason. */
export function EpisodeActForm({ summary, act, today, onDone }: Props & { act: Act }) {
  const { can } = useHere();
  const navigate = useNavigate();
  const episode = summary.episode;
  const before = episode?.state === 'referred' || episode?.state === 'assessed';
  const reasons = before ? CLOSE_BEFORE : CLOSE_AFTER;
  const [on, setOn] = useState(today);
  const [reason, setReason] = useState('');
  const [closeReason, setCloseReason] = useState(episode?.state === 'relapse_prevention' ? 'target_met' : '');
  const closing = act === 'close' || act === 'complete';
  const save = useSave(
    ({ version, ...body }: { version: number } & EpisodeAct) =>
      call(
        client.POST('/api/v1/episodes/{episode_id}/acts', {
          params: { path: { episode_id: episode!.id }, header: ifMatch(version) },
          body,
        }),
      ),
    async (next) => {
      await refreshPatient(summary.patient.id);
      const patient = summary.patient.id;
      // The next step is on the plan page; it is offered, not forced.
      say(
        t`Now: ${word(stateWords, next.state)}.`,
        act === 'meet_target' && can('plans.write')
          ? {
              label: t`Write the relapse-prevention plan`,
              act: () => navigate({ to: '/patients/$patient/plan', params: { patient } }),
            }
          : undefined,
      );
      onDone();
    },
  );
  if (!episode) return <Empty title={t`There is no open episode.`} />;
  const theirs = save.theirs as unknown as Episode | null;
  const what: Partial<Record<Act, string>> = {
    hold: t`Nobody is reminded while care is on hold; the episode still counts as enrolled.`,
    resume: t`The contact rhythm starts again today.`,
    meet_target: t`Monthly contacts from now on. Write the relapse-prevention plan with the patient.`,
    relapse: t`Back to active care, with the same baseline.`,
    close: t`The episode ends. The record stays, and the way back is a new referral.`,
    complete: t`The episode ends. The record stays, and the way back is a new referral.`,
  };
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Do it anyway</Trans> : <Trans>Save</Trans>}
      disabled={closing && !closeReason}
      onSubmit={() =>
        save.save({
          version: theirs?.version ?? episode.version,
          act:
            act === 'close' && episode.state === 'relapse_prevention' && closeReason === 'target_met'
              ? 'complete'
              : act,
          on,
          reason: reason || undefined,
          close_reason: closing ? closeReason : undefined,
        })
      }
      onCancel={onDone}
    >
      {theirs && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile. It is now:</Trans> {word(stateWords, theirs.state)}.{' '}
          <Trans>Your words are still here.</Trans>
        </p>
      )}
      <p className="soft">{what[act]}</p>
      {closing && (
        <Choice
          label={t`Reason`}
          value={closeReason}
          onChange={setCloseReason}
          options={options(closeWords, reasons)}
          error={issueFor(save.error, 'close_reason')}
        />
      )}
      <TextArea
        label={closing ? t`Note` : t`Because`}
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

const CONSENT_TEXT = 'collaborative-care-1';

export function useRecordConsent(patient: string, onSaved: () => unknown) {
  return useSave(
    (body: { kind: string; method: string; text_version: string; language: string; given_date: string }) =>
      create(`${patient}/consents`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/consents', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      await onSaved();
    },
  );
}

export interface ConsentDraft {
  method: string;
  language: string;
  text_version: string;
  given_date: string;
}
export const newConsent = (today: string, language: string): ConsentDraft => ({
  method: 'verbal',
  language,
  text_version: CONSENT_TEXT,
  given_date: today,
});

export function ConsentFields({
  draft,
  onChange,
  today,
  error,
}: {
  draft: ConsentDraft;
  onChange: (draft: ConsentDraft) => void;
  today: string;
  error: unknown;
}) {
  const set = (change: Partial<ConsentDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <Choice
        label={t`How`}
        value={draft.method}
        onChange={(method) => set({ method })}
        options={options(consentMethodWords)}
        error={issueFor(error, 'method')}
      />
      <div className="pair">
        <Select
          label={t`In`}
          value={draft.language}
          onChange={(language) => set({ language })}
          options={options(languageWords)}
          error={issueFor(error, 'language')}
        />
        <DateField
          label={t`Given on`}
          value={draft.given_date}
          onChange={(given_date) => set({ given_date })}
          max={today}
          required
          error={issueFor(error, 'given_date')}
        />
        <TextField
          label={t`Text version`}
          hint={t`Which text was read or signed`}
          value={draft.text_version}
          onChange={(text_version) => set({ text_version })}
          required
          error={issueFor(error, 'text_version')}
        />
      </div>
    </>
  );
}

export function ConsentForm({ summary, today, onDone }: Props) {
  const current = summary.consents.filter((one) => !one.withdrawn_date);
  const [draft, setDraft] = useState(() => newConsent(today, summary.patient.language ?? 'en'));
  const [adding, setAdding] = useState(current.length === 0);
  const record = useRecordConsent(summary.patient.id, () => {
    say(t`Consent recorded.`);
    onDone();
  });
  const withdraw = useSave(
    (consent: Consent) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/consents/{consent_id}/withdraw', {
          params: {
            path: { patient_id: summary.patient.id, consent_id: consent.id },
            header: ifMatch(consent.version),
          },
          body: { on: today },
        }),
      ),
    async () => {
      await refreshPatient(summary.patient.id);
      say(t`Withdrawn. The record of it stays.`);
    },
  );
  return (
    <div className="stack">
      {(!!withdraw.error || withdraw.theirs) && (
        <ProblemNote error={withdraw.error ?? t`Somebody else changed this meanwhile.`} />
      )}
      {summary.consents.map((consent) => (
        <div key={consent.id} className="row-apart">
          <span className={consent.withdrawn_date ? 'gone' : ''}>
            {word(consentMethodWords, consent.method)}, <When date={consent.given_date} today={today} />{' '}
            <span className="soft">
              {consent.text_version}, {word(languageWords, consent.language)} {consent.recorded_by?.name}
            </span>
          </span>
          {!consent.withdrawn_date && (
            <Button small onPress={() => withdraw.save(consent)} isPending={withdraw.saving}>
              <Trans>Withdraw</Trans>
            </Button>
          )}
        </div>
      ))}
      {adding ? (
        <ShortForm
          state={record}
          action={<Trans>Record consent</Trans>}
          onSubmit={() => record.save({ kind: 'collaborative_care', ...draft })}
          onCancel={onDone}
        >
          <p>
            <Trans>
              Read it to the patient in their language: what the team does, who sees what, that there may be a
              cost, that they may stop any time.
            </Trans>
          </p>
          <ConsentFields draft={draft} onChange={setDraft} today={today} error={record.error} />
        </ShortForm>
      ) : (
        <p>
          <Button onPress={() => setAdding(true)}>
            <Trans>Record another</Trans>
          </Button>
        </p>
      )}
    </div>
  );
}
