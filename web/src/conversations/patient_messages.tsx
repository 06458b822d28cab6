// Messages between a patient and the team. Opening is not reading: the patient is told when somebody says so, or answers.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act, make } from '../api/ask';
import type { PatientMessage, Thread } from '../api/patient_side';
import { staffQuery } from '../api/queries';
import type { Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { CrisisNumbers } from '../safety/safety_forms';
import { Button } from '../ui/button';
import { dateOf, dueWords, timeOf } from '../ui/dates';
import { Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { waitedWords } from '../ui/waited';
import { When } from '../ui/when';
import { languageWords, roleWords, word } from '../ui/words';
import { refreshMessages, threadsQuery } from './patient_queries';
import './conversation.css';

const idOf = (thread: Thread) => thread.thread_id ?? thread.id ?? '';

export function PatientMessages({
  summary,
  today,
  chosen,
  open,
}: {
  summary: Summary;
  today: string;
  chosen?: string;
  open: (name: string, id?: string) => void;
}) {
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const { can } = useHere();
  const first = useQuery(threadsQuery(patient));
  const [writing, setWriting] = useState(false);
  if (first.isPending) return <Skeleton rows={4} widths={[60]} />;
  if (unreadable(first)) return <ProblemNote error={first.error} onRetry={() => void first.refetch()} />;
  const threads = first.data.items;
  const shown =
    threads.find((one) => idOf(one) === chosen) ??
    threads.find((one) => one.state === 'waiting') ??
    threads[0];
  return (
    <div className="stack">
      {shown && !writing && (
        <OneThread key={idOf(shown)} thread={shown} summary={summary} today={today} open={open} />
      )}
      {threads.length === 0 && !writing && (
        <Empty title={t`No messages yet.`}>
          <p>
            <Trans>{name} writes from the portal, or you write first.</Trans>
          </p>
        </Empty>
      )}
      {can('patient_inbox.write') &&
        (writing ? (
          <NewThread
            patient={patient}
            name={name}
            onDone={(made) => {
              setWriting(false);
              if (made) open('messages', idOf(made));
            }}
          />
        ) : (
          <div>
            <Button small onPress={() => setWriting(true)}>
              <Trans>Write about something new</Trans>
            </Button>
          </div>
        ))}
      {threads.length > 1 && !writing && (
        <section className="stack-tight">
          <h3>
            <Trans>Other conversations</Trans>
          </h3>
          <ul>
            {threads
              .filter((one) => one !== shown)
              .map((one) => (
                <li key={idOf(one)} className="row-apart">
                  <span>
                    {one.subject}{' '}
                    <span className="small soft">
                      <When date={dateOf(one.last_at)} today={today} />, {stateOf(one)}
                    </span>
                  </span>
                  <Button small look="quiet" onPress={() => open('messages', idOf(one))}>
                    <Trans>Show</Trans>
                  </Button>
                </li>
              ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function stateOf(thread: Thread) {
  if (thread.state === 'waiting')
    return thread.waiting_since ? t`waits ${waitedWords(thread.waiting_since)}` : t`waits`;
  return thread.state === 'closed' ? t`closed` : t`answered`;
}

function OneThread({
  thread,
  summary,
  today,
  open,
}: {
  thread: Thread;
  summary: Summary;
  today: string;
  open: (name: string) => void;
}) {
  const { can } = useHere();
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const path = `/api/v1/patients/${patient}/patient-messages/${idOf(thread)}`;
  const [form, setForm] = useState<'close' | 'assign' | null>(null);
  const unread = thread.messages.some((one) => one.by !== 'staff' && !one.read);
  const read = useSave(
    () => act<Thread>('POST', `${path}/read`),
    async () => {
      say(t`${name} will see that you read it.`);
      await refreshMessages(patient);
    },
  );
  const messages = [...thread.messages].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <section className="stack" aria-labelledby="thread-title">
      <div>
        <h3 id="thread-title">{thread.subject || t`Message`}</h3>
        <p className="small soft">
          {stateOf(thread)}
          {thread.state === 'waiting' && thread.answer_due && (
            <span className={thread.overdue ? 'need-overdue hue strong' : ''}>
              , {t`answer ${dueWords(thread.answer_due, today)}`}
            </span>
          )}
          {', '}
          {thread.addressee ? t`to ${thread.addressee.name}` : t`to the team`}
          {thread.closed_reason && `. ${thread.closed_reason}`}
        </p>
      </div>
      <ol className="talk">
        {messages.map((one) => (
          <Said key={one.id} one={one} name={name} today={today} />
        ))}
      </ol>
      {!!read.error && <ProblemNote error={read.error} focus />}
      {can('patient_inbox.write') && thread.state !== 'closed' && form === null && (
        <Reply path={path} summary={summary} />
      )}
      {can('patient_inbox.write') && form === null && (
        <div className="row">
          {unread && (
            <Button small isPending={read.saving} onPress={() => read.save(undefined)}>
              <Trans>Only say that I read it</Trans>
            </Button>
          )}
          {thread.state === 'waiting' && (
            <Button small onPress={() => setForm('close')}>
              <Trans>No answer needed</Trans>
            </Button>
          )}
          {thread.state !== 'closed' && (
            <Button small onPress={() => setForm('assign')}>
              <Trans>Give it on</Trans>
            </Button>
          )}
          {can('safety.write') && (
            <Button small look="quiet" onPress={() => open('concern')}>
              <Trans>Raise a safety concern</Trans>
            </Button>
          )}
        </div>
      )}
      {form === 'close' && (
        <Close thread={thread} path={path} patient={patient} name={name} onDone={() => setForm(null)} />
      )}
      {form === 'assign' && (
        <Assign thread={thread} path={path} patient={patient} onDone={() => setForm(null)} />
      )}
    </section>
  );
}

function Said({ one, name, today }: { one: PatientMessage; name: string; today: string }) {
  const { zone } = useHere();
  const staff = one.by === 'staff';
  return (
    <li className={staff || one.read ? 'talk-message' : 'talk-message talk-unread'}>
      <p className="small">
        <span className="strong">
          {one.author_name || one.author?.name || (one.by === 'patient' ? name : t`A trusted person`)}
        </span>{' '}
        <span className="soft">
          {staff
            ? one.role && `${word(roleWords, one.role)}, `
            : one.by === 'trusted_person' && `${t`trusted person, for ${name}`}, `}
          <When date={dateOf(one.at, zone())} today={today} /> {timeOf(one.at, zone())}
        </span>
        {!staff && !one.read && <span className="need-review_due hue strong"> {t`new`}</span>}
      </p>
      <p className="talk-words">{one.text}</p>
      {one.read && (
        <p className="small soft">
          {staff ? (
            <Trans>
              Read by {name}, <When date={dateOf(one.read.at, zone())} today={today} />
            </Trans>
          ) : (
            <Trans>
              Read by {one.read.by?.name ?? word(roleWords, one.read.role)},{' '}
              <When date={dateOf(one.read.at, zone())} today={today} />
            </Trans>
          )}
        </p>
      )}
    </li>
  );
}

function Reply({ path, summary }: { path: string; summary: Summary }) {
  const [text, setText] = useState('');
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const { language } = summary.patient;
  const send = useSave(
    (body: { text: string }) => make<Thread>(`${path}/replies`, body),
    async () => {
      setText('');
      say(t`Sent. ${name} is told that an answer waits, without its words.`);
      await refreshMessages(patient);
    },
  );
  return (
    <ShortForm
      state={send}
      action={<Trans>Send the answer</Trans>}
      disabled={!text.trim()}
      onSubmit={() => send.save({ text: text.trim() })}
    >
      <TextArea
        label={t`Answer`}
        hint={
          language && language !== 'en'
            ? t`${name} reads ${word(languageWords, language)}. Nothing is translated by itself.`
            : undefined
        }
        value={text}
        onChange={setText}
        rows={4}
        required
        error={issueFor(send.error, 'text')}
      />
    </ShortForm>
  );
}

function Moved() {
  return (
    <p className="note" role="alert">
      <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
    </p>
  );
}

function Close({
  thread,
  path,
  patient,
  name,
  onDone,
}: {
  thread: Thread;
  path: string;
  patient: string;
  name: string;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const [version] = useState(thread.version);
  const close = useSave(
    (at: number) => act<Thread>('POST', `${path}/close`, { reason: reason.trim() }, at),
    async () => {
      say(t`Closed. ${name} sees that, and not the reason.`);
      await refreshMessages(patient);
      onDone();
    },
  );
  const theirs = close.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={close}
      action={<Trans>Close it</Trans>}
      disabled={!reason.trim()}
      onSubmit={() => close.save(theirs ?? version)}
      onCancel={onDone}
    >
      {theirs !== undefined && <Moved />}
      <CrisisNumbers />
      <TextField
        label={t`Why no answer is needed`}
        hint={t`“Called back today”, “a thank-you”. Only the team reads it.`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(close.error, 'reason')}
      />
    </ShortForm>
  );
}

function Assign({
  thread,
  path,
  patient,
  onDone,
}: {
  thread: Thread;
  path: string;
  patient: string;
  onDone: () => void;
}) {
  const { can, session } = useHere();
  const staff = useQuery({ ...staffQuery(), enabled: can('staff.read') });
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const [version] = useState(thread.version);
  const give = useSave(
    (at: number) =>
      act<Thread>('POST', `${path}/assign`, { to_user_id: to, reason: reason.trim() || undefined }, at),
    async () => {
      say(t`Given on. They get a notice.`);
      await refreshMessages(patient);
      onDone();
    },
  );
  const theirs = give.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={give}
      action={<Trans>Give it on</Trans>}
      disabled={!to}
      onSubmit={() => give.save(theirs ?? version)}
      onCancel={onDone}
    >
      {theirs !== undefined && <Moved />}
      <Select
        label={t`To`}
        value={to}
        onChange={setTo}
        blank={t`Choose`}
        options={(staff.data?.items ?? [])
          .filter(
            (one) =>
              one.id !== session.user.id &&
              one.roles?.some(
                (held) =>
                  (!thread.site_id || held.site_id === thread.site_id) &&
                  [
                    'care_manager',
                    'psychiatric_consultant',
                    'pcp',
                    'bh_specialist',
                    'community_worker',
                  ].includes(held.role),
              ),
          )
          .map((one) => ({ value: one.id, label: one.display_name }))}
        error={issueFor(give.error, 'to_user_id')}
      />
      <TextField label={t`Because`} value={reason} onChange={setReason} />
    </ShortForm>
  );
}

function NewThread({
  patient,
  name,
  onDone,
}: {
  patient: string;
  name: string;
  onDone: (made?: Thread) => void;
}) {
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  const send = useSave(
    (body: { subject: string; text: string }) =>
      make<Thread>(`/api/v1/patients/${patient}/patient-messages`, body),
    async (made) => {
      say(t`Sent. ${name} is told that a message waits, without its words.`);
      await refreshMessages(patient);
      onDone(made);
    },
  );
  return (
    <ShortForm
      state={send}
      action={<Trans>Send</Trans>}
      disabled={!subject.trim() || !text.trim()}
      onSubmit={() => send.save({ subject: subject.trim(), text: text.trim() })}
      onCancel={() => onDone()}
    >
      <TextField
        label={t`About`}
        value={subject}
        onChange={setSubject}
        required
        autoFocus
        error={issueFor(send.error, 'subject')}
      />
      <TextArea
        label={t`Message`}
        value={text}
        onChange={setText}
        rows={4}
        required
        error={issueFor(send.error, 'text')}
      />
    </ShortForm>
  );
}
