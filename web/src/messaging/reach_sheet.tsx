// How this patient is reached: what they want, what they stopped, when reminders come, and what became of each message.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act } from '../api/ask';
import type { ContactPreferences, Reminders } from '../api/patient_side';
import { queryClient } from '../api/queries';
import type { Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Choice } from '../ui/choice';
import { dateOf, timeOf } from '../ui/dates';
import { Check, DateField, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { instrumentName, languageWords, word } from '../ui/words';
import { contactPreferencesQuery, reachQuery, remindersQuery } from './queries';
import { actWordsOf, cannotReach, deliveryWords, failed, kindOf, reachWords } from './words';
import './messaging.css';

const refresh = (patient: string) => queryClient.invalidateQueries({ queryKey: ['patient', patient] });

export function ReachSheet({ summary, today }: { summary: Summary; today: string }) {
  const patient = summary.patient.id;
  const { can } = useHere();
  const wishes = useQuery(contactPreferencesQuery(patient));
  const reminders = useQuery({ ...remindersQuery(patient), enabled: can('reminders.read') });
  const name = summary.patient.given_name;
  return (
    <div className="stack reach">
      <section className="stack-tight" aria-labelledby="reach-wishes">
        <h3 id="reach-wishes">
          <Trans>Messages to {name}</Trans>
        </h3>
        {wishes.isPending && <Skeleton rows={3} widths={[50]} />}
        {unreadable(wishes) && <ProblemNote error={wishes.error} onRetry={() => void wishes.refetch()} />}
        {wishes.data && (
          <Wishes key={wishes.data.version} summary={summary} now={wishes.data} today={today} />
        )}
      </section>
      {can('reminders.read') && (
        <section className="stack-tight" aria-labelledby="reach-reminders">
          <h3 id="reach-reminders">
            <Trans>Reminders</Trans>
          </h3>
          {reminders.isPending && <Skeleton rows={2} widths={[50]} />}
          {unreadable(reminders) && (
            <ProblemNote error={reminders.error} onRetry={() => void reminders.refetch()} />
          )}
          {reminders.data && (
            <RemindersForm
              key={reminders.data.version}
              patient={patient}
              now={reminders.data}
              today={today}
            />
          )}
        </section>
      )}
      <Out patient={patient} name={name} today={today} />
    </div>
  );
}

function TheirsNote() {
  return (
    <p className="note" role="alert">
      <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>{' '}
      <Trans>Save again to put yours on top.</Trans>
    </p>
  );
}

function Wishes({ summary, now, today }: { summary: Summary; now: ContactPreferences; today: string }) {
  const { can, zone } = useHere();
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const [channel, setChannel] = useState(now.channel ?? 'any');
  const [language, setLanguage] = useState(now.language ?? 'record');
  const [own, setOwn] = useState(!!now.quiet_from);
  const [from, setFrom] = useState(now.quiet_from ?? now.effective.quiet_from);
  const [until, setUntil] = useState(now.quiet_until ?? now.effective.quiet_until);
  const [tell, setTell] = useState(now.tell_when_read);
  const [mailStopped, setMailStopped] = useState(now.mail_stopped);
  const [smsStopped, setSmsStopped] = useState(now.sms_stopped);
  const save = useSave(
    (version: number) =>
      act<ContactPreferences>(
        'PUT',
        `/api/v1/patients/${patient}/contact-preferences`,
        {
          channel: channel === 'any' ? null : channel,
          language: language === 'record' ? null : language,
          quiet_from: own ? from : null,
          quiet_until: own ? until : null,
          tell_when_read: tell,
          mail_stopped: mailStopped,
          sms_stopped: smsStopped,
        },
        version,
      ),
    async () => {
      say(t`Kept.`);
      await refresh(patient);
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  const state = now.effective.channel
    ? reachWords({ channel: now.effective.channel, why_not: '' }, name)
    : cannotReach(now.why_not, name);
  const byReply = now.sms_stopped_by_reply_at;
  const facts = (
    <>
      <p className={now.effective.channel ? '' : 'note'}>{state}</p>
      {byReply && (
        <p className="note">
          <Trans>
            The phone answered STOP on <When date={dateOf(byReply, zone())} today={today} />. Only START from
            that phone ends it; nobody here can.
          </Trans>
        </p>
      )}
      {(now.addresses.mail === 'failing' || now.addresses.sms === 'failing') && (
        <p className="note">
          {now.addresses.mail === 'failing'
            ? t`Mail to ${name} comes back. Ask for the right address.`
            : t`Text messages to ${name} do not arrive. Ask for the right number.`}
        </p>
      )}
      <p className="soft small">
        {now.effective.quiet_from === now.effective.quiet_until
          ? t`${word(languageWords, now.effective.language)}, no quiet hours.`
          : t`${word(languageWords, now.effective.language)}, quiet from ${now.effective.quiet_from} to ${now.effective.quiet_until}.`}{' '}
        <Trans>No message says why somebody is in care.</Trans>
      </p>
    </>
  );
  if (!can('patient_contact.write')) return facts;
  return (
    <>
      {facts}
      <details>
        <summary>
          <Trans>Change what {name} wants</Trans>
        </summary>
        <div className="fold">
          <ShortForm
            state={save}
            action={<Trans>Save</Trans>}
            onSubmit={() => save.save(theirs ?? now.version)}
          >
            {theirs !== undefined && <TheirsNote />}
            <Choice
              label={t`How`}
              value={channel}
              onChange={(value) => setChannel(value as 'mail')}
              options={[
                { value: 'any', label: t`Whatever works` },
                { value: 'mail', label: t`Mail` },
                { value: 'sms', label: t`Text message` },
                { value: 'none', label: t`No messages` },
              ]}
              error={issueFor(save.error, 'channel')}
            />
            <Choice
              label={t`Language`}
              value={language}
              onChange={(value) => setLanguage(value as 'en')}
              options={[
                { value: 'record', label: t`As in the record` },
                { value: 'en', label: word(languageWords, 'en') },
                { value: 'es', label: word(languageWords, 'es') },
              ]}
              error={issueFor(save.error, 'language')}
            />
            <Check label={t`Own quiet hours`} value={own} onChange={setOwn} />
            {own && (
              <div className="pair">
                <TimeField
                  label={t`From`}
                  value={from}
                  onChange={setFrom}
                  error={issueFor(save.error, 'quiet_from')}
                />
                <TimeField
                  label={t`Until`}
                  value={until}
                  onChange={setUntil}
                  error={issueFor(save.error, 'quiet_until')}
                />
              </div>
            )}
            <Check
              label={t`Tell ${name} when somebody has read the answers`}
              value={tell}
              onChange={setTell}
            />
            <Check label={t`${name} stopped the mail`} value={mailStopped} onChange={setMailStopped} />
            <Check label={t`${name} stopped the text messages`} value={smsStopped} onChange={setSmsStopped} />
          </ShortForm>
        </div>
      </details>
    </>
  );
}

export function TimeField({
  label,
  value,
  onChange,
  error,
  required,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string;
  required?: boolean;
}) {
  return (
    <TextField
      label={label}
      type="time"
      value={value}
      onChange={onChange}
      error={error}
      required={required}
    />
  );
}

function RemindersForm({ patient, now, today }: { patient: string; now: Reminders; today: string }) {
  const { can } = useHere();
  const [paused, setPaused] = useState(now.paused);
  const [until, setUntil] = useState(now.paused_until ?? '');
  const [reason, setReason] = useState(now.pause_reason);
  const [rhythm, setRhythm] = useState(now.every_days ? 'own' : 'pathway');
  const [days, setDays] = useState(String(now.every_days ?? 14));
  const [weekly, setWeekly] = useState(now.weekly_agreed);
  const [visits, setVisits] = useState(now.visits);
  const save = useSave(
    (version: number) =>
      act<Reminders>(
        'PUT',
        `/api/v1/patients/${patient}/reminders`,
        {
          paused,
          paused_until: paused && until ? until : null,
          pause_reason: paused ? reason.trim() : '',
          every_days: rhythm === 'own' ? Number(days) : null,
          weekly_agreed: weekly,
          visits,
        },
        version,
      ),
    async () => {
      say(t`Kept.`);
      await refresh(patient);
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <>
      <p className={now.paused ? 'note' : ''}>
        {now.paused ? (
          <>
            <Trans>Paused.</Trans> {now.pause_reason}{' '}
            {now.paused_until && (
              <Trans>
                Until <When date={now.paused_until} today={today} />.
              </Trans>
            )}
          </>
        ) : now.every_days ? (
          t`A check-in every ${now.every_days} days.`
        ) : (
          t`Check-ins when the pathway asks for them.`
        )}
        {!now.paused && now.weekly_agreed && ` ${t`And one question a week.`}`}
      </p>
      {now.next.length > 0 && (
        <p className="soft small">
          <Trans>Next:</Trans>{' '}
          {now.next.map((one, index) => (
            <span key={one.act + one.due}>
              {index > 0 && '; '}
              {word(actWordsOf, one.act)}
              {one.instruments.length > 0 && ` (${one.instruments.map(instrumentName).join(', ')})`},{' '}
              <When date={one.due} today={today} />
            </span>
          ))}
        </p>
      )}
      {can('reminders.write') && (
        <details>
          <summary>
            <Trans>Change or pause</Trans>
          </summary>
          <div className="fold">
            <ShortForm
              state={save}
              action={<Trans>Save</Trans>}
              onSubmit={() => save.save(theirs ?? now.version)}
            >
              {theirs !== undefined && <TheirsNote />}
              <Choice
                label={t`Rhythm`}
                value={rhythm}
                onChange={setRhythm}
                options={[
                  { value: 'pathway', label: t`As the pathway says` },
                  { value: 'own', label: t`An own rhythm` },
                ]}
              />
              {rhythm === 'own' && (
                <TextField
                  label={t`Every how many days`}
                  type="number"
                  inputMode="numeric"
                  short
                  min={7}
                  max={120}
                  value={days}
                  onChange={setDays}
                  required
                  error={issueFor(save.error, 'every_days')}
                />
              )}
              <Check label={t`One question a week, agreed`} value={weekly} onChange={setWeekly} />
              <Check label={t`Remind of visits`} value={visits} onChange={setVisits} />
              <Check label={t`Pause`} value={paused} onChange={setPaused} />
              {paused && (
                <div className="pair">
                  <DateField
                    label={t`Until`}
                    hint={t`Empty: until somebody ends it`}
                    value={until}
                    onChange={setUntil}
                    min={today}
                    error={issueFor(save.error, 'paused_until')}
                  />
                  <TextField
                    label={t`Because`}
                    value={reason}
                    onChange={setReason}
                    required
                    error={issueFor(save.error, 'pause_reason')}
                  />
                </div>
              )}
            </ShortForm>
          </div>
        </details>
      )}
    </>
  );
}

function Out({ patient, name, today }: { patient: string; name: string; today: string }) {
  const { zone } = useHere();
  const out = useQuery(reachQuery(patient));
  return (
    <section className="stack-tight" aria-labelledby="reach-out">
      <h3 id="reach-out">
        <Trans>What went out</Trans>
      </h3>
      {out.isPending && <Skeleton rows={3} widths={[40]} />}
      {unreadable(out) && <ProblemNote error={out.error} onRetry={() => void out.refetch()} />}
      {out.data?.items.length === 0 && <p className="soft">{t`Nothing has been sent to ${name} yet.`}</p>}
      <ul>
        {out.data?.items.map((one) => {
          const at = one.ended_at ?? one.sent_at ?? one.queued_at;
          return (
            <li key={one.id} className="plain-line">
              <span className={failed(one) ? 'need-overdue hue strong' : ''}>{deliveryWords(one)}</span>
              {': '}
              {kindOf(one)}
              <span className="soft small block-words">
                <When date={dateOf(at, zone())} today={today} /> {timeOf(at, zone())},{' '}
                {one.channel === 'mail' ? t`mail` : t`text message`}
                {one.kind === 'portal.trusted_invited' && `, ${t`to a trusted person`}`}
                {one.instead_of && `, ${t`second way, after the first did not work`}`}
                {one.why && `. ${one.why}`}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
