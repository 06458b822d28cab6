/** @jsxImportSource preact */
// Short things to read: what the team picked, what may help, everything by topic and by search.
import { plural, t } from '@lingui/core/macro';
import { useEffect, useState } from 'preact/hooks';
import { useAct } from './act';
import { post } from './api';
import { plainDate } from './dates';
import { useFrame } from './frame';
import { Link } from './router';
import { useHere } from './session';
import { changed, useView } from './store';
import { Button, Done, H2, Page, print, Shown, TextField, Trouble } from './ui';

interface Card {
  id: string;
  title: string;
  topic: string;
  minutes: number;
  language: string;
  is_reviewed: boolean;
}
interface Education {
  items: {
    piece: Card;
    note: string | null;
    assigned_date: string;
    assigned_by: { role: string };
    opened_at: string | null;
    finished_at: string | null;
  }[];
  suggested: { piece: Card; why: string }[];
}
interface Library {
  items: (Card & { finished_at: string | null })[];
  topics: { id: string; title: string }[];
}
interface Span {
  text: string;
  strong?: boolean;
  em?: boolean;
  link?: string | null;
}
interface Block {
  kind: 'heading' | 'paragraph' | 'list' | 'numbers';
  spans?: Span[];
  items?: Span[][];
}
interface Piece extends Card {
  blocks: Block[];
  review_status: string;
  review_date: string | null;
  assigned: { note: string | null; assigned_date: string } | null;
  opened_at: string | null;
  finished_at: string | null;
}

const minutesWords = (minutes: number) => plural(minutes, { one: '# minute', other: '# minutes' });

export default function LearnPage({ id }: { id?: string }) {
  return id ? <OnePiece id={id} /> : <List />;
}

function Line({ card, read, note }: { card: Card; read?: boolean; note?: string | null }) {
  return (
    <li>
      <Link to={`/portal/learn/${card.id}`}>{card.title}</Link>
      <span class="soft block">
        {minutesWords(card.minutes)}
        {read && `. ${t`You have read it.`}`}
      </span>
      {note && (
        <span class="block" dir="auto">
          {note}
        </span>
      )}
    </li>
  );
}

function List() {
  const here = useHere();
  const { level } = useFrame();
  const education = useView<Education>('education');
  return (
    <Page title={t`Read and learn`}>
      <Shown of={education}>
        {(data) => (
          <>
            {data.items.length > 0 && (
              <section>
                <H2>
                  {here.isSelf ? t`Your team picked this for you` : t`The team picked this for ${here.name}`}
                </H2>
                <ul class="rows">
                  {data.items.map((one) => (
                    <Line key={one.piece.id} card={one.piece} note={one.note} read={!!one.finished_at} />
                  ))}
                </ul>
              </section>
            )}
            {data.suggested.length > 0 && (
              <section>
                <H2>{t`This may help too`}</H2>
                <ul class="rows">
                  {data.suggested.map((one) => (
                    <Line key={one.piece.id} card={one.piece} />
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Shown>
      {!level && <Library />}
    </Page>
  );
}

function Library() {
  const [words, setWords] = useState('');
  const [query, setQuery] = useState('');
  const [topic, setTopic] = useState('');
  const search = new URLSearchParams();
  if (query) search.set('q', query);
  if (topic) search.set('topic', topic);
  const asked = search.toString();
  const library = useView<Library>(`education/library${asked ? `?${asked}` : ''}`);
  return (
    <section>
      <H2>{t`Everything to read`}</H2>
      <search>
        <form
          class="stack"
          noValidate
          onSubmit={(event: Event) => {
            event.preventDefault();
            setQuery(words.trim());
          }}
        >
          <TextField
            id="search"
            label={t`Search`}
            type="search"
            value={words}
            onValue={setWords}
            maxLength={100}
          />
          <div>
            <Button type="submit">{t`Search`}</Button>
          </div>
        </form>
      </search>
      <Shown of={library}>
        {(data) => (
          <>
            <div class="field">
              <label class="label" for="topic">
                {t`Topic`}
              </label>
              <select
                id="topic"
                class="input"
                value={topic}
                onChange={(event: Event) => setTopic((event.currentTarget as HTMLSelectElement).value)}
              >
                <option value="">{t`All topics`}</option>
                {data.topics.map((one) => (
                  <option value={one.id} key={one.id}>
                    {one.title}
                  </option>
                ))}
              </select>
            </div>
            <p role="status" class="soft">
              {plural(data.items.length, { one: '# thing to read', other: '# things to read' })}
            </p>
            <ul class="rows">
              {data.items.map((one) => (
                <Line key={one.id} card={one} read={!!one.finished_at} />
              ))}
            </ul>
          </>
        )}
      </Shown>
    </section>
  );
}

function Spans({ spans }: { spans: Span[] }) {
  return (
    <>
      {spans.map((span, index) => {
        const words = span.strong ? <strong>{span.text}</strong> : span.em ? <em>{span.text}</em> : span.text;
        const safe = span.link && /^(https:|tel:|sms:)/.test(span.link);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of a piece never move
          <span key={index}>{safe ? <a href={span.link!}>{words}</a> : words}</span>
        );
      })}
    </>
  );
}
function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <>
      {blocks.map((block, index) => {
        const items = block.items?.map((spans, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of a piece never move
          <li key={at}>
            <Spans spans={spans} />
          </li>
        ));
        const key = `${block.kind}${index}`;
        if (block.kind === 'heading')
          return (
            <H2 key={key}>
              <Spans spans={block.spans ?? []} />
            </H2>
          );
        if (block.kind === 'list')
          return (
            <ul class="points" key={key}>
              {items}
            </ul>
          );
        if (block.kind === 'numbers')
          return (
            <ol class="points" key={key}>
              {items}
            </ol>
          );
        return (
          <p key={key}>
            <Spans spans={block.spans ?? []} />
          </p>
        );
      })}
    </>
  );
}

function OnePiece({ id }: { id: string }) {
  const here = useHere();
  const page = useView<Piece>(`education/piece?id=${encodeURIComponent(id)}`);
  const piece = page.data;
  const act = useAct();
  const [done, setDone] = useState(false);
  const there = piece?.id === id;
  useEffect(() => {
    if (!there) return;
    post(`education/${id}/reading`, { state: 'opened' }).then(
      () => changed('education', 'home'),
      () => undefined,
    );
  }, [id, there]);
  return (
    <Page title={piece?.title ?? t`Read and learn`} back={{ to: '/portal/learn', words: t`Read and learn` }}>
      <Shown of={page}>
        {(data) => (
          <>
            <p class="soft">
              {minutesWords(data.minutes)}
              {!data.is_reviewed && `. ${t`These words still wait for a check by clinicians.`}`}
            </p>
            {data.assigned?.note && (
              <div class="notice">
                <p class="strong">{t`From your team`}</p>
                <p dir="auto">{data.assigned.note}</p>
              </div>
            )}
            <article class="read stack" lang={data.language}>
              <Blocks blocks={data.blocks} />
            </article>
            <Trouble act={act} />
            {done || data.finished_at ? (
              <Done>
                <p>{t`You have read this.`}</p>
              </Done>
            ) : (
              <Button
                look="main"
                busy={act.saving}
                onClick={() =>
                  void act
                    .run(() => post(`education/${id}/reading`, { state: 'finished' }))
                    .then((ok) => {
                      if (!ok) return;
                      setDone(true);
                      changed('education', 'home');
                    })
                }
              >
                {t`I have read this`}
              </Button>
            )}
            <div class="row no-print">
              <Button onClick={print}>{t`Print`}</Button>
              {here.sees('messages') && <Link to="/portal/messages/new">{t`Ask your team about it`}</Link>}
            </div>
            {data.review_date && (
              <p class="soft">{t`To be checked again by ${plainDate(data.review_date)}.`}</p>
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}
