// Who of the patient's side may come in: the patient's own access, and the people they trust, with what each may see.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act, make, read } from '../api/ask';
import type { Invitation, PortalState, TrustedPerson } from '../api/patient_side';
import { queryClient } from '../api/queries';
import type { Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { ageOn, dateOf } from '../ui/dates';
import { Check, Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { languageWords, options, type Words, word } from '../ui/words';
import '../messaging/messaging.css';

export const portalQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'portal'],
    queryFn: () => read<PortalState>(`/api/v1/patients/${patient}/portal`),
  });
const refresh = (patient: string) =>
  queryClient.invalidateQueries({ queryKey: portalQuery(patient).queryKey });

export const scopeWords: Words = {
  appointments: msg`Visits and groups`,
  goals: msg`Goals`,
  plan: msg`The plan`,
  scores: msg`Scores`,
  check_in: msg`Answer check-ins`,
  messages: msg`Messages with the team`,
  education: msg`Reading`,
  safety_plan: msg`Safety plan`,
};
const problemWords: Words = {
  too_young: msg`Too young for an own access by the rules of this state.`,
  no_address: msg`There is neither mail nor phone in the record.`,
  no_birth_date: msg`Record the birth date first: the link asks for it.`,
  shared_address: msg`The address is also that of somebody they trust. Ask for one of their own.`,
  address_taken: msg`The address belongs to somebody else’s access. Ask for one of their own.`,
  has_account: msg`There is an access already.`,
};
const personStates: Words = {
  invited: msg`invited, not yet accepted`,
  active: msg`active`,
  ended: msg`ended`,
  expired: msg`ran out`,
  ask_again: msg`waits: the patient is asked again`,
};
const invitationStates: Words = {
  open: msg`waits to be accepted`,
  accepted: msg`accepted`,
  expired: msg`ran out`,
  ended: msg`taken back`,
};
const GROWN = 18;
const live = (one: TrustedPerson) => ['invited', 'active', 'ask_again'].includes(one.state);

export function PortalSheet({ summary, today }: { summary: Summary; today: string }) {
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const state = useQuery(portalQuery(patient));
  if (state.isPending) return <Skeleton rows={5} widths={[60]} />;
  if (unreadable(state)) return <ProblemNote error={state.error} onRetry={() => void state.refetch()} />;
  const young = state.data.stage
    ? state.data.stage !== 'adult'
    : !!summary.patient.birth_date && ageOn(summary.patient.birth_date, today) < GROWN;
  return (
    <div className="stack">
      <Access state={state.data} summary={summary} today={today} />
      {young && (
        <p className="note">
          <Trans>
            {name} is under {GROWN}. What the rules of this state keep between {name} and the team stays
            hidden from parents and guardians everywhere: in lists, counts, charts, on paper and in what they
            download.
          </Trans>
        </p>
      )}
      <People state={state.data} summary={summary} today={today} />
    </div>
  );
}

function Access({ state, summary, today }: { state: PortalState; summary: Summary; today: string }) {
  const { can, zone } = useHere();
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const [ending, setEnding] = useState(false);
  const { account } = state;
  const active = account?.state === 'active' ? account : null;
  const day = (instant: string) => <When date={dateOf(instant, zone())} today={today} />;
  const own = state.invitations.filter((one) => one.for !== 'trusted_person');
  const waiting = own.filter((one) => one.state === 'open');
  return (
    <section className="stack-tight" aria-labelledby="portal-own">
      <h3 id="portal-own">
        <Trans>{name}’s own access</Trans>
      </h3>
      {active ? (
        <>
          <p>
            <Trans>Since {day(active.created_at)}.</Trans>{' '}
            {active.last_active_at ? (
              <Trans>Last there {day(active.last_active_at)}.</Trans>
            ) : (
              <Trans>Not used yet.</Trans>
            )}
          </p>
          {can('portal.write') &&
            (ending ? (
              <WithReason
                path={`/api/v1/patients/${patient}/portal/end`}
                patient={patient}
                action={t`End the access`}
                hint={t`${name} is signed out at once, and so is everybody they trusted. Nothing in the record is lost.`}
                said={t`The access has ended.`}
                onDone={() => setEnding(false)}
              />
            ) : (
              <div>
                <Button small onPress={() => setEnding(true)}>
                  <Trans>End the access</Trans>
                </Button>
              </div>
            ))}
        </>
      ) : (
        <>
          <p className="soft">
            {account ? (
              <Trans>
                Ended {account.ended_at && day(account.ended_at)}. {account.ended_because}
              </Trans>
            ) : (
              t`${name} has no access yet.`
            )}
          </p>
          {can('portal.write') && <Invite state={state} patient={patient} name={name} />}
        </>
      )}
      {waiting.length > 0 && (
        <ul>
          {waiting.map((one) => (
            <InvitationRow key={one.id} one={one} patient={patient} today={today} />
          ))}
        </ul>
      )}
      {!active && own.some((one) => ['expired', 'ended'].includes(one.state)) && (
        <p className="soft small">
          <Trans>Earlier invitations:</Trans>{' '}
          {own
            .filter((one) => one.state !== 'open')
            .map((one, index) => (
              <span key={one.id}>
                {index > 0 && '; '}
                {day(one.made_at)}, {word(invitationStates, one.state)}
              </span>
            ))}
        </p>
      )}
    </section>
  );
}

function Invite({ state, patient, name }: { state: PortalState; patient: string; name: string }) {
  const { channels, problem } = state.can_invite;
  const [channel, setChannel] = useState<string>(channels[0] ?? '');
  const save = useSave(
    (body: { channel: string }) => make<Invitation>(`/api/v1/patients/${patient}/portal-invitations`, body),
    async () => {
      say(t`Invited. The link works once, and asks for the birth date.`);
      await refresh(patient);
    },
  );
  if (problem || channels.length === 0)
    return <p className="note">{word(problemWords, problem ?? 'no_address')}</p>;
  return (
    <ShortForm
      state={save}
      action={<Trans>Invite {name}</Trans>}
      onSubmit={() => save.save({ channel: channel || channels[0]! })}
    >
      {channels.length > 1 ? (
        <Choice
          label={t`By`}
          value={channel}
          onChange={setChannel}
          options={channels.map((one) => ({
            value: one,
            label: one === 'mail' ? t`Mail` : t`Text message`,
          }))}
          error={issueFor(save.error, 'channel')}
        />
      ) : (
        <p className="soft">
          {channels[0] === 'mail'
            ? t`By mail to the address in the record.`
            : t`By text message to the number in the record.`}
        </p>
      )}
    </ShortForm>
  );
}

function InvitationRow({ one, patient, today }: { one: Invitation; patient: string; today: string }) {
  const { can, zone } = useHere();
  const [ending, setEnding] = useState(false);
  return (
    <li className="stack-tight plain-line">
      <div className="row-apart">
        <p>
          <Trans>
            Invited <When date={dateOf(one.made_at, zone())} today={today} />
          </Trans>{' '}
          <span className="soft small">
            {one.channel === 'mail' ? t`by mail` : t`by text message`},{' '}
            <Trans>
              open until <When date={dateOf(one.expires_at, zone())} today={today} />
            </Trans>
            {one.tries_left <= 2 && `, ${t`${one.tries_left} tries left`}`}
          </span>
        </p>
        {can('portal.write') && !ending && (
          <Button small look="quiet" onPress={() => setEnding(true)}>
            <Trans>Take back</Trans>
          </Button>
        )}
      </div>
      {ending && (
        <WithReason
          path={`/api/v1/patients/${patient}/portal-invitations/${one.id}/end`}
          patient={patient}
          action={t`Take it back`}
          said={t`The invitation no longer works.`}
          onDone={() => setEnding(false)}
        />
      )}
    </li>
  );
}

function WithReason({
  path,
  patient,
  action,
  hint,
  said,
  onDone,
}: {
  path: string;
  patient: string;
  action: string;
  hint?: string;
  said: string;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const save = useSave(
    () => act<unknown>('POST', path, { reason: reason.trim() }),
    async () => {
      say(said);
      await refresh(patient);
      onDone();
    },
  );
  return (
    <ShortForm state={save} action={action} onSubmit={() => save.save(undefined)} onCancel={onDone}>
      <TextField
        label={t`Because`}
        hint={hint}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}

function People({ state, summary, today }: { state: PortalState; summary: Summary; today: string }) {
  const { can } = useHere();
  const name = summary.patient.given_name;
  const patient = summary.patient.id;
  const [adding, setAdding] = useState(false);
  const now = state.trusted_persons.filter(live);
  const before = state.trusted_persons.filter((one) => !live(one));
  return (
    <section className="stack-tight" aria-labelledby="portal-people">
      <h3 id="portal-people">
        <Trans>People {name} trusts</Trans>
      </h3>
      {now.length === 0 && (
        <p className="soft">
          <Trans>
            Nobody. {name} can invite somebody from the portal and sees before what they will see.
          </Trans>
        </p>
      )}
      <ul>
        {now.map((one) => (
          <Person key={one.id} one={one} patient={patient} name={name} today={today} />
        ))}
      </ul>
      {before.length > 0 && (
        <details>
          <summary className="soft small">
            <Trans>Ended ({before.length})</Trans>
          </summary>
          <ul>
            {before.map((one) => (
              <Person key={one.id} one={one} patient={patient} name={name} today={today} />
            ))}
          </ul>
        </details>
      )}
      {can('portal.write') &&
        (adding ? (
          <AddPerson patient={patient} name={name} onDone={() => setAdding(false)} />
        ) : (
          <div>
            <Button small onPress={() => setAdding(true)}>
              <Trans>Invite somebody for {name}</Trans>
            </Button>
          </div>
        ))}
    </section>
  );
}

function Person({
  one,
  patient,
  name,
  today,
}: {
  one: TrustedPerson;
  patient: string;
  name: string;
  today: string;
}) {
  const { can, zone } = useHere();
  const [ending, setEnding] = useState(false);
  return (
    <li className="stack-tight plain-line">
      <div className="row-apart">
        <div>
          <p>
            <span className="strong">{one.name}</span>
            {one.relationship && `, ${one.relationship}`}
            {one.kind === 'guardian' && `, ${t`guardian`}`}{' '}
            <span className="soft">{word(personStates, one.state)}</span>
          </p>
          <p>
            <Trans>May see:</Trans> {one.scopes.map((scope) => word(scopeWords, scope)).join(', ')}
            {one.part2 && `, ${t`also what 42 CFR Part 2 protects`}`}
          </p>
          {one.wish && (
            <p className="small">
              {name}: “{one.wish}”
            </p>
          )}
          <p className="soft small">
            {one.invited_by === 'staff' ? t`invited by the team` : t`invited by ${name}`}
            {one.last_used_at && (
              <>
                ,{' '}
                <Trans>
                  last there <When date={dateOf(one.last_used_at, zone())} today={today} />
                </Trans>
              </>
            )}
            {live(one) && (
              <>
                ,{' '}
                <Trans>
                  until <When date={one.expires_on} today={today} />
                </Trans>
              </>
            )}
            {one.ended_at && (
              <>
                ,{' '}
                <Trans>
                  ended <When date={dateOf(one.ended_at, zone())} today={today} />
                </Trans>
              </>
            )}
          </p>
        </div>
        {live(one) && can('portal.write') && !ending && (
          <Button small look="quiet" onPress={() => setEnding(true)} aria-label={t`End: ${one.name}`}>
            <Trans>End</Trans>
          </Button>
        )}
      </div>
      {ending && (
        <WithReason
          path={`/api/v1/patients/${patient}/trusted-persons/${one.id}/end`}
          patient={patient}
          action={t`End it at once`}
          hint={t`${name} sees that the team ended it.`}
          said={t`Ended at once.`}
          onDone={() => setEnding(false)}
        />
      )}
    </li>
  );
}

function AddPerson({ patient, name, onDone }: { patient: string; name: string; onDone: () => void }) {
  const [person, setPerson] = useState('');
  const [relationship, setRelationship] = useState('');
  const [kind, setKind] = useState('trusted');
  const [channel, setChannel] = useState('mail');
  const [address, setAddress] = useState('');
  const [scopes, setScopes] = useState<string[]>(['appointments']);
  const [part2, setPart2] = useState(false);
  const [months, setMonths] = useState('12');
  const [language, setLanguage] = useState('en');
  const [wish, setWish] = useState('');
  const save = useSave(
    (body: unknown) => make<TrustedPerson>(`/api/v1/patients/${patient}/trusted-persons`, body),
    async () => {
      say(t`Invited. ${name} sees it in the portal and can end it at once.`);
      await refresh(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Send the invitation</Trans>}
      disabled={!person.trim() || !address.trim() || scopes.length === 0 || !wish.trim()}
      onSubmit={() =>
        save.save({
          name: person.trim(),
          relationship: relationship.trim() || undefined,
          kind,
          channel,
          address: address.trim(),
          scopes,
          part2,
          months: Number(months),
          language,
          wish: wish.trim(),
        })
      }
      onCancel={onDone}
    >
      <div className="pair">
        <TextField
          label={t`Name`}
          value={person}
          onChange={setPerson}
          required
          autoFocus
          error={issueFor(save.error, 'name')}
        />
        <TextField
          label={t`Who that is`}
          hint={t`Sister, neighbor, sponsor`}
          value={relationship}
          onChange={setRelationship}
          error={issueFor(save.error, 'relationship')}
        />
      </div>
      <Choice
        label={t`As`}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'trusted', label: t`Somebody ${name} trusts` },
          { value: 'guardian', label: t`Parent or guardian` },
        ]}
        error={issueFor(save.error, 'kind')}
      />
      <Choices
        label={t`May see`}
        hint={t`Never: counseling notes, who looked at the record, and the step about making the place safe.`}
        value={scopes}
        onChange={setScopes}
        options={options(scopeWords)}
        error={issueFor(save.error, 'scopes')}
      />
      <Check
        label={t`Also what 42 CFR Part 2 protects (needs ${name}’s written consent)`}
        value={part2}
        onChange={setPart2}
      />
      <Choice
        label={t`Invitation by`}
        value={channel}
        onChange={setChannel}
        options={[
          { value: 'mail', label: t`Mail` },
          { value: 'sms', label: t`Text message` },
        ]}
      />
      <div className="pair">
        <TextField
          label={channel === 'mail' ? t`Mail address` : t`Phone number`}
          type={channel === 'mail' ? 'email' : 'tel'}
          value={address}
          onChange={setAddress}
          required
          error={issueFor(save.error, 'address')}
        />
        <Select
          label={t`Language`}
          value={language}
          onChange={setLanguage}
          options={options(languageWords, ['en', 'es'])}
        />
        <TextField
          label={t`For how many months`}
          type="number"
          inputMode="numeric"
          short
          min={1}
          max={24}
          value={months}
          onChange={setMonths}
          error={issueFor(save.error, 'months')}
        />
      </div>
      <TextArea
        label={t`What ${name} said`}
        hint={t`The wish in ${name}’s own words. Without it nobody is let in.`}
        value={wish}
        onChange={setWish}
        required
        error={issueFor(save.error, 'wish')}
      />
    </ShortForm>
  );
}
