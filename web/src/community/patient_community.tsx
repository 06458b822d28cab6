// What a patient needs beyond care, and who was asked to help. Nothing leaves the building without consent.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act, make } from '../api/ask';
import type { CommunityReferral, Need, Screening } from '../api/patient_side';
import type { Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { Check, DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { consentMethodWords, languageWords, options, word } from '../ui/words';
import { communityReferralsQuery, formsQuery, needsQuery, refreshCommunity, servicesQuery } from './queries';
import { ReferralRow } from './referral_row';
import { needStates, needWords, shareWords, sourceWords, wayWords } from './words';
import '../messaging/messaging.css';

export function PatientCommunity({
  summary,
  today,
  chosen,
}: {
  summary: Summary;
  today: string;
  chosen?: string;
}) {
  const patient = summary.patient.id;
  const { can } = useHere();
  const needs = useQuery(needsQuery(patient));
  const referrals = useQuery(communityReferralsQuery(patient));
  const [form, setForm] = useState<'need' | 'screen' | null>(null);
  const [referring, setReferring] = useState<string | null>(chosen ?? null);
  if (needs.isPending || referrals.isPending) return <Skeleton rows={4} widths={[50]} />;
  if (unreadable(needs)) return <ProblemNote error={needs.error} onRetry={() => void needs.refetch()} />;
  if (unreadable(referrals))
    return <ProblemNote error={referrals.error} onRetry={() => void referrals.refetch()} />;
  const need = needs.data.items.find((one) => one.id === referring);
  if (need)
    return (
      <Refer
        need={need}
        summary={summary}
        today={today}
        onDone={() => {
          setReferring(null);
        }}
      />
    );
  if (form === 'need') return <NewNeed patient={patient} today={today} onDone={() => setForm(null)} />;
  if (form === 'screen') return <Screen patient={patient} today={today} onDone={() => setForm(null)} />;
  return (
    <div className="stack">
      <section className="stack-tight" aria-labelledby="needs-title">
        <h3 id="needs-title">
          <Trans>Needs</Trans>
        </h3>
        {needs.data.items.length === 0 && (
          <p className="soft">
            <Trans>None found so far.</Trans>
          </p>
        )}
        <ul>
          {needs.data.items.map((one) => (
            <NeedRow
              key={one.id}
              need={one}
              patient={patient}
              today={today}
              onRefer={() => setReferring(one.id)}
            />
          ))}
        </ul>
        {can('community.write') && (
          <div className="row">
            <Button small onPress={() => setForm('need')}>
              <Trans>Add a need</Trans>
            </Button>
            <Button small onPress={() => setForm('screen')}>
              <Trans>Record a screening</Trans>
            </Button>
          </div>
        )}
        {needs.data.screenings?.[0] && <LastScreening one={needs.data.screenings[0]} today={today} />}
      </section>
      <section className="stack-tight" aria-labelledby="asked-title">
        <h3 id="asked-title">
          <Trans>Who was asked to help</Trans>
        </h3>
        {referrals.data.items.length === 0 && (
          <p className="soft">
            <Trans>Nobody yet.</Trans>
          </p>
        )}
        <ul>
          {referrals.data.items.map((one) => (
            <ReferralRow key={one.id} one={one} patient={patient} today={today} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function LastScreening({ one, today }: { one: Screening; today: string }) {
  return (
    <p className="soft small">
      <Trans>
        Asked last <When date={one.on} today={today} />
      </Trans>
      {one.declined
        ? `: ${t`did not want to answer`}`
        : `: ${t`${one.found.length} of ${one.asked.length} areas`}`}
    </p>
  );
}

function NeedRow({
  need,
  patient,
  today,
  onRefer,
}: {
  need: Need;
  patient: string;
  today: string;
  onRefer: () => void;
}) {
  const { can } = useHere();
  const save = useSave(
    (body: unknown) => act<Need>('PATCH', `/api/v1/patients/${patient}/needs/${need.id}`, body, need.version),
    async () => {
      await refreshCommunity(patient);
    },
  );
  const open = ['found', 'wants_help', 'later'].includes(need.state);
  return (
    <li className="plain-line">
      <div className="row-apart">
        <div>
          <p>
            <span className="strong">{word(needWords, need.kind)}</span> {word(needStates, need.state)}
            {need.later_until && (
              <>
                {' '}
                <When date={need.later_until} today={today} />
              </>
            )}
          </p>
          <p className="small soft">
            <When date={need.found_on} today={today} />, {word(sourceWords, need.source)}
            {need.labels?.length ? `, ${t`hidden from trusted persons`}` : ''}
            {need.note && `. ${need.note}`}
          </p>
          {(!!save.error || save.theirs) && (
            <ProblemNote error={save.error ?? t`Somebody else changed this meanwhile.`} />
          )}
        </div>
        {open && can('community.write') && (
          <div className="row">
            {need.state === 'wants_help' ? (
              !need.open_referrals && (
                <Button small onPress={onRefer}>
                  <Trans>Refer</Trans>
                </Button>
              )
            ) : (
              <Button small isPending={save.saving} onPress={() => save.save({ wants_help: 'yes' })}>
                <Trans>Wants help</Trans>
              </Button>
            )}
            {need.state === 'found' && (
              <Button
                small
                look="quiet"
                isPending={save.saving}
                onPress={() => save.save({ wants_help: 'no' })}
              >
                <Trans>Does not</Trans>
              </Button>
            )}
            <Button small look="quiet" isPending={save.saving} onPress={() => save.save({ met: true })}>
              <Trans>Met</Trans>
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

function NewNeed({ patient, today, onDone }: { patient: string; today: string; onDone: () => void }) {
  const [kind, setKind] = useState('');
  const [wants, setWants] = useState('yes');
  const [later, setLater] = useState('');
  const [note, setNote] = useState('');
  const [hidden, setHidden] = useState(false);
  const save = useSave(
    (body: unknown) => make<Need>(`/api/v1/patients/${patient}/needs`, body),
    async () => {
      say(t`Kept.`);
      await refreshCommunity(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={!kind}
      onSubmit={() =>
        save.save({
          kind,
          wants_help: wants,
          later_until: wants === 'later' && later ? later : undefined,
          source: 'conversation',
          found_on: today,
          note: note.trim() || undefined,
          confidential: hidden || undefined,
        })
      }
      onCancel={onDone}
    >
      <Choice
        label={t`What is needed`}
        value={kind}
        onChange={setKind}
        options={options(needWords)}
        error={issueFor(save.error, 'kind')}
      />
      {kind === 'safety' && (
        <p className="note">
          <Trans>Safety at home is never shown in the portal, to nobody.</Trans>
        </p>
      )}
      <Choice
        label={t`Wants help with it`}
        value={wants}
        onChange={setWants}
        options={[
          { value: 'yes', label: t`Yes` },
          { value: 'no', label: t`No` },
          { value: 'later', label: t`Later` },
        ]}
      />
      {wants === 'later' && <DateField label={t`Ask again`} value={later} onChange={setLater} min={today} />}
      <TextField label={t`Note`} value={note} onChange={setNote} />
      <Check label={t`Hide it from trusted persons`} value={hidden} onChange={setHidden} />
    </ShortForm>
  );
}

function Screen({ patient, today, onDone }: { patient: string; today: string; onDone: () => void }) {
  const forms = useQuery(formsQuery);
  const [form, setForm] = useState('');
  const [found, setFound] = useState<string[]>([]);
  const [declined, setDeclined] = useState(false);
  const [on, setOn] = useState(today);
  const save = useSave(
    (body: unknown) => make<unknown>(`/api/v1/patients/${patient}/need-screenings`, body),
    async () => {
      say(t`Kept.`);
      await refreshCommunity(patient);
      onDone();
    },
  );
  if (forms.isPending) return <Skeleton rows={3} widths={[40]} />;
  if (unreadable(forms)) return <ProblemNote error={forms.error} onRetry={() => void forms.refetch()} />;
  const chosen = forms.data.items.find((one) => one.id === form) ?? forms.data.items[0];
  const asked = chosen?.kinds ?? [];
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={!chosen}
      onSubmit={() =>
        save.save({
          form: chosen!.id,
          on,
          asked,
          found: declined ? [] : found,
          declined: declined || undefined,
        })
      }
      onCancel={onDone}
    >
      <p className="soft">
        <Trans>The form is asked from its own paper; here stands what it found.</Trans>
      </p>
      <Choice
        label={t`Form`}
        value={chosen?.id ?? ''}
        onChange={(value) => {
          setForm(value);
          setFound([]);
        }}
        options={forms.data.items.map((one) => ({ value: one.id, label: one.title }))}
      />
      <DateField label={t`On`} value={on} onChange={setOn} max={today} required />
      <Check label={t`Did not want to answer`} value={declined} onChange={setDeclined} />
      {!declined && chosen && (
        <Choices
          label={t`Where something is needed`}
          value={found}
          onChange={setFound}
          options={options(needWords, chosen.kinds)}
          error={issueFor(save.error, 'found')}
        />
      )}
    </ShortForm>
  );
}

function Refer({
  need,
  summary,
  today,
  onDone,
}: {
  need: Need;
  summary: Summary;
  today: string;
  onDone: () => void;
}) {
  const { patient } = summary;
  const name = patient.given_name;
  const [wide, setWide] = useState(false);
  const services = useQuery(
    servicesQuery({ need: need.kind, area: wide ? undefined : (patient.postal_code ?? undefined) }),
  );
  const [service, setService] = useState('');
  const [way, setWay] = useState('phone');
  const [shares, setShares] = useState<string[]>(['name', 'phone', 'need']);
  const [method, setMethod] = useState('');
  const [on, setOn] = useState(today);
  const [note, setNote] = useState('');
  const save = useSave(
    (body: unknown) => make<CommunityReferral>(`/api/v1/patients/${patient.id}/community-referrals`, body),
    async () => {
      say(t`It stays on the list until somebody confirms that ${name} was seen.`);
      await refreshCommunity(patient.id);
      onDone();
    },
  );
  const items = services.data?.items ?? [];
  return (
    <ShortForm
      state={save}
      action={<Trans>Keep the referral</Trans>}
      disabled={!service || !method}
      onSubmit={() =>
        save.save({
          need_id: need.id,
          service_id: service,
          sent_on: today,
          sent_by_way: way,
          shares: way === 'patient_goes' ? [] : shares,
          consent: { method, on },
          note: note.trim() || undefined,
        })
      }
      onCancel={onDone}
    >
      <h3>{word(needWords, need.kind)}</h3>
      {services.isPending && <Skeleton rows={2} widths={[40]} />}
      {unreadable(services) && <ProblemNote error={services.error} onRetry={() => void services.refetch()} />}
      {services.data && items.length === 0 && (
        <p className="note">
          {wide ? t`The directory has no service for this.` : t`No service for this near ${name}.`}
        </p>
      )}
      {services.data && (
        <Select
          label={t`Who is asked`}
          hint={wide || !patient.postal_code ? undefined : t`Near ${patient.postal_code}`}
          value={service}
          onChange={setService}
          blank={t`Choose`}
          options={items.map((one) => ({
            value: one.id,
            label: [one.name, one.phone, one.languages.map((code) => word(languageWords, code)).join(', ')]
              .filter(Boolean)
              .join(', '),
          }))}
          error={issueFor(save.error, 'service_id')}
        />
      )}
      {!wide && patient.postal_code && <Check label={t`Look everywhere`} value={wide} onChange={setWide} />}
      <Choice label={t`How it goes out`} value={way} onChange={setWay} options={options(wayWords)} />
      {way !== 'patient_goes' && (
        <Choices
          label={t`What is shared`}
          hint={t`No more than they need. Never why ${name} is in care.`}
          value={shares}
          onChange={setShares}
          options={options(shareWords)}
          error={issueFor(save.error, 'shares')}
        />
      )}
      <Choice
        label={t`How ${name} agreed`}
        value={method}
        onChange={setMethod}
        options={options(consentMethodWords)}
        error={issueFor(save.error, 'consent')}
      />
      <DateField label={t`Agreed on`} value={on} onChange={setOn} max={today} required />
      <TextField label={t`Note`} value={note} onChange={setNote} />
    </ShortForm>
  );
}
