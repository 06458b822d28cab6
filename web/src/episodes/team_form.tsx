// Who cares for this patient: bring somebody in, with how to reach them; whoever leaves stays readable.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Summary, TeamMember } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Check, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, roleWords, word } from '../ui/words';
import { useStaffOptions } from './episode_forms';

const TEAM_ROLES = [
  'pcp',
  'psychiatric_consultant',
  'care_manager',
  'bh_specialist',
  'community_worker',
  'obstetrician',
  'pediatrician',
  'therapist',
  'nurse',
  'caregiver',
  'trusted_person',
  'school',
  'other',
];
/** Roles that people who sign in hold. */
const STAFF = ['pcp', 'psychiatric_consultant', 'care_manager', 'bh_specialist', 'community_worker'];
/** People of the patient, not of a clinic. */
const CLOSE = ['caregiver', 'trusted_person'];

interface Props {
  summary: Summary;
  today: string;
  onDone: () => void;
}

export function TeamForm({ summary, today, onDone }: Props) {
  const { can } = useHere();
  const episode = summary.episode;
  const [leaving, setLeaving] = useState<TeamMember | null>(null);
  if (!episode) return <Empty title={t`There is no open episode.`} />;
  const now = summary.care_team.filter((member) => !member.until);
  const gone = summary.care_team.filter((member) => member.until);
  return (
    <div className="stack">
      {now.length === 0 && (
        <p className="soft">
          <Trans>Nobody but the care manager yet.</Trans>
        </p>
      )}
      <ul>
        {now.map((member) => (
          <li key={member.id} className="row-apart">
            <Member member={member} today={today} />
            {can('episodes.write') && (
              <Button
                small
                look="quiet"
                onPress={() => setLeaving(member)}
                aria-label={t`Leaves: ${member.name}`}
              >
                <Trans>Leaves</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {leaving ? (
        <Leave
          member={leaving}
          episode={episode.id}
          patient={summary.patient.id}
          today={today}
          onDone={() => setLeaving(null)}
        />
      ) : (
        can('episodes.write') && (
          <>
            <hr />
            <BringIn episode={episode.id} patient={summary.patient.id} onDone={onDone} />
          </>
        )
      )}
      {gone.length > 0 && (
        <details>
          <summary className="soft">
            <Trans>Before</Trans> ({gone.length})
          </summary>
          <ul>
            {gone.map((member) => (
              <li key={member.id}>
                <Member member={member} today={today} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Member({ member, today }: { member: TeamMember; today: string }) {
  return (
    <span>
      {member.name} <span className="soft">{word(roleWords, member.role)}</span>
      {member.relationship && <span className="soft">, {member.relationship}</span>}
      {member.phone && <span className="nowrap">, {member.phone}</span>}
      {member.informant && (
        <span className="soft">
          , <Trans>may be asked</Trans>
        </span>
      )}
      <span className="soft small">
        {member.since && (
          <>
            {' '}
            <Trans>since</Trans> <When date={member.since} today={today} />
          </>
        )}
        {member.until && (
          <>
            {' '}
            <Trans>until</Trans> <When date={member.until} today={today} />
            {member.until_reason && `: ${member.until_reason}`}
          </>
        )}
      </span>
    </span>
  );
}

function BringIn({ episode, patient, onDone }: { episode: string; patient: string; onDone: () => void }) {
  const [role, setRole] = useState('pcp');
  const [user, setUser] = useState('');
  const [name, setName] = useState('');
  const [phone, setPhone] = useState('');
  const [relationship, setRelationship] = useState('');
  const [informant, setInformant] = useState(false);
  const people = useStaffOptions(role);
  const staffRole = STAFF.includes(role);
  const close = CLOSE.includes(role);
  const add = useSave(
    (body: {
      role: string;
      user_id?: string;
      name: string;
      phone?: string;
      relationship?: string;
      informant?: boolean;
    }) =>
      create(`${episode}/team`, body, (key) =>
        client.POST('/api/v1/episodes/{episode_id}/team', {
          params: { path: { episode_id: episode }, header: key },
          body,
        }),
      ),
    async (member) => {
      await refreshPatient(patient);
      setName('');
      setUser('');
      setPhone('');
      setRelationship('');
      setInformant(false);
      say(t`${member.name} is on the team.`);
    },
  );
  return (
    <ShortForm
      state={add}
      action={<Trans>Bring in</Trans>}
      onSubmit={() => {
        const person = people.find((one) => one.value === user);
        add.save({
          role,
          user_id: person ? user : undefined,
          name: person?.label ?? name.trim(),
          phone: phone.trim() || undefined,
          relationship: relationship.trim() || undefined,
          informant: informant || undefined,
        });
      }}
      onCancel={onDone}
    >
      <div className="pair">
        <Select
          label={t`Role`}
          value={role}
          onChange={(value) => {
            setRole(value);
            setUser('');
            setInformant(value === 'caregiver');
          }}
          options={options(roleWords, TEAM_ROLES)}
          error={issueFor(add.error, 'role')}
        />
        {staffRole && people.length > 0 && (
          <Select
            label={t`Colleague`}
            value={user}
            onChange={setUser}
            options={people}
            blank={t`Somebody else`}
            error={issueFor(add.error, 'user_id')}
          />
        )}
        {!user && (
          <TextField
            label={t`Name`}
            value={name}
            onChange={setName}
            required
            error={issueFor(add.error, 'name')}
          />
        )}
        {!user && (
          <TextField
            label={t`Phone`}
            type="tel"
            value={phone}
            onChange={setPhone}
            error={issueFor(add.error, 'phone')}
          />
        )}
        {close && (
          <TextField
            label={t`Who they are to the patient`}
            value={relationship}
            onChange={setRelationship}
            error={issueFor(add.error, 'relationship')}
          />
        )}
      </div>
      {close && (
        <Check
          label={t`May be asked how the patient is doing (informant)`}
          value={informant}
          onChange={setInformant}
        />
      )}
    </ShortForm>
  );
}

function Leave({
  member,
  episode,
  patient,
  today,
  onDone,
}: {
  member: TeamMember;
  episode: string;
  patient: string;
  today: string;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const save = useSave(
    (body: { on: string; reason?: string }) =>
      call(
        client.POST('/api/v1/episodes/{episode_id}/team/{member_id}/end', {
          params: { path: { episode_id: episode, member_id: member.id } },
          body,
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`${member.name} is off the team.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Takes leave today</Trans>}
      onSubmit={() => save.save({ on: today, reason: reason.trim() || undefined })}
      onCancel={onDone}
    >
      <p>
        {member.name}, {word(roleWords, member.role)}
      </p>
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        autoFocus
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}
