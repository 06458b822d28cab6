// Facts the codes depend on: the initiating visit, days in hospital, what others billed, and one or the other.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { monthIn } from '../ui/months';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, type Words, word } from '../ui/words';
import { refreshMinutes } from './minutes_page';
import { ratesQuery, servicesQuery, staysQuery, visitsQuery } from './queries';
import { familyWords } from './words';

const stayWords: Words = { inpatient: msg`In hospital`, observation: msg`Under observation` };

interface Props {
  patient: string;
  month: string;
  today: string;
}

export function BillingFacts(props: Props) {
  return (
    <div className="facts-grid">
      <Visits {...props} />
      <Stays {...props} />
      <Services {...props} />
      <EitherOr {...props} />
    </div>
  );
}

function Frame({
  title,
  none,
  empty,
  pending,
  error,
  onRetry,
  items,
  form,
  add,
}: {
  title: string;
  none: string;
  empty: boolean;
  pending: boolean;
  error: unknown;
  onRetry: () => void;
  items: ReactNode;
  form: (done: () => void) => ReactNode;
  add: string;
}) {
  const { can } = useHere();
  const [adding, setAdding] = useState(false);
  return (
    <section className="stack-tight">
      <h2>{title}</h2>
      {pending && <Skeleton rows={1} widths={[40]} />}
      {!!error && <ProblemNote error={error} onRetry={onRetry} />}
      {empty && !pending && !error && <p className="soft">{none}</p>}
      <ul>{items}</ul>
      {adding
        ? form(() => setAdding(false))
        : can('billing.write') && (
            <div className="no-print">
              <Button small onPress={() => setAdding(true)}>
                {add}
              </Button>
            </div>
          )}
    </section>
  );
}

function Visits({ patient, today }: Props) {
  const { can } = useHere();
  const list = useQuery(visitsQuery(patient));
  const drop = useSave(
    (id: string) =>
      call(
        client.DELETE('/api/v1/patients/{patient_id}/initiating-visits/{visit_id}', {
          params: { path: { patient_id: patient, visit_id: id } },
        }),
      ),
    async () => {
      say(t`Taken out.`);
      await refreshMinutes(patient);
    },
  );
  return (
    <Frame
      title={t`Initiating visit`}
      none={t`None on record. One is needed when the patient is new or was not seen for a year.`}
      add={t`Record a visit`}
      empty={list.data?.items.length === 0}
      pending={list.isPending}
      error={list.error ?? drop.error}
      onRetry={() => void list.refetch()}
      items={list.data?.items.map((one) => (
        <li key={one.id} className="row-apart fact">
          <span>
            <When date={one.date} today={today} /> <span className="strong">{one.code}</span>{' '}
            <span className="soft">{one.practitioner}</span>
          </span>
          {can('billing.write') && (
            <Button
              small
              look="quiet"
              isPending={drop.saving}
              onPress={() => drop.save(one.id)}
              aria-label={t`Take out ${one.code} of ${one.date}`}
            >
              <Trans>Take out</Trans>
            </Button>
          )}
        </li>
      ))}
      form={(done) => <VisitForm patient={patient} today={today} onDone={done} />}
    />
  );
}

/** The codes to choose from; null when they cannot be read, and the code is typed. Until they come there is nothing to choose. */
function useVisitCodes() {
  const rates = useQuery(ratesQuery);
  if (unreadable(rates)) return null;
  return (rates.data?.initiating_visit_codes ?? []).map((code) => ({ value: code, label: code }));
}

function VisitForm({ patient, today, onDone }: { patient: string; today: string; onDone: () => void }) {
  const codes = useVisitCodes();
  const [date, setDate] = useState(today);
  const [code, setCode] = useState('');
  const [practitioner, setPractitioner] = useState('');
  const save = useSave(
    (body: { date: string; code: string; practitioner?: string }) =>
      create(`${patient}/visits`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/initiating-visits', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`The visit is on record.`);
      await refreshMinutes(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Record</Trans>}
      onSubmit={() => save.save({ date, code: code.trim(), practitioner: practitioner.trim() || undefined })}
      onCancel={onDone}
    >
      <div className="pair">
        <DateField
          label={t`On`}
          value={date}
          onChange={setDate}
          max={today}
          required
          error={issueFor(save.error, 'date')}
        />
        {codes ? (
          <Select
            label={t`Code`}
            value={code}
            blank={t`Choose`}
            onChange={setCode}
            options={codes}
            required
            error={issueFor(save.error, 'code')}
          />
        ) : (
          <TextField
            label={t`Code`}
            value={code}
            onChange={setCode}
            required
            short
            error={issueFor(save.error, 'code')}
          />
        )}
        <TextField label={t`Practitioner`} value={practitioner} onChange={setPractitioner} />
      </div>
    </ShortForm>
  );
}

function Stays({ patient, today }: Props) {
  const { can } = useHere();
  const list = useQuery(staysQuery(patient));
  const change = useSave(
    (one: { id: string; version: number }) =>
      call(
        client.PATCH('/api/v1/patients/{patient_id}/inpatient-stays/{stay_id}', {
          params: { path: { patient_id: patient, stay_id: one.id }, header: ifMatch(one.version) },
          body: { discharge_date: today },
        }),
      ),
    async () => {
      say(t`Home since today.`);
      await refreshMinutes(patient);
    },
  );
  const drop = useSave(
    (id: string) =>
      call(
        client.DELETE('/api/v1/patients/{patient_id}/inpatient-stays/{stay_id}', {
          params: { path: { patient_id: patient, stay_id: id } },
        }),
      ),
    async () => {
      say(t`Taken out.`);
      await refreshMinutes(patient);
    },
  );
  return (
    <Frame
      title={t`Days in hospital`}
      none={t`None. Minutes while the patient is in hospital do not count.`}
      add={t`Record a stay`}
      empty={list.data?.items.length === 0}
      pending={list.isPending}
      error={list.error ?? change.error ?? drop.error}
      onRetry={() => void list.refetch()}
      items={list.data?.items.map((one) => (
        <li key={one.id} className="row-apart fact">
          <span>
            {word(stayWords, one.kind)} <When date={one.admit_date} today={today} /> –{' '}
            {one.discharge_date ? <When date={one.discharge_date} today={today} /> : t`now`}
          </span>
          {can('billing.write') && (
            <span className="row">
              {!one.discharge_date && (
                <Button small isPending={change.saving} onPress={() => change.save(one)}>
                  <Trans>Home today</Trans>
                </Button>
              )}
              <Button
                small
                look="quiet"
                isPending={drop.saving}
                onPress={() => drop.save(one.id)}
                aria-label={t`Take out the stay of ${one.admit_date}`}
              >
                <Trans>Take out</Trans>
              </Button>
            </span>
          )}
        </li>
      ))}
      form={(done) => <StayForm patient={patient} today={today} onDone={done} />}
    />
  );
}

function StayForm({ patient, today, onDone }: { patient: string; today: string; onDone: () => void }) {
  const [kind, setKind] = useState('inpatient');
  const [from, setFrom] = useState(today);
  const [until, setUntil] = useState('');
  const save = useSave(
    (body: { kind: 'inpatient' | 'observation'; admit_date: string; discharge_date?: string }) =>
      create(`${patient}/stays`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/inpatient-stays', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Recorded. Minutes of these days do not count.`);
      await refreshMinutes(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Record</Trans>}
      onSubmit={() =>
        save.save({ kind: kind as 'inpatient', admit_date: from, discharge_date: until || undefined })
      }
      onCancel={onDone}
    >
      <Choice label={t`How`} value={kind} onChange={setKind} options={options(stayWords)} />
      <div className="pair">
        <DateField
          label={t`From`}
          value={from}
          onChange={setFrom}
          max={today}
          required
          error={issueFor(save.error, 'admit_date')}
        />
        <DateField
          label={t`Until`}
          hint={t`Blank: still there`}
          value={until}
          onChange={setUntil}
          min={from}
          max={today}
          error={issueFor(save.error, 'discharge_date')}
        />
      </div>
    </ShortForm>
  );
}

function Services({ patient, today }: Props) {
  const { can } = useHere();
  const list = useQuery(servicesQuery(patient));
  const drop = useSave(
    (id: string) =>
      call(
        client.DELETE('/api/v1/patients/{patient_id}/outside-services/{service_id}', {
          params: { path: { patient_id: patient, service_id: id } },
        }),
      ),
    async () => {
      say(t`Taken out.`);
      await refreshMinutes(patient);
    },
  );
  return (
    <Frame
      title={t`Billed by others`}
      none={t`Nothing known. Some codes exclude each other in the same month.`}
      add={t`Record a code`}
      empty={list.data?.items.length === 0}
      pending={list.isPending}
      error={list.error ?? drop.error}
      onRetry={() => void list.refetch()}
      items={list.data?.items.map((one) => (
        <li key={one.id} className="row-apart fact">
          <span>
            <When date={one.date} today={today} /> <span className="strong">{one.code}</span>{' '}
            <span className="soft">{one.practitioner}</span>
          </span>
          {can('billing.write') && (
            <Button
              small
              look="quiet"
              isPending={drop.saving}
              onPress={() => drop.save(one.id)}
              aria-label={t`Take out ${one.code} of ${one.date}`}
            >
              <Trans>Take out</Trans>
            </Button>
          )}
        </li>
      ))}
      form={(done) => <ServiceForm patient={patient} today={today} onDone={done} />}
    />
  );
}

function ServiceForm({ patient, today, onDone }: { patient: string; today: string; onDone: () => void }) {
  const [date, setDate] = useState(today);
  const [code, setCode] = useState('');
  const [practitioner, setPractitioner] = useState('');
  const save = useSave(
    (body: { date: string; code: string; practitioner?: string }) =>
      create(`${patient}/services`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/outside-services', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Recorded.`);
      await refreshMinutes(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Record</Trans>}
      onSubmit={() => save.save({ date, code: code.trim(), practitioner: practitioner.trim() || undefined })}
      onCancel={onDone}
    >
      <div className="pair">
        <DateField
          label={t`On`}
          value={date}
          onChange={setDate}
          max={today}
          required
          error={issueFor(save.error, 'date')}
        />
        <TextField
          label={t`Code`}
          hint={t`G0556, 99484, …`}
          value={code}
          onChange={setCode}
          required
          short
          error={issueFor(save.error, 'code')}
        />
        <TextField label={t`Practitioner`} value={practitioner} onChange={setPractitioner} />
      </div>
    </ShortForm>
  );
}

function EitherOr({ patient, month }: Props) {
  const { can } = useHere();
  const [open, setOpen] = useState(false);
  const [family, setFamily] = useState('time_codes');
  const [reason, setReason] = useState('');
  const save = useSave(
    (body: { family: 'time_codes' | 'apcm' | 'general_bhi' | 'none'; reason: string }) =>
      call(
        client.PUT('/api/v1/patients/{patient_id}/billing-choices/{month}', {
          params: { path: { patient_id: patient, month } },
          body,
        }),
      ),
    async () => {
      say(t`Settled for ${monthIn(month)}.`);
      await refreshMinutes(patient);
      setOpen(false);
    },
  );
  if (!can('billing.write')) return null;
  return (
    <section className="stack-tight">
      <h2>
        <Trans>One or the other</Trans>
      </h2>
      <p className="soft">
        <Trans>Where two ways of billing could be meant, a person says which one this month.</Trans>
      </p>
      {open ? (
        <ShortForm
          state={save}
          action={<Trans>Settle it</Trans>}
          onSubmit={() => save.save({ family: family as 'none', reason })}
          onCancel={() => setOpen(false)}
        >
          <Choice label={t`Bill as`} value={family} onChange={setFamily} options={options(familyWords)} />
          <TextField
            label={t`Because`}
            value={reason}
            onChange={setReason}
            required
            error={issueFor(save.error, 'reason')}
          />
        </ShortForm>
      ) : (
        <div>
          <Button small onPress={() => setOpen(true)}>
            <Trans>Say which</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}
