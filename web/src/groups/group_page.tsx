// One group: who is in it, who waits, and its sessions with who was there.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import { act, make } from '../api/ask';
import { ApiError } from '../api/client';
import type { Group, Member, Presence, Session } from '../api/patient_side';
import { searchQuery } from '../api/queries';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { TimeField } from '../messaging/reach_sheet';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, plainDate } from '../ui/dates';
import { Check, DateField, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { MenuButton } from '../ui/menu';
import { Sheet } from '../ui/sheet';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { modalityWords, options, word } from '../ui/words';
import { VisitTabs } from '../visits/tabs';
import { clock, minuteOf } from '../visits/words';
import { groupQuery, refreshGroups, sessionOfQuery } from './queries';
import { everyWords, groupKindWords, memberWords, presenceWords, sessionWords } from './words';
import './groups.css';

const route = getRouteApi('/groups/$group');

export function GroupPage() {
  const { group } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can, today: todayAt } = useHere();
  const read = useQuery({ ...groupQuery(group), enabled: can('groups.read') });
  useEffect(() => {
    document.title = `${t`Group`} · Concord`;
  }, []);
  if (!can('groups.read')) return <NoPermission />;
  if (read.isPending) return <Skeleton rows={6} widths={[30, 30]} />;
  if (unreadable(read)) return <ProblemNote error={read.error} onRetry={() => void read.refetch()} />;
  const one = read.data;
  const today = todayAt(one.site_id);
  const members = one.members ?? [];
  const sessions = one.sessions ?? [];
  const opened = sessions.find((session) => session.id === search.session);
  const go = (change: { session?: string; do?: string }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), resetScroll: false });
  return (
    <div className="stack">
      <VisitTabs />
      <header className="row-apart">
        <div>
          <h1>{one.name}</h1>
          <p className="soft">
            {[
              word(groupKindWords, one.kind),
              one.topic,
              word(modalityWords, one.modality).toLocaleLowerCase(),
              one.place,
              `${word(everyWords, String(one.every_weeks))}, ${clock(one.start_minute)}, ${t`${one.minutes} min`}`,
              one.facilitators
                .map((who) => who?.name)
                .filter(Boolean)
                .join(', '),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {one.state === 'ended' && (
            <p className="strong">
              <Trans>Ended.</Trans> {one.reason}
            </p>
          )}
        </div>
        {can('groups.write') && (
          <div className="row">
            {one.state === 'open' && (
              <Button look="primary" onPress={() => go({ do: 'add' })}>
                <Trans>Add somebody</Trans>
              </Button>
            )}
            <MenuButton
              look="plain"
              label={t`More`}
              entries={[
                { id: 'edit', label: t`Change the group` },
                ...(one.state === 'open' ? [{ id: 'session', label: t`One more session` }] : []),
                one.state === 'open'
                  ? { id: 'end', label: t`End the group` }
                  : { id: 'reopen', label: t`Take it up again` },
              ]}
              onAct={(id) => go({ do: id })}
            />
          </div>
        )}
      </header>
      <div className="group-grid">
        <Roster group={one} members={members} today={today} />
        <Sessions sessions={sessions} today={today} onOpen={(id) => go({ session: id })} />
      </div>
      {search.do === 'add' && (
        <Sheet title={t`Add somebody`} subtitle={one.name} onClose={() => go({ do: undefined })}>
          <AddMember group={one} onDone={() => go({ do: undefined })} />
        </Sheet>
      )}
      {search.do === 'session' && (
        <Sheet title={t`One more session`} subtitle={one.name} onClose={() => go({ do: undefined })}>
          <MoreSession group={one} today={today} onDone={() => go({ do: undefined })} />
        </Sheet>
      )}
      {search.do === 'edit' && (
        <Sheet title={t`Change the group`} onClose={() => go({ do: undefined })}>
          <EditGroup group={one} onDone={() => go({ do: undefined })} />
        </Sheet>
      )}
      {(search.do === 'end' || search.do === 'reopen') && (
        <Sheet
          shape="box"
          title={search.do === 'end' ? t`End the group` : t`Take it up again`}
          onClose={() => go({ do: undefined })}
        >
          <EndGroup group={one} what={search.do} onDone={() => go({ do: undefined })} />
        </Sheet>
      )}
      {opened && (
        <Sheet
          title={t`Session ${opened.number}`}
          subtitle={
            <>
              <When date={opened.date} today={today} /> {clock(opened.start_minute)}
            </>
          }
          onClose={() => go({ session: undefined })}
        >
          <SessionView group={one} session={opened} today={today} onDone={() => go({ session: undefined })} />
        </Sheet>
      )}
    </div>
  );
}

function Changed() {
  return (
    <p className="note" role="alert">
      <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>{' '}
      <Trans>Save again to put yours on top.</Trans>
    </p>
  );
}

function Roster({ group, members, today }: { group: Group; members: Member[]; today: string }) {
  const parts: [string, Member[]][] = [
    [t`In the group`, members.filter((one) => one.state === 'joined')],
    [t`Asked, no answer yet`, members.filter((one) => one.state === 'invited' || one.state === 'offered')],
    [t`Waiting list`, members.filter((one) => one.state === 'waiting')],
  ];
  const left = members.filter((one) => one.state === 'left');
  return (
    <section className="stack">
      <p>
        {t`${group.joined} of ${group.capacity} places taken`}
        {group.free > 0 && `, ${plural(group.free, { one: '# free', other: '# free' })}`}
      </p>
      {members.length === 0 && (
        <p className="soft">
          <Trans>Nobody is in it yet.</Trans>
        </p>
      )}
      {parts
        .filter(([, people]) => people.length > 0)
        .map(([title, people]) => (
          <section key={title} className="stack-tight">
            <h2>{title}</h2>
            <ul>
              {people.map((one) => (
                <MemberRow key={one.id} group={group} one={one} today={today} />
              ))}
            </ul>
          </section>
        ))}
      {left.length > 0 && (
        <details>
          <summary className="soft">
            <Trans>Left ({left.length})</Trans>
          </summary>
          <ul>
            {left.map((one) => (
              <MemberRow key={one.id} group={group} one={one} today={today} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function MemberRow({ group, one, today }: { group: Group; one: Member; today: string }) {
  const { can, zone } = useHere();
  const since = one.left_on ?? one.joined_on ?? dateOf(one.added_at, zone(group.site_id));
  const [leaving, setLeaving] = useState(false);
  const [reason, setReason] = useState('');
  const save = useSave(
    (body: { act: string; reason?: string }) =>
      act<Member>('POST', `/api/v1/groups/${group.id}/members/${one.id}/acts`, body, one.version),
    async () => {
      setLeaving(false);
      await refreshGroups(one.patient.id);
    },
  );
  const acts = [
    ['invited', 'offered'].includes(one.state) && { id: 'join', label: t`Takes the place` },
    ['invited', 'offered'].includes(one.state) && { id: 'decline', label: t`Does not want it` },
    one.state === 'waiting' && group.free > 0 && { id: 'join', label: t`Takes a place` },
    one.state === 'waiting' &&
      (one.place_in_line ?? 1) > 1 && { id: 'first_in_line', label: t`First in line` },
    one.state !== 'left' && { id: 'leave', label: t`Leaves` },
    one.state === 'left' && { id: 'again', label: t`Comes back` },
  ].filter((entry): entry is { id: string; label: string } => !!entry);
  return (
    <li className="roster-row">
      <div>
        <p>
          <Link to="/patients/$patient" params={{ patient: one.patient.id }}>
            {one.patient.family_name}, {one.patient.given_name}
          </Link>
        </p>
        <p className="small soft">
          {one.place_in_line ? `${one.place_in_line}. ` : ''}
          {word(memberWords, one.state)},{' '}
          <Trans>
            since <When date={since} today={today} />
          </Trans>
          {one.answer_by && one.state !== 'joined' && (
            <>
              ,{' '}
              <Trans>
                answer by <When date={dateOf(one.answer_by)} today={today} />
              </Trans>
            </>
          )}
          {one.reason && `. ${one.reason}`}
        </p>
        {(!!save.error || save.theirs) && (
          <ProblemNote error={save.error ?? t`Somebody else changed this meanwhile.`} />
        )}
      </div>
      {can('groups.write') && group.state === 'open' && acts.length > 0 && !leaving && (
        <MenuButton
          look="plain"
          name={`${one.patient.given_name} ${one.patient.family_name}`}
          label={t`More`}
          entries={acts}
          onAct={(id) => (id === 'leave' ? setLeaving(true) : save.save({ act: id }))}
        />
      )}
      {leaving && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            save.save({ act: 'leave', reason: reason.trim() });
          }}
        >
          <TextField label={t`Because`} value={reason} onChange={setReason} required autoFocus />
          <Button small look="primary" type="submit" isPending={save.saving}>
            <Trans>Leaves</Trans>
          </Button>
          <Button small look="quiet" onPress={() => setLeaving(false)}>
            <Trans>Cancel</Trans>
          </Button>
        </form>
      )}
    </li>
  );
}

function Sessions({
  sessions,
  today,
  onOpen,
}: {
  sessions: Session[];
  today: string;
  onOpen: (id: string) => void;
}) {
  const ahead = sessions.filter((one) => one.date >= today && one.state !== 'held');
  const before = sessions.filter((one) => !ahead.includes(one)).reverse();
  const row = (one: Session) => (
    <li key={one.id} className="roster-row">
      <span className={one.state === 'cancelled' ? 'gone' : ''}>
        {one.number}. <When date={one.date} today={today} /> {clock(one.start_minute)}{' '}
        <span className="soft small">
          {one.state === 'held'
            ? plural(one.present ?? 0, { one: '# was there', other: '# were there' })
            : one.state === 'cancelled'
              ? `${word(sessionWords, one.state)}. ${one.reason ?? ''}`
              : one.date < today
                ? t`who was there is not written down`
                : ''}
        </span>
      </span>
      <Button
        small
        onPress={() => onOpen(one.id)}
        aria-label={
          one.state === 'planned' && one.date <= today
            ? t`Who was there: session ${one.number}`
            : t`Show: session ${one.number}`
        }
      >
        {one.state === 'planned' && one.date <= today ? <Trans>Who was there</Trans> : <Trans>Show</Trans>}
      </Button>
    </li>
  );
  return (
    <section className="stack">
      <section className="stack-tight">
        <h2>
          <Trans>Ahead</Trans>
        </h2>
        {ahead.length === 0 && (
          <p className="soft">
            <Trans>No session ahead</Trans>
          </p>
        )}
        <ul>{ahead.map(row)}</ul>
      </section>
      {before.length > 0 && (
        <section className="stack-tight">
          <h2>
            <Trans>Before</Trans>
          </h2>
          <ul>{before.map(row)}</ul>
        </section>
      )}
    </section>
  );
}

function AddMember({ group, onDone }: { group: Group; onDone: () => void }) {
  const [q, setQ] = useState('');
  const asked = useDeferredValue(q);
  const hits = useQuery(searchQuery(asked));
  const [patient, setPatient] = useState<{ id: string; name: string } | null>(null);
  const [as, setAs] = useState('invite');
  const [hidden, setHidden] = useState(false);
  const save = useSave(
    (body: { patient_id: string; as: string; confidential?: boolean }) =>
      make<Member>(`/api/v1/groups/${group.id}/members`, body),
    async (made) => {
      say(
        made.state === 'waiting'
          ? t`No place is free: on the waiting list, number ${made.place_in_line ?? '–'}.`
          : made.state === 'joined'
            ? t`In the group.`
            : t`Invited.`,
      );
      await refreshGroups(made.patient?.id);
      onDone();
    },
  );
  const taken = new Set(
    (group.members ?? []).filter((one) => one.state !== 'left').map((one) => one.patient.id),
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Add</Trans>}
      disabled={!patient}
      onSubmit={() => patient && save.save({ patient_id: patient.id, as, confidential: hidden || undefined })}
      onCancel={onDone}
    >
      {patient ? (
        <p className="row-apart">
          <span className="strong">{patient.name}</span>
          <Button small look="quiet" onPress={() => setPatient(null)}>
            <Trans>Somebody else</Trans>
          </Button>
        </p>
      ) : (
        <div className="stack-tight">
          <TextField label={t`Who`} type="search" value={q} onChange={setQ} autoFocus />
          {hits.data?.items.length === 0 && (
            <p className="soft">
              <Trans>Nobody found.</Trans>
            </p>
          )}
          <ul>
            {hits.data?.items.map((one) => (
              <li key={one.id} className="roster-row">
                <span>
                  {one.family_name}, {one.given_name}{' '}
                  {one.birth_date && <span className="soft small">{plainDate(one.birth_date)}</span>}
                </span>
                <Button
                  small
                  isDisabled={taken.has(one.id)}
                  onPress={() => setPatient({ id: one.id, name: `${one.given_name} ${one.family_name}` })}
                  aria-label={t`Choose: ${one.given_name} ${one.family_name}`}
                >
                  {taken.has(one.id) ? <Trans>On the list</Trans> : <Trans>Choose</Trans>}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Choice
        label={t`As`}
        value={as}
        onChange={setAs}
        options={[
          { value: 'invite', label: t`Invite` },
          { value: 'join', label: t`In the group at once` },
          { value: 'wait', label: t`Waiting list` },
        ]}
        error={issueFor(save.error, 'as')}
      />
      <Check label={t`Hide it from trusted persons`} value={hidden} onChange={setHidden} />
    </ShortForm>
  );
}

function MoreSession({ group, today, onDone }: { group: Group; today: string; onDone: () => void }) {
  const [date, setDate] = useState(today);
  const [time, setTime] = useState(clock(group.start_minute));
  const save = useSave(
    (body: { date: string; start_minute: number }) =>
      make<Session>(`/api/v1/groups/${group.id}/sessions`, body),
    async () => {
      say(t`Added.`);
      await refreshGroups();
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Add</Trans>}
      onSubmit={() => save.save({ date, start_minute: minuteOf(time) ?? 0 })}
      onCancel={onDone}
    >
      <div className="pair">
        <DateField
          label={t`Day`}
          value={date}
          onChange={setDate}
          required
          error={issueFor(save.error, 'date')}
        />
        <TimeField
          label={t`Time`}
          value={time}
          onChange={setTime}
          required
          error={issueFor(save.error, 'start_minute')}
        />
      </div>
    </ShortForm>
  );
}

function EditGroup({ group, onDone }: { group: Group; onDone: () => void }) {
  const [now] = useState(group);
  const [name, setName] = useState(now.name);
  const [topic, setTopic] = useState(now.topic ?? '');
  const [capacity, setCapacity] = useState(String(now.capacity));
  const [place, setPlace] = useState(now.place ?? '');
  const [days, setDays] = useState(String(now.offer_days));
  const save = useSave(
    (version: number) =>
      act<Group>(
        'PATCH',
        `/api/v1/groups/${now.id}`,
        {
          name: name.trim(),
          topic: topic.trim(),
          capacity: Number(capacity),
          place: place.trim(),
          offer_days: Number(days),
        },
        version,
      ),
    async () => {
      say(t`Kept.`);
      await refreshGroups();
      onDone();
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save(theirs ?? now.version)}
      onCancel={onDone}
    >
      {theirs !== undefined && <Changed />}
      <TextField
        label={t`Name`}
        value={name}
        onChange={setName}
        required
        error={issueFor(save.error, 'name')}
      />
      <TextField label={t`Topic`} value={topic} onChange={setTopic} />
      <TextField label={t`Where`} value={place} onChange={setPlace} />
      <div className="pair">
        <TextField
          label={t`Places`}
          hint={t`More places: the next in line are asked.`}
          type="number"
          inputMode="numeric"
          short
          min={2}
          max={40}
          value={capacity}
          onChange={setCapacity}
          required
          error={issueFor(save.error, 'capacity')}
        />
        <TextField
          label={t`Days to answer an offer`}
          type="number"
          inputMode="numeric"
          short
          min={1}
          max={30}
          value={days}
          onChange={setDays}
          required
          error={issueFor(save.error, 'offer_days')}
        />
      </div>
    </ShortForm>
  );
}

function EndGroup({ group, what, onDone }: { group: Group; what: 'end' | 'reopen'; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const [version] = useState(group.version);
  const save = useSave(
    (at: number) =>
      act<Group>('POST', `/api/v1/groups/${group.id}/acts`, { act: what, reason: reason.trim() }, at),
    async () => {
      say(what === 'end' ? t`Ended. Everybody in it is told.` : t`It runs again.`);
      await refreshGroups();
      onDone();
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={save}
      action={what === 'end' ? <Trans>End it</Trans> : <Trans>Take it up again</Trans>}
      onSubmit={() => save.save(theirs ?? version)}
      onCancel={onDone}
    >
      {theirs !== undefined && <Changed />}
      {what === 'end' && (
        <p>
          <Trans>
            Sessions ahead are called off and everybody in the group is told. The waiting list closes.
          </Trans>
        </p>
      )}
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}

interface Named409 {
  member_id: string;
  names: string[];
}

function SessionView({
  group,
  session,
  today,
  onDone,
}: {
  group: Group;
  session: Session;
  today: string;
  onDone: () => void;
}) {
  const { can } = useHere();
  const [form, setForm] = useState<'move' | 'cancel' | null>(null);
  const read = useQuery(sessionOfQuery(group.id, session.id));
  const restore = useSave(
    () =>
      act<Session>(
        'POST',
        `/api/v1/groups/${group.id}/sessions/${session.id}/acts`,
        { act: 'restore', reason: '' },
        session.version,
      ),
    async () => {
      await refreshGroups();
    },
  );
  if (form)
    return (
      <ChangeSession group={group} session={session} what={form} today={today} onDone={() => setForm(null)} />
    );
  if (read.isPending) return <Skeleton rows={5} widths={[50]} />;
  if (unreadable(read)) return <ProblemNote error={read.error} onRetry={() => void read.refetch()} />;
  const begun = new Date(session.starts_at).getTime() <= Date.now();
  return (
    <div className="stack">
      {session.state === 'cancelled' && (
        <p className="note">
          <Trans>Called off.</Trans> {session.reason}
        </p>
      )}
      {!!restore.error && <ProblemNote error={restore.error} />}
      {can('groups.write') && (
        <div className="row">
          {session.state === 'planned' && (
            <>
              <Button small onPress={() => setForm('move')}>
                <Trans>Move</Trans>
              </Button>
              <Button small onPress={() => setForm('cancel')}>
                <Trans>Call off</Trans>
              </Button>
            </>
          )}
          {session.state === 'cancelled' && !begun && (
            <Button small isPending={restore.saving} onPress={() => restore.save(undefined)}>
              <Trans>It takes place after all</Trans>
            </Button>
          )}
        </div>
      )}
      {begun && session.state !== 'cancelled' ? (
        <Present key={read.data.version} group={group} session={read.data} onDone={onDone} />
      ) : (
        <p className="soft">
          <Trans>Who was there is written down once it has begun.</Trans>
        </p>
      )}
    </div>
  );
}

function Present({ group, session, onDone }: { group: Group; session: Session; onDone: () => void }) {
  const { can } = useHere();
  const rows = session.attendance ?? [];
  const [status, setStatus] = useState<Record<string, Presence | ''>>(() =>
    Object.fromEntries(rows.map((one) => [one.member_id, (one.status ?? '') as Presence | ''])),
  );
  const [notes, setNotes] = useState<Record<string, string>>(() =>
    Object.fromEntries(rows.map((one) => [one.member_id, one.note ?? ''])),
  );
  const [accepted, setAccepted] = useState<string[]>([]);
  const save = useSave(
    (version: number) =>
      act<Session>(
        'PUT',
        `/api/v1/groups/${group.id}/sessions/${session.id}/attendance`,
        {
          entries: rows
            .filter((one) => status[one.member_id])
            .map((one) => ({
              member_id: one.member_id,
              status: status[one.member_id],
              note: notes[one.member_id]?.trim() || undefined,
              accept_names: accepted.includes(one.member_id) || undefined,
            })),
        },
        version,
      ),
    async () => {
      say(t`Kept. Each person’s part stands in their own record only.`);
      await refreshGroups();
      await Promise.all(rows.map((one) => refreshGroups(one.patient.id)));
      onDone();
    },
  );
  const named: Named409[] =
    save.error instanceof ApiError && save.error.status === 409
      ? ((save.error.problem as unknown as { named?: Named409[] }).named ?? [])
      : [];
  const theirs = save.theirs?.version as number | undefined;
  if (rows.length === 0)
    return (
      <p className="soft">
        <Trans>Nobody was in the group by that day.</Trans>
      </p>
    );
  if (!can('groups.write'))
    return (
      <ul>
        {rows.map((one) => (
          <li key={one.member_id} className="roster-row">
            {one.patient.family_name}, {one.patient.given_name}
            <span className="soft">{one.status ? word(presenceWords, one.status) : '–'}</span>
          </li>
        ))}
      </ul>
    );
  return (
    <ShortForm
      state={named.length ? { saving: save.saving, error: null } : save}
      action={<Trans>Save</Trans>}
      disabled={named.some((one) => !accepted.includes(one.member_id))}
      onSubmit={() => save.save(theirs ?? session.version)}
      onCancel={onDone}
    >
      {theirs !== undefined && <Changed />}
      <p className="soft small">
        <Trans>A note goes into that person’s record alone. Write nobody else’s name into it.</Trans>
      </p>
      {rows.map((one) => {
        const name = `${one.patient.given_name} ${one.patient.family_name}`;
        const others = named.find((entry) => entry.member_id === one.member_id);
        return (
          <div key={one.member_id} className="present-row">
            <Choice
              label={name}
              value={status[one.member_id] ?? ''}
              onChange={(value) => setStatus({ ...status, [one.member_id]: value as Presence })}
              options={options(presenceWords)}
            />
            {status[one.member_id] && (
              <TextField
                label={t`Note about ${one.patient.given_name}`}
                value={notes[one.member_id] ?? ''}
                onChange={(value) => setNotes({ ...notes, [one.member_id]: value })}
              />
            )}
            {others && (
              <div className="note" role="alert">
                <p>
                  <Trans>This note seems to name somebody else: {others.names.join(', ')}.</Trans>
                </p>
                <Check
                  label={t`It means somebody outside of the group`}
                  value={accepted.includes(one.member_id)}
                  onChange={(on) =>
                    setAccepted(
                      on ? [...accepted, one.member_id] : accepted.filter((id) => id !== one.member_id),
                    )
                  }
                />
              </div>
            )}
          </div>
        );
      })}
    </ShortForm>
  );
}

function ChangeSession({
  group,
  session,
  what,
  today,
  onDone,
}: {
  group: Group;
  session: Session;
  what: 'move' | 'cancel';
  today: string;
  onDone: () => void;
}) {
  const [date, setDate] = useState(session.date);
  const [time, setTime] = useState(clock(session.start_minute));
  const [reason, setReason] = useState('');
  const [version] = useState(session.version);
  const path = `/api/v1/groups/${group.id}/sessions/${session.id}`;
  const save = useSave(
    (at: number) =>
      what === 'move'
        ? act<Session>(
            'PATCH',
            path,
            { date, start_minute: minuteOf(time) ?? session.start_minute, reason: reason.trim() },
            at,
          )
        : act<Session>('POST', `${path}/acts`, { act: 'cancel', reason: reason.trim() }, at),
    async () => {
      say(what === 'move' ? t`Moved. Everybody in the group is told.` : t`Called off. Everybody is told.`);
      await refreshGroups();
      onDone();
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={save}
      action={what === 'move' ? <Trans>Move it</Trans> : <Trans>Call it off</Trans>}
      disabled={!reason.trim()}
      onSubmit={() => save.save(theirs ?? version)}
      onCancel={onDone}
    >
      {theirs !== undefined && <Changed />}
      {what === 'move' && (
        <div className="pair">
          <DateField
            label={t`Day`}
            value={date}
            onChange={setDate}
            min={today}
            required
            error={issueFor(save.error, 'date')}
          />
          <TimeField
            label={t`Time`}
            value={time}
            onChange={setTime}
            required
            error={issueFor(save.error, 'start_minute')}
          />
        </div>
      )}
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}
