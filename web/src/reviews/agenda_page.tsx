// The agenda of one session: who, in which order, why, how many minutes. Concord proposes, people decide.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient } from '../api/queries';
import type { Agenda, AgendaItem } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Search } from '../patients/search';
import { Button, LinkButton } from '../ui/button';
import { agoWords, fullDate, weeksWords } from '../ui/dates';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { CheckIcon, ChevronIcon, NeedIcon } from '../ui/icons';
import { MenuButton } from '../ui/menu';
import { Sheet } from '../ui/sheet';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { word } from '../ui/words';
import { inOrder, moved } from './hour';
import { agendaQuery } from './queries';
import { sessionWho } from './reviews_page';
import { SessionForm } from './session_form';
import { needOf, scoreWords, sessionStateWords } from './words';
import './reviews.css';

const route = getRouteApi('/reviews/$session');
const keep = (agenda: Agenda) => queryClient.setQueryData(agendaQuery(agenda.session.id).queryKey, agenda);

export function AgendaPage() {
  const { session } = route.useParams();
  const { can } = useHere();
  const agenda = useQuery({ ...agendaQuery(session), enabled: can('reviews.read') });
  useEffect(() => {
    document.title = `${t`Agenda`} · Concord`;
  }, []);
  if (!can('reviews.read')) return <NoPermission />;
  if (unreadable(agenda)) return <ProblemNote error={agenda.error} onRetry={() => void agenda.refetch()} />;
  if (agenda.isPending) return <Skeleton rows={8} widths={[4, 18, 50, 8]} />;
  return <AgendaList agenda={agenda.data} />;
}

function AgendaList({ agenda }: { agenda: Agenda }) {
  const { can, today: todayAt } = useHere();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { session } = agenda;
  const today = todayAt(session.site_id);
  const may = can('reviews.write') && session.state === 'planned';
  const [said, setSaid] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const go = (change: { do?: string; id?: string }) =>
    void navigate({
      to: '/reviews/$session',
      params: { session: session.id },
      search: change,
      resetScroll: false,
    });

  const order = useSave(
    ({ ids, version }: { ids: string[]; version: number; about?: string }) =>
      call(
        client.PUT('/api/v1/review-sessions/{session_id}/agenda/order', {
          params: { path: { session_id: session.id }, header: ifMatch(version) },
          body: { patient_ids: ids },
        }),
      ),
    (saved) => void keep(saved),
  );
  const { theirs, reset } = order;
  useEffect(() => {
    if (!theirs) return;
    reset();
    say(t`Somebody else changed this agenda. This is how it is now.`);
    void queryClient.invalidateQueries({ queryKey: ['reviews', 'agenda'] });
  }, [theirs, reset]);

  const all = inOrder(agenda);
  const ids = all.map((item) => item.patient.id);
  const move = (item: AgendaItem, step: 1 | -1) => {
    const next = moved(ids, item.patient.id, step);
    if (next === ids || order.saving) return;
    const place = next.indexOf(item.patient.id) + 1;
    setSaid(t`${item.patient.name} is now ${place} of ${next.length}`);
    order.save({ ids: next, version: session.version });
  };
  // The row that moved keeps the focus, wherever it stands now.
  const focusRow = (id: string) =>
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-agenda="${id}"] a`)?.focus());
  const pressed = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-agenda]');
    if (!row || !may || !event.shiftKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
    const item = all.find((one) => one.patient.id === row.dataset.agenda);
    if (!item) return;
    event.preventDefault();
    move(item, event.key === 'ArrowUp' ? -1 : 1);
    focusRow(item.patient.id);
  };
  const { available, planned, left } = agenda.minutes;
  const several = new Set(all.map((item) => item.care_manager?.id)).size > 1;
  const reviewed = all.filter((item) => item.review_id).length;
  const row = (item: AgendaItem, index: number) => (
    <Row
      key={item.patient.id}
      item={item}
      place={index + 1}
      last={index === all.length - 1}
      may={may}
      today={today}
      onMove={(step) => move(item, step)}
      onRemove={() => go({ do: 'remove', id: item.patient.id })}
      session={session.id}
      several={several}
    />
  );
  return (
    <div className="stack reviews">
      <div className="row-apart">
        <div>
          <p className="soft small">
            <Link to="/reviews">
              <Trans>Review</Trans>
            </Link>
          </p>
          <h1>
            {fullDate(session.date)}
            {session.starts_at && `, ${session.starts_at}`}
          </h1>
          <p className="soft">
            {sessionWho(session)}
            {session.state !== 'planned' && `. ${word(sessionStateWords, session.state)}`}
          </p>
        </div>
        <div className="row">
          {may && (
            <MenuButton
              look="plain"
              label={t`More`}
              entries={[
                { id: 'add', label: t`Add somebody` },
                ...(agenda.ordered_by_hand ? [{ id: 'back', label: t`Back to the proposed order` }] : []),
                { id: 'edit', label: t`Change date, minutes, people` },
                { id: 'held', label: t`The session was held` },
                { id: 'cancelled', label: t`Cancel the session` },
              ]}
              onAct={(id) => {
                if (id === 'back') order.save({ ids: [], version: session.version });
                else go({ do: id });
              }}
            />
          )}
          {all.length > 0 && can('reviews.write') && session.state !== 'cancelled' && (
            <LinkButton look="primary" to="/reviews/$session/hour" params={{ session: session.id }}>
              {reviewed > 0 ? <Trans>Go on with the review</Trans> : <Trans>Start the review</Trans>}
            </LinkButton>
          )}
        </div>
      </div>
      {all.length > 0 && (
        <p className="soft">
          {[
            plural(agenda.items.length, { one: '# person', other: '# people' }),
            t`${planned} of ${available} minutes planned`,
            left > 0 && t`${left} left`,
            reviewed > 0 && plural(reviewed, { one: '# reviewed', other: '# reviewed' }),
            agenda.ordered_by_hand && t`order changed by hand`,
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      )}
      {!!order.error && <ProblemNote error={order.error} />}
      <p className="hidden-text" role="status">
        {said}
      </p>
      {all.length === 0 && (
        <Empty title={t`Nobody needs the consultant today.`}>
          <p>
            <Trans>No safety question, nobody who does not improve, nobody new, no question asked.</Trans>
          </p>
          {may && (
            <p>
              <Button onPress={() => go({ do: 'add' })}>
                <Trans>Add somebody</Trans>
              </Button>
            </p>
          )}
        </Empty>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the rows' links inside */}
      <div ref={list} onKeyDown={pressed} className="stack">
        <ol className="agenda">{agenda.items.map(row)}</ol>
        {agenda.cut.length > 0 && (
          <section className="stack-tight">
            <h2>
              {plural(agenda.cut.length, {
                one: '# person does not fit into the minutes',
                other: '# people do not fit into the minutes',
              })}
            </h2>
            <ol className="agenda agenda-cut" start={agenda.items.length + 1}>
              {agenda.cut.map((item, index) => row(item, agenda.items.length + index))}
            </ol>
          </section>
        )}
      </div>
      {agenda.removed.length > 0 && (
        <details>
          <summary className="soft">
            {plural(agenda.removed.length, { one: '# person taken off', other: '# people taken off' })}
          </summary>
          <ul className="plain-rows">
            {agenda.removed.map((one) => (
              <li key={one.patient.id} className="plain-row row-apart">
                <span>
                  <span className="strong">{one.patient.name}</span>{' '}
                  <span className="soft">
                    {one.reason}
                    {one.by && `, ${one.by.name}`}
                  </span>
                </span>
                {may && (
                  <Button small onPress={() => go({ do: 'add', id: one.patient.id })}>
                    <Trans>Bring back</Trans>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {may && all.length > 1 && (
        <p className="small soft no-print">
          <Trans>
            <kbd className="key">Shift</kbd> with an arrow key moves the person you are on.
          </Trans>
        </p>
      )}
      {search.do === 'edit' && (
        <Sheet title={t`Change the session`} onClose={() => go({})}>
          <SessionForm session={session} today={today} onDone={() => go({})} />
        </Sheet>
      )}
      {search.do === 'add' && (
        <Sheet title={t`Add somebody to the agenda`} onClose={() => go({})}>
          <AddPatient agenda={agenda} chosen={search.id} onDone={() => go({})} />
        </Sheet>
      )}
      {search.do === 'remove' && (
        <Sheet title={t`Take off the agenda`} onClose={() => go({})}>
          <RemovePatient
            agenda={agenda}
            item={all.find((one) => one.patient.id === search.id)}
            onDone={() => go({})}
          />
        </Sheet>
      )}
      {(search.do === 'held' || search.do === 'cancelled') && (
        <Sheet
          shape="box"
          title={search.do === 'held' ? t`The session was held` : t`Cancel the session`}
          onClose={() => go({})}
        >
          <EndSession agenda={agenda} state={search.do} onDone={() => go({})} />
        </Sheet>
      )}
    </div>
  );
}

function Row({
  item,
  place,
  last,
  may,
  today,
  session,
  several,
  onMove,
  onRemove,
}: {
  item: AgendaItem;
  place: number;
  last: boolean;
  may: boolean;
  today: string;
  session: string;
  /** more than one care manager's people are on it */
  several: boolean;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}) {
  const { patient, minutes } = item;
  const [first, ...more] = item.reasons;
  const need = needOf(item);
  const name = patient.name;
  return (
    <li className={`agenda-row need-${need}`} data-agenda={patient.id}>
      <span className="agenda-place">{place}</span>
      <div className="agenda-who">
        <Link
          to="/reviews/$session/hour"
          params={{ session }}
          search={{ patient: patient.id }}
          className="strong"
        >
          {name}
        </Link>
        {patient.age != null && <span className="soft"> {patient.age}</span>}
        <p className="small soft">
          {[
            item.weeks_in_care != null && weeksWords(item.weeks_in_care),
            scoreWords(item),
            item.last_review_date ? t`reviewed ${agoWords(item.last_review_date, today)}` : t`never reviewed`,
            several && item.care_manager?.name,
            item.has_draft && t`notes begun`,
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      </div>
      <div className="agenda-why">
        {item.review_id && (
          <p className="row need-target_met hue strong">
            <CheckIcon />
            <Trans>Reviewed</Trans>
          </p>
        )}
        {first && (
          <p className="agenda-reason">
            <span className="hue">
              <NeedIcon need={need} />
            </span>
            <span>
              {first.text}
              {item.arrived_since_ordering && (
                <span className="strong">
                  {' '}
                  <Trans>New since the order was set.</Trans>
                </span>
              )}
            </span>
          </p>
        )}
        {more.length > 0 && (
          <details className="small">
            <summary className="soft">
              {plural(more.length, { one: '# more reason', other: '# more reasons' })}
            </summary>
            <ul className="reasons">
              {more.map((reason) => (
                <li key={reason.kind + reason.text}>{reason.text}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
      <span className="agenda-minutes soft">{t`${minutes} min`}</span>
      {may && (
        <div className="agenda-acts">
          <Button
            look="quiet"
            small
            icon
            isDisabled={place === 1}
            aria-label={t`Move ${name} up`}
            onPress={() => onMove(-1)}
          >
            <span className="turned">
              <ChevronIcon />
            </span>
          </Button>
          <Button
            look="quiet"
            small
            icon
            isDisabled={last}
            aria-label={t`Move ${name} down`}
            onPress={() => onMove(1)}
          >
            <ChevronIcon />
          </Button>
          <Button look="quiet" small aria-label={t`Take off ${name}`} onPress={onRemove}>
            <Trans>Take off</Trans>
          </Button>
        </div>
      )}
    </li>
  );
}

function AddPatient({ agenda, chosen, onDone }: { agenda: Agenda; chosen?: string; onDone: () => void }) {
  const before = agenda.removed.find((one) => one.patient.id === chosen)?.patient;
  const [patient, setPatient] = useState<{ id: string; name: string } | null>(
    before ? { id: before.id, name: before.name } : null,
  );
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('');
  const add = useSave(
    () => {
      const body = {
        patient_id: patient!.id,
        reason: reason.trim(),
        ...(minutes ? { minutes: Number(minutes) } : {}),
      };
      return create(`${agenda.session.id}/agenda`, body, (key) =>
        client.POST('/api/v1/review-sessions/{session_id}/agenda/patients', {
          params: { path: { session_id: agenda.session.id }, header: key },
          body,
        }),
      );
    },
    (saved) => {
      keep(saved);
      say(t`${patient!.name} is on the agenda.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={add}
      action={<Trans>Add</Trans>}
      disabled={!patient}
      onSubmit={() => add.save(undefined)}
      onCancel={onDone}
    >
      {patient ? (
        <p className="row-apart">
          <span className="strong">{patient.name}</span>
          <Button look="quiet" small onPress={() => setPatient(null)}>
            <Trans>Somebody else</Trans>
          </Button>
        </p>
      ) : (
        <div className="field">
          <span className="label">
            <Trans>Who</Trans>
          </span>
          <Search
            onPick={(hit) => setPatient({ id: hit.id, name: `${hit.family_name}, ${hit.given_name}` })}
          />
        </div>
      )}
      <TextField
        label={t`Why today?`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(add.error, 'reason')}
      />
      <TextField
        label={t`Minutes (optional)`}
        type="number"
        inputMode="numeric"
        short
        min={1}
        max={60}
        value={minutes}
        onChange={setMinutes}
        error={issueFor(add.error, 'minutes')}
      />
    </ShortForm>
  );
}

function RemovePatient({
  agenda,
  item,
  onDone,
}: {
  agenda: Agenda;
  item: AgendaItem | undefined;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const remove = useSave(
    () =>
      call(
        client.POST('/api/v1/review-sessions/{session_id}/agenda/patients/{patient_id}/remove', {
          params: { path: { session_id: agenda.session.id, patient_id: item!.patient.id } },
          body: { reason: reason.trim() },
        }),
      ),
    (saved) => {
      keep(saved);
      onDone();
    },
  );
  if (!item) return <Empty title={t`This is not here.`} />;
  return (
    <ShortForm
      state={remove}
      action={<Trans>Take off</Trans>}
      onSubmit={() => remove.save(undefined)}
      onCancel={onDone}
    >
      <p>
        <span className="strong">{item.patient.name}</span>
        <br />
        <span className="soft">{item.reasons[0]?.text}</span>
      </p>
      <TextField
        label={t`Why not today?`}
        hint={t`Kept with the session. The reason to review stays on the caseload.`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(remove.error, 'reason')}
      />
    </ShortForm>
  );
}

function EndSession({
  agenda,
  state,
  onDone,
}: {
  agenda: Agenda;
  state: 'held' | 'cancelled';
  onDone: () => void;
}) {
  const { session } = agenda;
  const end = useSave(
    (version: number) =>
      call(
        client.PATCH('/api/v1/review-sessions/{session_id}', {
          params: { path: { session_id: session.id }, header: ifMatch(version) },
          body: { state },
        }),
      ),
    async () => {
      await queryClient.invalidateQueries({ queryKey: ['reviews'] });
      onDone();
    },
  );
  const theirs = end.theirs as unknown as Agenda['session'] | null;
  const open = inOrder(agenda).filter((item) => !item.review_id).length;
  return (
    <ShortForm
      state={end}
      action={state === 'held' ? <Trans>It was held</Trans> : <Trans>Cancel the session</Trans>}
      onSubmit={() => end.save(theirs?.version ?? session.version)}
      onCancel={onDone}
    >
      <p>
        {state === 'held'
          ? plural(open, {
              0: 'Everybody on the agenda was reviewed.',
              one: '# person was not reviewed and comes back on the next agenda.',
              other: '# people were not reviewed and come back on the next agenda.',
            })
          : t`Nothing that was written is lost. Everybody comes back on the next agenda.`}
      </p>
    </ShortForm>
  );
}
