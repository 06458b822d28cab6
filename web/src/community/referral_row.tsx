// One referral to a service outside, and the next thing that can be said about it.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { act } from '../api/ask';
import type { CommunityReferral } from '../api/patient_side';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dueWords } from '../ui/dates';
import { DateField, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { MenuButton } from '../ui/menu';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, word } from '../ui/words';
import { refreshCommunity } from './queries';
import { confirmers, needWords, outcomeOf, referralState } from './words';
import './community.css';

type Act = 'accept' | 'decline' | 'seen' | 'close' | 'reopen' | 'withdraw_consent';

export function ReferralRow({
  one,
  patient,
  today,
  named,
}: {
  one: CommunityReferral;
  patient: string;
  today: string;
  /** show whose it is */
  named?: boolean;
}) {
  const { can, session } = useHere();
  const [form, setForm] = useState<Act | null>(null);
  const path = `/api/v1/patients/${patient}/community-referrals/${one.id}/acts`;
  const done = async () => {
    setForm(null);
    await refreshCommunity(patient);
  };
  const quick = useSave(
    (body: { act: string; owner_id?: string }) => act('POST', path, body, one.version),
    done,
  );
  const open = ['sent', 'accepted', 'seen'].includes(one.state);
  const late = one.overdue_days > 0 && ['sent', 'accepted'].includes(one.state);
  const acts = [
    one.state === 'sent' && { id: 'accept', label: t`They accepted` },
    ['sent', 'accepted'].includes(one.state) && { id: 'decline', label: t`They declined` },
    open && { id: 'close', label: t`Close it` },
    open &&
      one.consent &&
      !one.consent.withdrawn_on && { id: 'withdraw_consent', label: t`The patient takes consent back` },
    open && one.owner?.id !== session.user.id && { id: 'own', label: t`I take it` },
    ['declined', 'closed'].includes(one.state) && { id: 'reopen', label: t`Take it up again` },
  ].filter((entry): entry is { id: string; label: string } => !!entry);
  return (
    <li className="referral-row" data-community={one.id}>
      <div className="row-apart">
        <div>
          <p>
            {named && one.patient ? (
              <>
                <Link
                  to="/patients/$patient"
                  params={{ patient }}
                  search={{ do: 'community' }}
                  className="strong"
                >
                  {one.patient.family_name}, {one.patient.given_name}
                </Link>{' '}
              </>
            ) : (
              <span className="strong">{word(needWords, one.need.kind)} </span>
            )}
            {named && <>{word(needWords, one.need.kind)}, </>}
            {one.service.name}
            {one.service.phone && (
              <>
                {' '}
                <a className="soft" href={`tel:${one.service.phone}`}>
                  {one.service.phone}
                </a>
              </>
            )}
          </p>
          <p className="soft">
            {referralState(one, today)}
            {late && (
              <span className="need-overdue hue strong">
                , {plural(one.overdue_days, { one: '# day too long', other: '# days too long' })}
              </span>
            )}
            {!late &&
              one.due_on &&
              ['sent', 'accepted'].includes(one.state) &&
              `, ${t`ask ${dueWords(one.due_on ?? today, today)}`}`}
          </p>
          <p className="small soft">
            <Trans>
              sent <When date={one.sent_on} today={today} />
            </Trans>
            {one.owner && `, ${one.owner.name}`}
            {one.consent?.withdrawn_on && `, ${t`consent taken back`}`}
            {one.note && `. ${one.note}`}
          </p>
        </div>
        {can('community.write') && (
          <div className="row">
            {['sent', 'accepted'].includes(one.state) && (
              <Button small onPress={() => setForm('seen')}>
                <Trans>Confirm seen</Trans>
              </Button>
            )}
            {acts.length > 0 && (
              <MenuButton
                look="plain"
                name={one.service.name}
                label={t`More`}
                entries={acts}
                onAct={(id) =>
                  id === 'accept' || id === 'own'
                    ? quick.save({ act: id, owner_id: id === 'own' ? session.user.id : undefined })
                    : setForm(id as Act)
                }
              />
            )}
          </div>
        )}
      </div>
      {(!!quick.error || quick.theirs) && (
        <ProblemNote error={quick.error ?? t`Somebody else changed this meanwhile.`} />
      )}
      {form && (
        <ActForm
          key={form}
          what={form}
          one={one}
          path={path}
          today={today}
          onDone={done}
          onCancel={() => setForm(null)}
        />
      )}
    </li>
  );
}

function ActForm({
  what,
  one,
  path,
  today,
  onDone,
  onCancel,
}: {
  what: Act;
  one: CommunityReferral;
  path: string;
  today: string;
  onDone: () => Promise<void>;
  onCancel: () => void;
}) {
  const [on, setOn] = useState(today);
  const [by, setBy] = useState('patient');
  const [outcome, setOutcome] = useState('met');
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      act(
        'POST',
        path,
        {
          act: what,
          on: what === 'seen' || what === 'decline' ? on : undefined,
          confirmed_by: what === 'seen' ? by : undefined,
          outcome: what === 'close' ? outcome : undefined,
          reason: reason.trim() || undefined,
        },
        version,
      ),
    async () => {
      say(t`Kept.`);
      await onDone();
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  const why = what === 'decline' || what === 'reopen' || (what === 'close' && outcome !== 'met');
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save(theirs ?? one.version)}
      onCancel={onCancel}
    >
      {theirs !== undefined && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
        </p>
      )}
      {what === 'withdraw_consent' && (
        <p>
          <Trans>Nothing more is shared with the service. Tell them so yourself.</Trans>
        </p>
      )}
      {what === 'seen' && (
        <Choice
          label={t`Who says so`}
          value={by}
          onChange={setBy}
          options={options(confirmers)}
          error={issueFor(save.error, 'confirmed_by')}
        />
      )}
      {what === 'close' && (
        <Choice
          label={t`How it ended`}
          value={outcome}
          onChange={setOutcome}
          options={options(outcomeOf)}
          error={issueFor(save.error, 'outcome')}
        />
      )}
      {(what === 'seen' || what === 'decline') && (
        <DateField
          label={t`On`}
          value={on}
          onChange={setOn}
          max={today}
          required
          error={issueFor(save.error, 'on')}
        />
      )}
      {why && (
        <TextField
          label={t`Because`}
          value={reason}
          onChange={setReason}
          required
          error={issueFor(save.error, 'reason')}
        />
      )}
    </ShortForm>
  );
}
