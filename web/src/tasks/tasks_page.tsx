// What is waiting for me, and for the team, by the day it is due; and where my name was called.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Task } from '../api/types';
import { NoPermission } from '../app/missing';
import type { TasksSearch } from '../app/router';
import { useHere } from '../app/session';
import { unreadQuery } from '../conversations/queries';
import { InboxTabs } from '../inbox/tabs';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, dueWords } from '../ui/dates';
import { Select } from '../ui/field';
import { Sheet } from '../ui/sheet';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { word } from '../ui/words';
import { tasksQuery, teamTasksQuery } from './queries';
import { NewTask, TaskSheet, taskSourceWords, usePeople, useTaskAct } from './task_forms';
import '../caseload/why.css';
import './tasks.css';

const route = getRouteApi('/tasks');

export function TasksPage() {
  const { can, site, today: todayAt } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const team = search.who === 'team' && can('tasks.team');
  const state = search.state ?? 'open';
  const [owner, setOwner] = useState('');
  const [adding, setAdding] = useState(false);
  const [pages, setPages] = useState<string[]>([]);
  const mine = useQuery({ ...tasksQuery(state), enabled: can('tasks.read') && !team });
  const all = useQuery({
    ...teamTasksQuery({ site: site ?? undefined, owner: owner || undefined, state }),
    enabled: can('tasks.read') && team,
  });
  const read = team ? all : mine;
  const people = usePeople();
  const today = todayAt();
  useEffect(() => {
    document.title = `${t`Tasks`} · Concord`;
  }, []);
  if (!can('tasks.read')) return <NoPermission />;
  const go = (change: TasksSearch) => {
    setPages([]);
    void navigate({ search: (old: TasksSearch) => ({ ...old, ...change }) });
  };
  const items = read.data?.items ?? [];
  const waiting = items.filter((task) => task.due_date <= today).length;
  return (
    <div className="tasks">
      <InboxTabs />
      <header className="row-apart">
        <h1>
          {read.data && state === 'open' && !team
            ? plural(waiting, {
                0: 'Nothing is due today',
                one: '# task is due',
                other: '# tasks are due',
              })
            : team
              ? t`The team's tasks`
              : t`Tasks`}
        </h1>
        <div className="row no-print">
          {can('tasks.team') && (
            <Choice
              label={t`Whose`}
              hideLabel
              quiet
              value={team ? 'team' : 'me'}
              onChange={(who) => go({ who: who === 'team' ? 'team' : undefined })}
              options={[
                { value: 'me', label: t`Mine` },
                { value: 'team', label: t`The team's` },
              ]}
            />
          )}
          <Choice
            label={t`Which`}
            hideLabel
            quiet
            value={state}
            onChange={(next) => go({ state: next === 'closed' ? 'closed' : undefined })}
            options={[
              { value: 'open', label: t`Open` },
              { value: 'closed', label: t`Closed` },
            ]}
          />
          {can('handovers.read') && (
            <LinkButton look="quiet" to="/hand-over">
              <Trans>Hand-over</Trans>
            </LinkButton>
          )}
          {can('tasks.write') && (
            <Button look="primary" onPress={() => setAdding(true)}>
              <Trans>New task</Trans>
            </Button>
          )}
        </div>
      </header>
      {team && (
        <div className="tasks-owner no-print">
          <Select
            label={t`Of whom`}
            value={owner}
            onChange={setOwner}
            options={people}
            blank={t`Everybody`}
          />
        </div>
      )}
      {!team && state === 'open' && <Unread today={today} />}
      {unreadable(read) && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <Skeleton rows={6} widths={[12, 40, 20]} />}
      {read.data && items.length === 0 && (
        <Empty title={state === 'open' ? t`No open tasks.` : t`Nothing closed yet.`}>
          {state === 'open' && (
            <p>
              <Trans>A line of the caseload can be made a task: open “why now” there.</Trans>
            </p>
          )}
        </Empty>
      )}
      {items.length > 0 && (
        <ul className="task-list">
          {items.map((task) => (
            <TaskRow key={task.id} task={task} today={today} team={team} onOpen={(id) => go({ open: id })} />
          ))}
        </ul>
      )}
      {pages.map((after) => (
        <MoreTasks
          key={after}
          after={after}
          team={team}
          filters={{ site: site ?? undefined, owner: owner || undefined, state }}
          today={today}
          onOpen={(id) => go({ open: id })}
          onMore={after === pages.at(-1) ? (next) => setPages([...pages, next]) : undefined}
        />
      ))}
      {read.data?.next && pages.length === 0 && (
        <div className="no-print">
          <Button onPress={() => setPages([read.data.next!])}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
      {adding && (
        <Sheet title={t`New task`} onClose={() => setAdding(false)}>
          <NewTask today={today} onDone={() => setAdding(false)} />
        </Sheet>
      )}
      {search.open && (
        <Sheet
          title={items.find((one) => one.id === search.open)?.title ?? t`Task`}
          onClose={() => go({ open: undefined })}
        >
          <TaskSheet id={search.open} today={today} onDone={() => go({ open: undefined })} />
        </Sheet>
      )}
    </div>
  );
}

function MoreTasks({
  after,
  team,
  filters,
  today,
  onOpen,
  onMore,
}: {
  after: string;
  team: boolean;
  filters: { site?: string; owner?: string; state: 'open' | 'closed' };
  today: string;
  onOpen: (id: string) => void;
  onMore?: (next: string) => void;
}) {
  const mine = useQuery({ ...tasksQuery(filters.state, after), enabled: !team });
  const all = useQuery({ ...teamTasksQuery(filters, after), enabled: team });
  const page = team ? all : mine;
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Skeleton rows={4} widths={[12, 40, 20]} />;
  return (
    <>
      <ul className="task-list">
        {page.data.items.map((task) => (
          <TaskRow key={task.id} task={task} today={today} team={team} onOpen={onOpen} />
        ))}
      </ul>
      {onMore && page.data.next && (
        <div className="no-print">
          <Button onPress={() => onMore(page.data.next!)}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

export function TaskRow({
  task,
  today,
  team,
  onOpen,
  hidePatient,
}: {
  task: Task;
  today: string;
  team?: boolean;
  onOpen: (id: string) => void;
  hidePatient?: boolean;
}) {
  const { can } = useHere();
  const act = useTaskAct(task);
  const open = task.state === 'open';
  const late = open && task.due_date < today;
  return (
    <li className="task">
      <span
        className={late ? 'need-overdue hue strong' : open && task.due_date === today ? 'strong' : 'soft'}
      >
        {open ? (
          dueWords(task.due_date, today)
        ) : (
          <When date={task.closed_at ? dateOf(task.closed_at) : task.due_date} today={today} />
        )}
      </span>
      <div className="task-what">
        <button type="button" className="why-words" onClick={() => onOpen(task.id)}>
          {task.title}
        </button>
        <p className="small soft">
          {task.patient && !hidePatient && (
            <Link to="/patients/$patient" params={{ patient: task.patient.id }}>
              {task.patient.family_name}, {task.patient.given_name}
            </Link>
          )}
          {task.patient && !hidePatient && ' '}
          {[
            (team || task.owner?.cover) && task.owner?.name,
            task.owner?.cover && t`covered by ${task.owner.cover.name}`,
            task.source !== 'free' && word(taskSourceWords, task.source),
            !open && (task.state === 'done' ? t`done` : t`dropped`),
            !open && task.closed_by?.name,
            task.reason,
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
        {task.note && <p className="small task-note">{task.note}</p>}
        {!!act.error && <ProblemNote error={act.error} />}
      </div>
      {open && can('tasks.write') && (
        <Button
          small
          isPending={act.saving}
          onPress={() => act.save({ act: 'done' })}
          aria-label={t`Done: ${task.title}`}
        >
          <Trans>Done</Trans>
        </Button>
      )}
    </li>
  );
}

/** Conversations somebody wrote in since I last looked; mentions first. */
function Unread({ today }: { today: string }) {
  const { can, zone } = useHere();
  const read = useQuery({ ...unreadQuery, enabled: can('conversations.read') });
  if (!read.data?.items.length) return null;
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Unread conversations</Trans>
      </h2>
      <ul className="task-list">
        {read.data.items.slice(0, 12).map((one) => (
          <li key={one.patient.id} className="task">
            <span className="soft">
              {one.last_message_at && <When date={dateOf(one.last_message_at, zone())} today={today} />}
            </span>
            <div className="task-what">
              <Link
                to="/patients/$patient"
                params={{ patient: one.patient.id }}
                search={{ do: 'conversation' }}
              >
                {one.patient.family_name}, {one.patient.given_name}
              </Link>
              <p className="small soft">
                {plural(one.unread, { one: '# new message', other: '# new messages' })}
                {one.unread_mentions > 0 && (
                  <span className="strong need-review_due hue">, {t`you were mentioned`}</span>
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
