// A task has an owner and a day, always. Changing either says why when it matters.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, call, client, create, ifMatch } from '../api/client';
import { queryClient, refreshPatient, staffQuery } from '../api/queries';
import type { Task } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Conflict } from '../ui/conflict';
import { addDays, dateOf, shortDate, timeOf } from '../ui/dates';
import { DateField, type Option, Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { ruleWords, type Words, word } from '../ui/words';
import { taskQuery } from './queries';

export const taskSourceWords: Words = {
  free: msg`written by hand`,
  attention: msg`from the caseload`,
  recommendation: msg`from a recommendation`,
  hand_over: msg`from a hand-over`,
};
const taskEventWords: Words = {
  created: msg`made`,
  edited: msg`changed`,
  assigned: msg`given on`,
  handed_over: msg`handed over`,
  done: msg`done`,
  cancelled: msg`dropped`,
  reopened: msg`opened again`,
};

const TASK_ROLES = [
  'care_manager',
  'psychiatric_consultant',
  'pcp',
  'bh_specialist',
  'community_worker',
] as const;

/** Everybody a task may go to, me first. */
export function usePeople(): Option[] {
  const { can, session } = useHere();
  const staff = useQuery({ ...staffQuery(), enabled: can('staff.read') });
  const people = (staff.data?.items ?? [])
    .filter((one) => one.roles?.some((held) => (TASK_ROLES as readonly string[]).includes(held.role)))
    .map((one) => ({ value: one.id, label: one.display_name }));
  const me = session.user.id;
  return [
    { value: me, label: t`Me` },
    ...people.filter((one) => one.value !== me).sort((a, b) => a.label.localeCompare(b.label)),
  ];
}

export async function refreshTasks(patient?: string | null) {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['tasks'] }),
    patient ? refreshPatient(patient) : undefined,
  ]);
}

/** The next day of work, as a first guess. */
export function nextWorkday(today: string) {
  const weekday = new Date(`${today}T12:00:00Z`).getUTCDay();
  return addDays(today, weekday === 5 ? 3 : weekday === 6 ? 2 : 1);
}

export function NewTask({ today, patient, onDone }: { today: string; patient?: string; onDone: () => void }) {
  const { session, site } = useHere();
  const people = usePeople();
  const [title, setTitle] = useState('');
  const [note, setNote] = useState('');
  const [due, setDue] = useState(nextWorkday(today));
  const [owner, setOwner] = useState(session.user.id);
  const save = useSave(
    (body: {
      title: string;
      note?: string;
      due_date: string;
      owner_id: string;
      patient_id?: string;
      site_id?: string;
    }) => create('tasks', body, (key) => client.POST('/api/v1/tasks', { params: { header: key }, body })),
    async (task) => {
      say(t`Task kept: ${task.title}`);
      await refreshTasks(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Add the task</Trans>}
      onSubmit={() =>
        save.save({
          title: title.trim(),
          note: note.trim() || undefined,
          due_date: due,
          owner_id: owner,
          patient_id: patient,
          site_id: patient ? undefined : (site ?? session.sites[0]?.id),
        })
      }
      onCancel={onDone}
    >
      <TextField
        label={t`What is to be done`}
        value={title}
        onChange={setTitle}
        required
        autoFocus
        error={issueFor(save.error, 'title')}
      />
      <div className="pair">
        <Select
          label={t`Who`}
          value={owner}
          onChange={setOwner}
          options={people}
          error={issueFor(save.error, 'owner_id')}
        />
        <DateField
          label={t`By`}
          value={due}
          onChange={setDue}
          min={today}
          required
          error={issueFor(save.error, 'due_date')}
        />
      </div>
      <TextArea
        label={t`Note`}
        value={note}
        onChange={setNote}
        rows={3}
        error={issueFor(save.error, 'note')}
      />
    </ShortForm>
  );
}

/** A line of the caseload becomes somebody's task; the line itself goes on by its rule. */
export function TaskOfLine({
  line,
  episode,
  patient,
  today,
  onDone,
}: {
  line: { rule: string; text: string; due?: string | null };
  episode: string;
  patient: string;
  today: string;
  onDone: () => void;
}) {
  const { session } = useHere();
  const people = usePeople();
  const [owner, setOwner] = useState(session.user.id);
  const [due, setDue] = useState(() =>
    line.due && line.due.length === 10 && line.due > today ? line.due : nextWorkday(today),
  );
  const [note, setNote] = useState('');
  const save = useSave(
    (body: { episode_id: string; rule: string; due_date: string; owner_id: string; note?: string }) =>
      create('tasks', body, (key) => client.POST('/api/v1/tasks', { params: { header: key }, body })),
    async (task) => {
      const name = task.owner?.id === session.user.id ? t`you` : (task.owner?.name ?? '');
      say(t`A task for ${name}, by ${shortDate(task.due_date, today)}.`);
      await refreshTasks(patient);
      onDone();
    },
  );
  const there =
    save.error instanceof ApiError ? (save.error.problem as unknown as { task?: Task }).task : undefined;
  return (
    <ShortForm
      state={{ saving: save.saving, error: there ? null : save.error }}
      action={<Trans>Make it a task</Trans>}
      onSubmit={() =>
        save.save({
          episode_id: episode,
          rule: line.rule,
          due_date: due,
          owner_id: owner,
          note: note.trim() || undefined,
        })
      }
      onCancel={onDone}
    >
      {there && (
        <p className="note" role="alert">
          <Trans>
            This is a task already: {there.owner?.name} has it, by {shortDate(there.due_date, today)}.
          </Trans>{' '}
          <Link to="/tasks" search={{ open: there.id }}>
            <Trans>Open it</Trans>
          </Link>
        </p>
      )}
      <div className="pair">
        <Select
          label={t`Who`}
          value={owner}
          onChange={setOwner}
          options={people}
          error={issueFor(save.error, 'owner_id')}
        />
        <DateField
          label={t`By`}
          value={due}
          onChange={setDue}
          min={today}
          required
          error={issueFor(save.error, 'due_date')}
        />
      </div>
      <TextField label={t`Note`} value={note} onChange={setNote} error={issueFor(save.error, 'note')} />
    </ShortForm>
  );
}

export const useTaskAct = (task: Task, onDone?: () => void) =>
  useSave(
    ({ act, reason }: { act: 'done' | 'cancel' | 'reopen'; reason?: string; version?: number }) =>
      call(
        client.POST('/api/v1/tasks/{task_id}/acts', {
          params: { path: { task_id: task.id }, header: ifMatch(task.version) },
          body: { act, reason },
        }),
      ),
    async (after) => {
      await refreshTasks(task.patient?.id);
      if (after.state === 'done')
        say(t`Done: ${task.title}`, {
          label: t`Undo`,
          act: async () => {
            await call(
              client.POST('/api/v1/tasks/{task_id}/acts', {
                params: { path: { task_id: task.id }, header: ifMatch(after.version) },
                body: { act: 'reopen' },
              }),
            ).catch(() => undefined);
            await refreshTasks(task.patient?.id);
          },
        });
      else say(after.state === 'cancelled' ? t`Dropped; the reason is kept.` : t`Open again.`);
      onDone?.();
    },
  );

/** One task opened: its words, its owner and day, and what happened to it. */
export function TaskSheet({ id, today, onDone }: { id: string; today: string; onDone: () => void }) {
  const read = useQuery(taskQuery(id));
  if (unreadable(read)) return <ProblemNote error={read.error} onRetry={() => void read.refetch()} />;
  if (!read.data) return <Skeleton rows={4} widths={[60]} />;
  return <OneTask task={read.data} today={today} onDone={onDone} />;
}

function OneTask({ task, today, onDone }: { task: Task; today: string; onDone: () => void }) {
  // As it was when the sheet was opened: a live update must not make somebody else's words look read.
  const [before] = useState(task);
  const { can, zone } = useHere();
  const people = usePeople();
  const [draft, setDraft] = useState({
    title: task.title,
    note: task.note ?? '',
    due_date: task.due_date,
    owner_id: task.owner?.id ?? '',
    reason: '',
  });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const [dropping, setDropping] = useState(false);
  const save = useSave(
    ({ version, values }: { version: number; values: typeof draft }) =>
      call(
        client.PATCH('/api/v1/tasks/{task_id}', {
          params: { path: { task_id: task.id }, header: ifMatch(version) },
          body: { ...values, reason: values.reason.trim() || undefined },
        }),
      ),
    async () => {
      say(t`Saved.`);
      await refreshTasks(task.patient?.id);
      onDone();
    },
  );
  const act = useTaskAct(task, onDone);
  const theirs = save.theirs as unknown as Task | null;
  const open = task.state === 'open';
  const known = people.some((one) => one.value === draft.owner_id);
  const choices =
    known || !task.owner ? people : [...people, { value: task.owner.id, label: task.owner.name }];
  const nameOf = (id: string) => choices.find((one) => one.value === id)?.label ?? id;
  if (theirs)
    return (
      <Conflict
        fields={[
          { key: 'title', label: t`What is to be done`, theirs: theirs.title, yours: draft.title },
          {
            key: 'note',
            label: t`Note`,
            theirs: theirs.note ?? '',
            yours: draft.note,
            joinable: true,
          },
          {
            key: 'owner_id',
            label: t`Who`,
            theirs: theirs.owner?.name ?? '',
            yours: nameOf(draft.owner_id),
          },
          { key: 'due_date', label: t`By`, theirs: theirs.due_date, yours: draft.due_date },
        ]}
        onResolve={(values) => {
          const merged = {
            ...draft,
            title: values.title ?? draft.title,
            note: values.note ?? draft.note,
            due_date: values.due_date ?? draft.due_date,
            owner_id:
              theirs.owner && values.owner_id === theirs.owner.name ? theirs.owner.id : draft.owner_id,
          };
          setDraft(merged);
          save.save({ version: theirs.version, values: merged });
        }}
        onCancel={save.reset}
      />
    );
  return (
    <div className="stack">
      {task.patient && (
        <p>
          <Link to="/patients/$patient" params={{ patient: task.patient.id }}>
            {task.patient.given_name} {task.patient.family_name}
          </Link>
          {task.rule && <span className="soft">, {word(ruleWords, task.rule).toLocaleLowerCase()}</span>}
        </p>
      )}
      {task.owner?.cover && (
        <p className="note">
          {task.owner.cover.until
            ? t`${task.owner.cover.name} covers for ${task.owner.name} until ${shortDate(task.owner.cover.until, today)}.`
            : t`${task.owner.cover.name} covers for ${task.owner.name}.`}
        </p>
      )}
      {(!!act.error || act.theirs) && (
        <ProblemNote error={act.error ?? t`Somebody else changed this meanwhile.`} focus />
      )}
      {open && can('tasks.write') ? (
        <>
          <div className="row">
            <Button look="primary" isPending={act.saving} onPress={() => act.save({ act: 'done' })}>
              <Trans>Done</Trans>
            </Button>
            <Button look="quiet" onPress={() => setDropping(!dropping)}>
              <Trans>Not needed any more</Trans>
            </Button>
          </div>
          {dropping && <Drop onDrop={(reason) => act.save({ act: 'cancel', reason })} pending={act.saving} />}
          <hr />
          <ShortForm
            state={save}
            action={<Trans>Save</Trans>}
            onSubmit={() => save.save({ version: before.version, values: draft })}
            onCancel={onDone}
          >
            <TextField
              label={t`What is to be done`}
              value={draft.title}
              onChange={(title) => set({ title })}
              required
              error={issueFor(save.error, 'title')}
            />
            <div className="pair">
              <Select
                label={t`Who`}
                value={draft.owner_id}
                onChange={(owner_id) => set({ owner_id })}
                options={choices}
                error={issueFor(save.error, 'owner_id')}
              />
              <DateField
                label={t`By`}
                value={draft.due_date}
                onChange={(due_date) => set({ due_date })}
                required
                error={issueFor(save.error, 'due_date')}
              />
            </div>
            <TextArea label={t`Note`} value={draft.note} onChange={(note) => set({ note })} rows={3} />
            {(draft.owner_id !== task.owner?.id || draft.due_date !== task.due_date) && (
              <TextField
                label={t`Because`}
                value={draft.reason}
                onChange={(reason) => set({ reason })}
                error={issueFor(save.error, 'reason')}
              />
            )}
          </ShortForm>
        </>
      ) : (
        <>
          <p>{task.note}</p>
          {!open && can('tasks.write') && (
            <div>
              <Button isPending={act.saving} onPress={() => act.save({ act: 'reopen' })}>
                <Trans>Open it again</Trans>
              </Button>
            </div>
          )}
        </>
      )}
      {!!task.history?.length && (
        <details>
          <summary className="soft">
            <Trans>What happened to it</Trans>
          </summary>
          <ol>
            {task.history.map((one) => (
              <li key={one.at + one.kind} className="small">
                <When date={dateOf(one.at, zone(task.site_id))} today={today} />{' '}
                {timeOf(one.at, zone(task.site_id))} {word(taskEventWords, one.kind)}
                {one.owner_after && one.kind !== 'done' && ` → ${one.owner_after.name}`}
                <span className="soft"> {one.by?.name}</span>
                {one.reason && `: ${one.reason}`}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function Drop({ onDrop, pending }: { onDrop: (reason: string) => void; pending: boolean }) {
  const [reason, setReason] = useState('');
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        onDrop(reason);
      }}
    >
      <TextField label={t`Because`} value={reason} onChange={setReason} required autoFocus />
      <Button type="submit" isPending={pending}>
        <Trans>Drop it</Trans>
      </Button>
    </form>
  );
}
