// The team talks about a patient: apart from the chart note, kept like it. A mention tells somebody.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call, client, create, inBackground } from '../api/client';
import { queryClient } from '../api/queries';
import type { TeamMessage } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { dateOf, timeOf } from '../ui/dates';
import { Check, TextArea } from '../ui/field';
import { MenuButton } from '../ui/menu';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { roleWords, word } from '../ui/words';
import { conversationQuery, peopleQuery } from './queries';
import './conversation.css';

const refresh = (patient: string) =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['patient', patient, 'conversation'] }),
    queryClient.invalidateQueries({ queryKey: ['patient', patient], exact: true }),
    queryClient.invalidateQueries({ queryKey: ['conversations'] }),
  ]);

export function Conversation({ patient, today }: { patient: string; today: string }) {
  const { can } = useHere();
  const first = useQuery({ ...conversationQuery(patient), enabled: can('conversations.read') });
  const [older, setOlder] = useState<string[]>([]);
  const unread = first.data?.unread ?? 0;
  const marked = useRef('');
  const newest = first.data?.items[0]?.id ?? '';
  useEffect(() => {
    // Reading is what opening it means: told once for each newest message.
    if (!unread || !newest || marked.current === newest) return;
    marked.current = newest;
    void call(
      client.POST('/api/v1/patients/{patient_id}/conversation/read', {
        params: { path: { patient_id: patient } },
        body: { until: newest },
      }),
    )
      .then(() => inBackground(() => void queryClient.invalidateQueries({ queryKey: ['conversations'] })))
      .catch(() => undefined);
  }, [unread, newest, patient]);
  if (first.isPending) return <Skeleton rows={4} widths={[60]} />;
  if (unreadable(first)) return <ProblemNote error={first.error} onRetry={() => void first.refetch()} />;
  return (
    <div className="stack">
      {can('conversations.write') && <Compose patient={patient} />}
      {first.data.items.length === 0 && (
        <Empty title={t`Nobody has written yet.`}>
          <p>
            <Trans>What belongs into the chart goes into a note. Both are kept.</Trans>
          </p>
        </Empty>
      )}
      <ol className="talk">
        {first.data.items.map((message) => (
          <Message
            key={message.id}
            message={message}
            patient={patient}
            today={today}
            all={first.data.items}
          />
        ))}
        {older.map((after) => (
          <Older
            key={after}
            patient={patient}
            after={after}
            today={today}
            onMore={(next) => setOlder([...older, next])}
            last={after === older.at(-1)}
          />
        ))}
      </ol>
      {first.data.next && older.length === 0 && (
        <div>
          <Button small onPress={() => setOlder([first.data.next!])}>
            <Trans>Show earlier</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

function Older({
  patient,
  after,
  today,
  last,
  onMore,
}: {
  patient: string;
  after: string;
  today: string;
  last: boolean;
  onMore: (next: string) => void;
}) {
  const page = useQuery(conversationQuery(patient, after));
  if (!page.data)
    return unreadable(page) ? <ProblemNote error={page.error} /> : <Skeleton rows={3} widths={[60]} />;
  return (
    <>
      {page.data.items.map((message) => (
        <Message key={message.id} message={message} patient={patient} today={today} all={page.data.items} />
      ))}
      {last && page.data.next && (
        <li>
          <Button small onPress={() => onMore(page.data.next!)}>
            <Trans>Show earlier</Trans>
          </Button>
        </li>
      )}
    </>
  );
}

function Compose({ patient }: { patient: string }) {
  const people = useQuery(peopleQuery(patient));
  const { session, hasRole } = useHere();
  const [text, setText] = useState('');
  const [mentions, setMentions] = useState<string[]>([]);
  const [counseling, setCounseling] = useState(false);
  const others = (people.data?.items ?? []).filter((one) => one.id !== session.user.id);
  const treats = ['care_manager', 'psychiatric_consultant', 'bh_specialist'].some(hasRole);
  const save = useSave(
    (body: { text: string; mentions?: string[]; label?: string }) =>
      create(`${patient}/conversation`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/conversation', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (message) => {
      setText('');
      setMentions([]);
      setCounseling(false);
      if (message.mentions.length)
        say(t`Written. Told: ${message.mentions.map((one) => one.name).join(', ')}.`);
      await refresh(patient);
    },
  );
  const told = others.filter((one) => mentions.includes(one.id));
  return (
    <form
      className="stack-tight"
      onSubmit={(event) => {
        event.preventDefault();
        save.save({
          text: text.trim(),
          mentions: mentions.length ? mentions : undefined,
          label: counseling ? 'counseling_note' : undefined,
        });
      }}
    >
      {!!save.error && <ProblemNote error={save.error} focus />}
      <TextArea
        label={t`Write to the team`}
        value={text}
        onChange={setText}
        rows={3}
        required
        error={issueFor(save.error, 'text')}
      />
      {treats && (
        <Check
          label={t`Counseling note: only treating clinicians read it`}
          value={counseling}
          onChange={setCounseling}
        />
      )}
      <div className="row">
        <Button look="primary" type="submit" isPending={save.saving} isDisabled={!text.trim()}>
          <Trans>Send</Trans>
        </Button>
        {others.length > 0 && (
          <MenuButton
            look="plain"
            name={t`Mention`}
            label={told.length ? told.map((one) => one.display_name).join(', ') : t`Tell somebody`}
            entries={others.map((one) => ({
              id: one.id,
              text: one.display_name,
              label: (
                <span>
                  {one.display_name}{' '}
                  <span className="soft small">
                    {(one.roles ?? []).map((role) => word(roleWords, role)).join(', ')}
                  </span>
                </span>
              ),
            }))}
            selected={mentions}
            onSelect={setMentions}
          />
        )}
      </div>
    </form>
  );
}

function Message({
  message,
  patient,
  today,
  all,
}: {
  message: TeamMessage;
  patient: string;
  today: string;
  all: TeamMessage[];
}) {
  const { session, zone, can } = useHere();
  const [correcting, setCorrecting] = useState(false);
  const mine = message.author?.id === session.user.id;
  const corrected = message.corrects ? all.find((one) => one.id === message.corrects) : undefined;
  // A message that was corrected stands below its correction, struck through, not twice.
  if (message.replaced_by && all.some((one) => one.id === message.replaced_by)) return null;
  return (
    <li className={message.unread ? 'talk-message talk-unread' : 'talk-message'}>
      <p className="small">
        <span className="strong">{message.author?.name}</span>{' '}
        <span className="soft">
          {word(roleWords, message.role)}, <When date={dateOf(message.at, zone())} today={today} />{' '}
          {timeOf(message.at, zone())}
          {message.labels?.includes('counseling_note') && `, ${t`counseling note`}`}
          {message.replaced_by && `, ${t`corrected since`}`}
        </span>
        {message.unread && <span className="need-review_due hue strong"> {t`new`}</span>}
      </p>
      <p className={message.replaced_by ? 'talk-words gone' : 'talk-words'}>{message.text}</p>
      {message.mentions.length > 0 && (
        <p className="small soft">{t`Told: ${message.mentions.map((one) => one.name).join(', ')}`}</p>
      )}
      {corrected && (
        <details className="small">
          <summary className="soft">
            <Trans>What it said before</Trans>
          </summary>
          <p className="talk-words gone">{corrected.text}</p>
        </details>
      )}
      {mine &&
        !message.replaced_by &&
        can('conversations.write') &&
        (correcting ? (
          <CorrectMessage message={message} patient={patient} onDone={() => setCorrecting(false)} />
        ) : (
          <div>
            <Button small look="quiet" onPress={() => setCorrecting(true)}>
              <Trans>Correct</Trans>
            </Button>
          </div>
        ))}
    </li>
  );
}

function CorrectMessage({
  message,
  patient,
  onDone,
}: {
  message: TeamMessage;
  patient: string;
  onDone: () => void;
}) {
  const [text, setText] = useState(message.text);
  const save = useSave(
    (body: { text: string }) =>
      create(`${message.id}/corrections`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/conversation/{message_id}/corrections', {
          params: { path: { patient_id: patient, message_id: message.id }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Corrected. The first words stay readable.`);
      await refresh(patient);
      onDone();
    },
  );
  return (
    <form
      className="stack-tight"
      onSubmit={(event) => {
        event.preventDefault();
        save.save({ text: text.trim() });
      }}
    >
      {!!save.error && <ProblemNote error={save.error} focus />}
      <TextArea label={t`What it should say`} value={text} onChange={setText} rows={3} required autoFocus />
      <div className="row">
        <Button small look="primary" type="submit" isPending={save.saving}>
          <Trans>Save</Trans>
        </Button>
        <Button small look="quiet" onPress={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}

/** On the patient's page: the last words, and how many are new. */
export function ConversationSide({
  conversation,
  today,
  open,
}: {
  conversation: { unread: number; unread_mentions: number; last?: TeamMessage | null } | null | undefined;
  today: string;
  open: (name: string) => void;
}) {
  const { can, zone } = useHere();
  if (!can('conversations.read') || !conversation) return null;
  const { last, unread } = conversation;
  return (
    <section>
      <div className="row-apart">
        <h2>
          <Trans>Team conversation</Trans>
        </h2>
        <Button small look="quiet" onPress={() => open('conversation')}>
          {last ? <Trans>Show</Trans> : <Trans>Write to the team</Trans>}
        </Button>
      </div>
      {unread > 0 && (
        <p className="small need-review_due hue strong">
          {plural(unread, { one: '# new message', other: '# new messages' })}
          {conversation.unread_mentions > 0 && `, ${t`you were mentioned`}`}
        </p>
      )}
      {last ? (
        <>
          <p className="side-said talk-words">{last.text}</p>
          <p className="small soft">
            {last.author?.name}, <When date={dateOf(last.at, zone())} today={today} />{' '}
            {timeOf(last.at, zone())}
          </p>
        </>
      ) : (
        <p className="soft">
          <Trans>Nobody has written yet.</Trans>
        </p>
      )}
    </section>
  );
}
