// Who the patient is, as typed by staff: new and edited, coverage, and who has looked.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client, create, ifMatch, readHeaders } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Coverage, NewPatient, Patient, Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Conflict } from '../ui/conflict';
import { shortDate, timeOf } from '../ui/dates';
import { Check, DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { channelWords, languageWords, options, payerWords, roleWords, sexWords, word } from '../ui/words';

export interface PatientDraft {
  site_id: string;
  given_name: string;
  family_name: string;
  birth_date: string;
  sex: string;
  gender_identity: string;
  race: string;
  ethnicity: string;
  language: string;
  interpreter_needed: boolean;
  preferred_channel: string;
  phone: string;
  email: string;
  postal_code: string;
  mrn: string;
}
const MRN = 'mrn';

export const emptyPatient = (site: string): PatientDraft => ({
  site_id: site,
  given_name: '',
  family_name: '',
  birth_date: '',
  sex: '',
  gender_identity: '',
  race: '',
  ethnicity: '',
  language: 'en',
  interpreter_needed: false,
  preferred_channel: 'phone',
  phone: '',
  email: '',
  postal_code: '',
  mrn: '',
});
export function patientDraft(patient: Patient): PatientDraft {
  const text = (value: string | null | undefined) => value ?? '';
  return {
    site_id: patient.site_id,
    given_name: patient.given_name,
    family_name: patient.family_name,
    birth_date: text(patient.birth_date),
    sex: text(patient.sex),
    gender_identity: text(patient.gender_identity),
    race: text(patient.race),
    ethnicity: text(patient.ethnicity),
    language: text(patient.language),
    interpreter_needed: !!patient.interpreter_needed,
    preferred_channel: text(patient.preferred_channel),
    phone: text(patient.phone),
    email: text(patient.email),
    postal_code: text(patient.postal_code),
    mrn: text(patient.identifiers?.[0]?.value),
  };
}
export function patientBody(draft: PatientDraft, before?: Patient): NewPatient {
  const { mrn, ...rest } = draft;
  const first = before?.identifiers?.[0];
  const others = before?.identifiers?.slice(1) ?? [];
  return {
    ...rest,
    birth_date: rest.birth_date || null,
    sex: (rest.sex || null) as NewPatient['sex'],
    gender_identity: rest.gender_identity || null,
    race: rest.race || null,
    ethnicity: rest.ethnicity || null,
    language: rest.language || null,
    preferred_channel: rest.preferred_channel || null,
    phone: rest.phone || null,
    email: rest.email || null,
    postal_code: rest.postal_code || null,
    identifiers: mrn ? [{ system: first?.system ?? MRN, value: mrn }, ...others] : others,
  };
}

export function PatientFields({
  draft,
  onChange,
  error,
}: {
  draft: PatientDraft;
  onChange: (draft: PatientDraft) => void;
  error: unknown;
}) {
  const { session } = useHere();
  const set = (change: Partial<PatientDraft>) => onChange({ ...draft, ...change });
  const field = (key: keyof PatientDraft) => ({
    value: draft[key] as string,
    onChange: (value: string) => set({ [key]: value }),
    error: issueFor(error, key),
  });
  return (
    <>
      <div className="pair">
        <TextField label={t`Given name`} required {...field('given_name')} />
        <TextField label={t`Family name`} required {...field('family_name')} />
        <DateField label={t`Birth date`} {...field('birth_date')} />
        <Select label={t`Sex`} blank={t`Not asked`} options={options(sexWords)} {...field('sex')} />
        <TextField
          label={t`Gender`}
          hint={t`In the patient's words, with pronouns`}
          {...field('gender_identity')}
        />
        <TextField label={t`Record number (MRN)`} {...field('mrn')} error={issueFor(error, 'identifiers')} />
      </div>
      <hr />
      <div className="pair">
        <Select
          label={t`Language`}
          blank={t`Not asked`}
          options={options(languageWords)}
          {...field('language')}
        />
        <Select
          label={t`Reach best by`}
          blank={t`Not asked`}
          options={options(channelWords)}
          {...field('preferred_channel')}
        />
        <TextField label={t`Phone number`} type="tel" {...field('phone')} />
        <TextField label={t`Email address`} type="email" {...field('email')} />
      </div>
      <Check
        label={t`Needs an interpreter`}
        value={draft.interpreter_needed}
        onChange={(interpreter_needed) => set({ interpreter_needed })}
      />
      <hr />
      <div className="pair">
        <TextField label={t`Postal code`} {...field('postal_code')} />
        <TextField label={t`Race`} {...field('race')} />
        <TextField label={t`Ethnicity`} {...field('ethnicity')} />
        {session.sites.length > 1 && (
          <Select
            label={t`Site`}
            options={session.sites.map((site) => ({ value: site.id, label: site.name }))}
            {...field('site_id')}
          />
        )}
      </div>
    </>
  );
}

function draftWords(
  draft: PatientDraft,
  sites: { id: string; name: string }[],
): Record<keyof PatientDraft, string> {
  return {
    ...draft,
    sex: word(sexWords, draft.sex),
    language: word(languageWords, draft.language),
    preferred_channel: word(channelWords, draft.preferred_channel),
    interpreter_needed: draft.interpreter_needed ? t`yes` : t`no`,
    site_id: sites.find((site) => site.id === draft.site_id)?.name ?? '',
  };
}
function draftLabels(): Record<keyof PatientDraft, string> {
  return {
    given_name: t`Given name`,
    family_name: t`Family name`,
    birth_date: t`Birth date`,
    sex: t`Sex`,
    gender_identity: t`Gender`,
    mrn: t`Record number (MRN)`,
    language: t`Language`,
    interpreter_needed: t`Needs an interpreter`,
    preferred_channel: t`Reach best by`,
    phone: t`Phone number`,
    email: t`Email address`,
    postal_code: t`Postal code`,
    race: t`Race`,
    ethnicity: t`Ethnicity`,
    site_id: t`Site`,
  };
}

export function EditPatient({ summary, onDone }: { summary: Summary; onDone: () => void }) {
  const { session } = useHere();
  const patient = summary.patient;
  // What the person opened stays the ground of the edit, however often the page reads again behind it.
  const [before] = useState(patient);
  const [draft, setDraft] = useState(() => patientDraft(patient));
  const save = useSave(
    ({ version, values, base }: { version: number; values: PatientDraft; base: Patient }) =>
      call(
        client.PATCH('/api/v1/patients/{patient_id}', {
          params: { path: { patient_id: patient.id }, header: ifMatch(version) },
          body: patientBody(values, base),
        }),
      ),
    async () => {
      await refreshPatient(patient.id);
      say(t`Saved.`);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Patient | null;
  if (theirs) {
    const labels = draftLabels();
    const other = patientDraft(theirs);
    const a = draftWords(other, session.sites);
    const b = draftWords(draft, session.sites);
    const keys = Object.keys(labels) as (keyof PatientDraft)[];
    return (
      <Conflict
        fields={keys.map((key) => ({ key, label: labels[key], theirs: a[key], yours: b[key] }))}
        onResolve={(values) => {
          const merged = { ...draft } as Record<keyof PatientDraft, unknown>;
          for (const key of keys) if (values[key] === a[key]) merged[key] = other[key];
          setDraft(merged as unknown as PatientDraft);
          save.save({ version: theirs.version, values: merged as unknown as PatientDraft, base: theirs });
        }}
        onCancel={save.reset}
      />
    );
  }
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save({ version: before.version, values: draft, base: before })}
      onCancel={onDone}
    >
      <PatientFields draft={draft} onChange={setDraft} error={save.error} />
    </ShortForm>
  );
}

export function CoverageForm({
  summary,
  today,
  onDone,
}: {
  summary: Summary;
  today: string;
  onDone: () => void;
}) {
  const patient = summary.patient.id;
  const [payer, setPayer] = useState('');
  const [plan, setPlan] = useState('');
  const [from, setFrom] = useState(today);
  const add = useSave(
    (body: { payer_category: string; plan_name?: string; start_date: string }) =>
      create(`${patient}/coverage`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/coverage', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Coverage recorded.`);
      onDone();
    },
  );
  const end = useSave(
    (coverage: Coverage) =>
      call(
        client.PATCH('/api/v1/patients/{patient_id}/coverage/{coverage_id}', {
          params: {
            path: { patient_id: patient, coverage_id: coverage.id },
            header: ifMatch(coverage.version),
          },
          body: { end_date: today },
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`Ended today.`);
    },
  );
  return (
    <div className="stack">
      {(!!end.error || end.theirs) && (
        <ProblemNote error={end.error ?? t`Somebody else changed this meanwhile.`} />
      )}
      {summary.coverage.map((one) => (
        <div key={one.id} className="row-apart">
          <span>
            {one.plan_name || word(payerWords, one.payer_category)}{' '}
            <span className="soft">
              <When date={one.start_date} today={today} /> –{' '}
              {one.end_date ? <When date={one.end_date} today={today} /> : t`now`}
            </span>
          </span>
          {!one.end_date && (
            <Button small onPress={() => end.save(one)} isPending={end.saving}>
              <Trans>Ends today</Trans>
            </Button>
          )}
        </div>
      ))}
      <ShortForm
        state={add}
        action={<Trans>Add coverage</Trans>}
        onSubmit={() => add.save({ payer_category: payer, plan_name: plan || undefined, start_date: from })}
        onCancel={onDone}
      >
        <div className="pair">
          <Select
            label={t`Payer`}
            value={payer}
            onChange={setPayer}
            options={options(payerWords)}
            blank={t`Choose`}
            required
            error={issueFor(add.error, 'payer_category')}
          />
          <TextField label={t`Plan name`} value={plan} onChange={setPlan} />
          <DateField
            label={t`From`}
            value={from}
            onChange={setFrom}
            required
            error={issueFor(add.error, 'start_date')}
          />
        </div>
      </ShortForm>
    </div>
  );
}

export function AccessLog({ patient, today }: { patient: string; today: string }) {
  const { zone } = useHere();
  const log = useQuery({
    queryKey: ['access', patient],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/access-log', {
          headers: readHeaders(),
          params: { path: { patient_id: patient }, query: { limit: 100 } },
        }),
      ),
  });
  if (log.isPending) return <Skeleton rows={5} widths={[20, 30, 30]} />;
  if (unreadable(log)) return <ProblemNote error={log.error} onRetry={() => void log.refetch()} />;
  if (log.data.items.length === 0) return <Empty title={t`Nobody has looked yet.`} />;
  return (
    <TableScroll label={t`Who has looked at this`}>
      <table className="score-table">
        <thead>
          <tr>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`Who`}</th>
            <th scope="col">{t`What`}</th>
          </tr>
        </thead>
        <tbody>
          {log.data.items.map((entry) => (
            <tr key={entry.at + entry.action}>
              <td className="nowrap">
                {shortDate(entry.at.slice(0, 10), today)} {timeOf(entry.at, zone())}
              </td>
              <td>
                {entry.actor} <span className="soft">{word(roleWords, entry.role)}</span>
              </td>
              <td>
                {entry.action} <span className="soft">{entry.result}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
