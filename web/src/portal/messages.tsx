/** @jsxImportSource preact */
// Writing with the team: when an answer comes, and who has read it. Not for emergencies.
import { plural, t } from '@lingui/core/macro';
import { useEffect, useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { post } from './api';
import { capital, momentWords } from './dates';
import { useFrame } from './frame';
import { go, Link } from './router';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Message, Messages, Thread, ThreadLine } from './types';
import { Button, H2, LinkButton, Notice, Page, Shown, TextArea, TextField, Trouble, Words } from './ui';

export default function MessagesPage({ id }: { id?: string }) {
  if (id === 'new') return <NewMessage />;
  if (id) return <OneThread id={id} />;
  return <List />;
}

const stateWords = (thread: Pick<ThreadLine, 'state'>) =>
  thread.state === 'waiting'
    ? t`Waiting for an answer`
    : thread.state === 'answered'
      ? t`Answered`
      : t`Closed`;

function Expect({ data }: { data: Messages }) {
  return (
    <Notice>
      <p>{data.expect}</p>
      {data.hours && <p>{data.hours}</p>}
      <p>{data.not_for_emergencies}</p>
    </Notice>
  );
}

function Lines({ items }: { items: ThreadLine[] }) {
  const here = useHere();
  return (
    <>
      {items.map((one) => (
        <li key={one.id}>
          <Link to={`/portal/messages/${one.id}`}>{one.subject || t`Message`}</Link>
          {one.unread > 0 && <strong> {plural(one.unread, { one: '# new', other: '# new' })}</strong>}
          <span class="block" dir="auto">
            {one.last_words}
          </span>
          <span class="soft block">
            {capital(momentWords(one.last_at, here.today, here.zone))}. {stateWords(one)}.
          </span>
        </li>
      ))}
    </>
  );
}
function Later({ after }: { after: string }) {
  const [more, setMore] = useState(false);
  const list = useView<Messages>(`messages?after=${encodeURIComponent(after)}`);
  return (
    <Shown of={list}>
      {(data) => (
        <>
          <Lines items={data.items} />
          {data.next &&
            (more ? (
              <Later after={data.next} />
            ) : (
              <li>
                <Button onClick={() => setMore(true)}>{t`Show older messages`}</Button>
              </li>
            ))}
        </>
      )}
    </Shown>
  );
}

function List() {
  const here = useHere();
  const list = useView<Messages>('messages');
  const [older, setOlder] = useState(false);
  return (
    <Page title={t`Messages`}>
      <Shown of={list}>
        {(data) => (
          <>
            {here.may('messages') && (
              <LinkButton look="main" to="/portal/messages/new">
                {t`Write a message`}
              </LinkButton>
            )}
            <Expect data={data} />
            {data.items.length === 0 && <p>{data.empty ?? t`No messages yet.`}</p>}
            <ul class="rows tall">
              <Lines items={data.items} />
              {data.next && older && <Later after={data.next} />}
            </ul>
            {data.next && !older && <Button onClick={() => setOlder(true)}>{t`Show older messages`}</Button>}
          </>
        )}
      </Shown>
    </Page>
  );
}

function NewMessage() {
  const list = useView<Messages>('messages');
  const [subject, setSubject, forgetSubject] = useDraft('message-subject', '');
  const [text, setText, forgetText] = useDraft('message-text', '');
  const act = useAct({ text: 'text', subject: 'subject' });
  const most = list.data?.most_characters ?? 10_000;
  const send = () => {
    const wrong: Issue[] = [];
    if (!text.trim()) wrong.push({ field: 'text', text: t`Write your message.` });
    else if (text.length > most)
      wrong.push({ field: 'text', text: t`Your message is too long. Please send it in two parts.` });
    void act.run(async () => {
      const thread = await post<Thread>('messages', {
        text: text.trim(),
        ...(subject.trim() && { subject: subject.trim() }),
      });
      forgetSubject();
      forgetText();
      changed('messages', 'home');
      go(`/portal/messages/${thread.id}`, true);
    }, wrong);
  };
  return (
    <Page
      title={t`Write a message`}
      issues={act.issues}
      back={{ to: '/portal/messages', words: t`Messages` }}
    >
      {list.data && <Expect data={list.data} />}
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          send();
        }}
      >
        <Trouble act={act} again={send} />
        <TextField
          id="subject"
          label={t`What is it about?`}
          optional
          issues={act.issues}
          value={subject}
          onValue={setSubject}
          maxLength={120}
        />
        <TextArea
          id="text"
          label={t`Your message`}
          issues={act.issues}
          value={text}
          onValue={setText}
          rows={7}
          maxLength={most}
        />
        <div>
          <Button type="submit" look="main" busy={act.saving}>
            {t`Send`}
          </Button>
        </div>
      </form>
    </Page>
  );
}

function One({ message }: { message: Message }) {
  const here = useHere();
  const mine = message.by === 'you';
  const who =
    message.by === 'you'
      ? here.isSelf
        ? t`You`
        : here.name
      : [message.name, message.role_name].filter(Boolean).join(', ');
  const seen = message.read;
  const when = seen ? momentWords(seen.at, here.today, here.zone) : '';
  const role = seen?.role_name ?? '';
  return (
    <li class={mine ? 'message mine' : 'message'}>
      <p>
        <strong>{who}</strong> <span class="soft">{momentWords(message.at, here.today, here.zone)}</span>
      </p>
      <Words>{message.text}</Words>
      {message.by !== 'team' && <p class="soft">{seen ? t`Read by ${role}: ${when}` : t`Not read yet`}</p>}
    </li>
  );
}

function Earlier({ thread, before }: { thread: string; before: string }) {
  const page = useView<Messages>(`messages?thread=${thread}&before=${encodeURIComponent(before)}`);
  return (
    <Shown of={page}>
      {(data) => (
        <>
          {data.thread?.earlier && <Earlier thread={thread} before={data.thread.earlier} />}
          {data.thread?.messages.map((message) => (
            <One key={message.id} message={message} />
          ))}
        </>
      )}
    </Shown>
  );
}

function OneThread({ id }: { id: string }) {
  const here = useHere();
  const { level } = useFrame();
  const page = useView<Messages>(`messages?thread=${id}`);
  const thread = page.data?.thread;
  const [all, setAll] = useState(false);
  const newest = thread?.messages.at(-1)?.id;
  const fresh = thread?.messages.some((message) => message.by === 'team');
  // Read when it is shown; the team's name of it is "read by the patient".
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for every newer message
  useEffect(() => {
    if (!fresh || level) return;
    post(`messages/${id}/read`).then(
      () => changed('home'),
      () => undefined,
    );
  }, [id, newest, fresh, level]);
  return (
    <Page title={thread?.subject || t`Message`} back={{ to: '/portal/messages', words: t`Messages` }}>
      <Shown of={page}>
        {(data) =>
          data.thread ? (
            <>
              {data.thread.earlier && !all && (
                <Button onClick={() => setAll(true)}>{t`Show what was written before`}</Button>
              )}
              <ol class="messages">
                {data.thread.earlier && all && <Earlier thread={id} before={data.thread.earlier} />}
                {data.thread.messages.map((message) => (
                  <One key={message.id} message={message} />
                ))}
              </ol>
              {data.thread.state === 'closed' ? (
                <Notice>
                  <p>{data.thread.closed_words ?? t`This is closed.`}</p>
                  {here.may('messages') && (
                    <LinkButton to="/portal/messages/new">{t`Write a new message`}</LinkButton>
                  )}
                </Notice>
              ) : (
                here.may('messages') && <Reply thread={data.thread} data={data} />
              )}
            </>
          ) : (
            <p>{t`This is not here any more.`}</p>
          )
        }
      </Shown>
    </Page>
  );
}

function Reply({ thread, data }: { thread: Thread; data: Messages }) {
  const [text, setText, forget] = useDraft(`reply-${thread.id}`, '');
  const act = useAct({ text: 'reply' });
  const send = () => {
    const wrong: Issue[] = [];
    if (!text.trim()) wrong.push({ field: 'reply', text: t`Write your message.` });
    else if (text.length > data.most_characters)
      wrong.push({ field: 'reply', text: t`Your message is too long. Please send it in two parts.` });
    void act.run(async () => {
      await post('messages', { text: text.trim(), thread_id: thread.id });
      forget();
      changed('messages', 'home');
    }, wrong);
  };
  return (
    <form
      class="stack no-print"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        send();
      }}
    >
      <H2>{t`Answer`}</H2>
      <p class="soft">
        {data.expect} {data.not_for_emergencies}
      </p>
      <Trouble act={act} again={send} />
      <TextArea
        id="reply"
        label={t`Your message`}
        issues={act.issues}
        value={text}
        onValue={setText}
        rows={5}
        maxLength={data.most_characters}
      />
      <div>
        <Button type="submit" look="main" busy={act.saving}>
          {t`Send`}
        </Button>
      </div>
    </form>
  );
}
