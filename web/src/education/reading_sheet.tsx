// Something to read for the patient: what was given and whether it was read, what fits now, and the whole library.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Fragment, useDeferredValue, useState } from 'react';
import { act, make, read } from '../api/ask';
import { queryClient } from '../api/queries';
import type { Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, TextButton } from '../ui/button';
import { dateOf } from '../ui/dates';
import { Check, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { languageWords, options, type Words as WordsOf, word } from '../ui/words';
import type { Assigned, Block, Card, Library, PatientReading, Piece, Span } from './rows';
import '../messaging/messaging.css';
import './education.css';

const whyWords: WordsOf = {
  pathway: msg`fits the pathway`,
  new: msg`at the beginning`,
  medication: msg`fits the medicine`,
  therapy: msg`fits the therapy`,
  goal: msg`fits a goal`,
  staying_well: msg`for staying well`,
};

export const patientReadingQuery = (patient: string, language: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'education', language],
    queryFn: () => read<PatientReading>(`/api/v1/patients/${patient}/education`, { language }),
  });
export const libraryQuery = (language: string, q: string, topic: string) =>
  queryOptions({
    queryKey: ['education', language, q, topic],
    queryFn: () => read<Library>('/api/v1/education', { language, q, topic }),
    staleTime: 10 * 60_000,
  });
export const pieceQuery = (piece: string, language: string) =>
  queryOptions({
    queryKey: ['education', 'piece', piece, language],
    queryFn: () => read<Piece>(`/api/v1/education/${piece}`, { language }),
    staleTime: 10 * 60_000,
  });
const refresh = (patient: string) => queryClient.invalidateQueries({ queryKey: ['patient', patient] });

export function ReadingSheet({ summary, today }: { summary: Summary; today: string }) {
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  const { can, session } = useHere();
  const [giving, setGiving] = useState<Card | null>(null);
  const state = useQuery(patientReadingQuery(patient, session.user.language));
  if (giving)
    return (
      <Give
        card={giving}
        patient={patient}
        name={name}
        language={summary.patient.language === 'es' ? 'es' : 'en'}
        onDone={() => setGiving(null)}
      />
    );
  if (state.isPending) return <Skeleton rows={5} widths={[60]} />;
  if (unreadable(state)) return <ProblemNote error={state.error} onRetry={() => void state.refetch()} />;
  const { assigned, suggested, read: found } = state.data;
  const given = new Set(assigned.filter((one) => !one.withdrawn_at).map((one) => one.piece.id));
  const own = found.filter((one) => !given.has(one.piece.id));
  return (
    <div className="stack">
      <section className="stack-tight" aria-labelledby="given">
        <h3 id="given">
          <Trans>Given to {name}</Trans>
        </h3>
        {assigned.length === 0 && (
          <p className="soft">
            <Trans>Nothing yet.</Trans>
          </p>
        )}
        <ul>
          {assigned.map((one) => (
            <Row key={one.id} one={one} patient={patient} name={name} today={today} />
          ))}
        </ul>
        {own.length > 0 && (
          <p className="small soft">
            {t`${name} also read: ${own.map((one) => one.piece.title).join(', ')}`}
          </p>
        )}
      </section>
      {can('education.assign') && (
        <>
          {suggested.length > 0 && (
            <section className="stack-tight" aria-labelledby="fits">
              <h3 id="fits">
                <Trans>Fits now</Trans>
              </h3>
              <ul>
                {suggested.map((one) => (
                  <CardRow
                    key={one.piece.id}
                    card={one.piece}
                    note={word(whyWords, one.why)}
                    onGive={() => setGiving(one.piece)}
                  />
                ))}
              </ul>
            </section>
          )}
          <Shelf given={given} onGive={setGiving} />
        </>
      )}
    </div>
  );
}

function Row({ one, patient, name, today }: { one: Assigned; patient: string; name: string; today: string }) {
  const { can, zone } = useHere();
  const withdraw = useSave(
    () => act<Assigned>('POST', `/api/v1/patients/${patient}/education/${one.id}/withdraw`, {}, one.version),
    async () => {
      say(t`Taken back.`);
      await refresh(patient);
    },
  );
  const day = (instant: string) => <When date={dateOf(instant, zone())} today={today} />;
  return (
    <li className="plain-line row-apart">
      <div>
        <p className={one.withdrawn_at ? 'gone' : ''}>{one.piece.title}</p>
        <p className="small soft">
          {one.withdrawn_at ? (
            <Trans>taken back</Trans>
          ) : one.finished_at ? (
            <Trans>read {day(one.finished_at)}</Trans>
          ) : one.opened_at ? (
            <Trans>opened {day(one.opened_at)}, not finished</Trans>
          ) : (
            <Trans>not opened yet</Trans>
          )}
          {', '}
          <Trans>
            given <When date={one.assigned_date} today={today} /> by {one.assigned_by?.name}
          </Trans>
          {one.other_language && (
            <span className="need-overdue hue">
              , {t`in ${word(languageWords, one.language)}, not ${name}’s language`}
            </span>
          )}
          {one.confidential && `, ${t`hidden from trusted persons`}`}
        </p>
        {one.note && <p className="small">“{one.note}”</p>}
        {(!!withdraw.error || withdraw.theirs) && (
          <ProblemNote error={withdraw.error ?? t`Somebody else changed this meanwhile.`} />
        )}
      </div>
      {!one.withdrawn_at && !one.finished_at && can('education.assign') && (
        <Button
          small
          look="quiet"
          isPending={withdraw.saving}
          onPress={() => withdraw.save(undefined)}
          aria-label={t`Take back: ${one.piece.title}`}
        >
          <Trans>Take back</Trans>
        </Button>
      )}
    </li>
  );
}

function CardRow({ card, note, onGive }: { card: Card; note?: string; onGive?: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="plain-line stack-tight">
      <div className="row-apart">
        <div>
          <TextButton onPress={() => setOpen(!open)} aria-expanded={open}>
            {card.title}
          </TextButton>
          <p className="small soft">
            {[
              note,
              t`${card.minutes} min to read`,
              card.languages.map((one) => word(languageWords, one)).join(', '),
              !card.is_reviewed && t`awaiting clinical review`,
            ]
              .filter(Boolean)
              .join(', ')}
          </p>
        </div>
        {onGive && (
          <Button small onPress={onGive} aria-label={t`Give: ${card.title}`}>
            <Trans>Give</Trans>
          </Button>
        )}
      </div>
      {open && <PieceText id={card.id} language={card.language} />}
    </li>
  );
}

function Words({ spans }: { spans: Span[] }) {
  return spans.map((span, n) => {
    const words = span.strong ? <strong>{span.text}</strong> : span.em ? <em>{span.text}</em> : span.text;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes while it is shown
      <Fragment key={n}>
        {span.link ? (
          <a href={span.link} rel="noreferrer">
            {words}
          </a>
        ) : (
          words
        )}
      </Fragment>
    );
  });
}

function PieceText({ id, language }: { id: string; language: string }) {
  const piece = useQuery(pieceQuery(id, language));
  if (piece.isPending) return <Skeleton rows={3} widths={[80]} />;
  if (unreadable(piece)) return <ProblemNote error={piece.error} onRetry={() => void piece.refetch()} />;
  return (
    <div className="piece" lang={piece.data.language}>
      {piece.data.blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes while it is shown
        <BlockShown key={index} block={block} />
      ))}
    </div>
  );
}

function BlockShown({ block }: { block: Block }) {
  if (block.kind === 'heading')
    return (
      <h4>
        <Words spans={block.spans ?? []} />
      </h4>
    );
  if (block.kind === 'paragraph')
    return (
      <p>
        <Words spans={block.spans ?? []} />
      </p>
    );
  const items = (block.items ?? []).map((item, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes while it is shown
    <li key={n}>
      <Words spans={item} />
    </li>
  ));
  return block.kind === 'numbers' ? (
    <ol className="piece-list">{items}</ol>
  ) : (
    <ul className="piece-list">{items}</ul>
  );
}

function Shelf({ given, onGive }: { given: Set<string>; onGive: (card: Card) => void }) {
  const { session } = useHere();
  const [q, setQ] = useState('');
  const [topic, setTopic] = useState('');
  const searched = useDeferredValue(q.trim());
  const asked = searched.length >= 2 || !!topic;
  const list = useQuery(libraryQuery(session.user.language, asked ? searched : '', topic));
  const items = (list.data?.items ?? []).filter((card) => !given.has(card.id));
  return (
    <section className="stack-tight" aria-labelledby="shelf">
      <h3 id="shelf">
        <Trans>The library</Trans>
      </h3>
      <div className="pair">
        <TextField label={t`Find`} type="search" value={q} onChange={setQ} />
        <Select
          label={t`Topic`}
          value={topic}
          onChange={setTopic}
          blank={t`All`}
          options={(list.data?.topics ?? []).map((one) => ({ value: one.id, label: one.title }))}
        />
      </div>
      {list.isPending && <Skeleton rows={4} widths={[50]} />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && (
        <p className="soft">
          <Trans>Nothing fits these words.</Trans>
        </p>
      )}
      <ul>
        {(asked ? items : items.slice(0, 8)).map((card) => (
          <CardRow key={card.id} card={card} onGive={() => onGive(card)} />
        ))}
      </ul>
      {!asked && items.length > 8 && (
        <p className="soft small">{t`${items.length - 8} more: search, or choose a topic.`}</p>
      )}
    </section>
  );
}

function Give({
  card,
  patient,
  name,
  language,
  onDone,
}: {
  card: Card;
  patient: string;
  name: string;
  language: string;
  onDone: () => void;
}) {
  const [chosen, setChosen] = useState(
    card.languages.includes(language) ? language : (card.languages[0] ?? 'en'),
  );
  const [note, setNote] = useState('');
  const [hidden, setHidden] = useState(false);
  const [tell, setTell] = useState(true);
  const save = useSave(
    (body: unknown) => make<Assigned>(`/api/v1/patients/${patient}/education`, body),
    async () => {
      say(t`Given. It stands in ${name}’s portal.`);
      await refresh(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Give it to {name}</Trans>}
      onSubmit={() =>
        save.save({
          piece: card.id,
          language: chosen,
          note: note.trim() || undefined,
          confidential: hidden,
          tell,
        })
      }
      onCancel={onDone}
    >
      <div>
        <h3>{card.title}</h3>
        <p className="soft small">{t`${card.minutes} min to read`}</p>
      </div>
      <details>
        <summary>
          <Trans>What it says</Trans>
        </summary>
        <PieceText id={card.id} language={chosen} />
      </details>
      <Select
        label={t`Language`}
        value={chosen}
        onChange={setChosen}
        options={options(languageWords, card.languages)}
        error={issueFor(save.error, 'language')}
      />
      <TextField
        label={t`A word with it`}
        hint={t`${name} reads this above the piece.`}
        value={note}
        onChange={setNote}
        error={issueFor(save.error, 'note')}
      />
      <Check label={t`Tell ${name} that something waits`} value={tell} onChange={setTell} />
      <Check label={t`Hide it from trusted persons`} value={hidden} onChange={setHidden} />
    </ShortForm>
  );
}
