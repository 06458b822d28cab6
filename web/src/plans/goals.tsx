// What the patient wants to do, in their words, and how it goes. Something else done counts. No streaks.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Goal, NewGoal, Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { DateField, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, word } from '../ui/words';
import { type GoalDraft, tooBig } from './content';
import { goalStatusWords, progressWords } from './words';

/** "3 of 4 weeks", or nothing in the first week. */
export function goalWeeks(goal: Pick<Goal, 'weeks'>) {
  const weeks = goal.weeks;
  return weeks?.of ? t`${weeks.done} of ${weeks.of} weeks` : '';
}

export const CONFIDENCE = Array.from({ length: 11 }, (_, n) => ({ value: String(n), label: String(n) }));

export function goalDraft(goal?: Goal): GoalDraft {
  return {
    what: goal?.what ?? '',
    where_with: goal?.where_with ?? '',
    how_often: goal?.how_often ?? '',
    times_per_week: goal?.times_per_week ? String(goal.times_per_week) : '',
    until: goal?.until ?? '',
    confidence: goal?.confidence ?? null,
    obstacle: goal?.obstacle ?? '',
    obstacle_plan: goal?.obstacle_plan ?? '',
  };
}

export function goalBody(draft: GoalDraft, language: string): NewGoal {
  const words = (text: string) => text.trim() || null;
  return {
    what: draft.what.trim(),
    where_with: words(draft.where_with),
    how_often: words(draft.how_often),
    times_per_week: draft.times_per_week ? Number(draft.times_per_week) : null,
    until: draft.until || null,
    confidence: draft.confidence ?? 0,
    obstacle: words(draft.obstacle),
    obstacle_plan: words(draft.obstacle_plan),
    language,
  };
}

export function GoalFields({
  draft,
  onChange,
  name,
  today,
  error,
}: {
  draft: GoalDraft;
  onChange: (draft: GoalDraft) => void;
  name: string;
  today: string;
  error: unknown;
}) {
  const set = (change: Partial<GoalDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <TextField
        label={t`I will …`}
        hint={t`Something ${name} does, not something to feel: “walk for 10 minutes”`}
        value={draft.what}
        onChange={(what) => set({ what })}
        required
        autoFocus
        error={issueFor(error, 'what')}
      />
      <div className="pair">
        <TextField
          label={t`where, or with whom`}
          hint={t`“with Marta, in the park”`}
          value={draft.where_with}
          onChange={(where_with) => set({ where_with })}
          error={issueFor(error, 'where_with')}
        />
        <TextField
          label={t`how often, when`}
          hint={t`“Monday and Thursday after lunch”`}
          value={draft.how_often}
          onChange={(how_often) => set({ how_often })}
          error={issueFor(error, 'how_often')}
        />
      </div>
      <div className="pair">
        <TextField
          label={t`Times a week`}
          hint={t`To count the weeks by`}
          type="number"
          inputMode="numeric"
          short
          min={1}
          max={21}
          value={draft.times_per_week}
          onChange={(times_per_week) => set({ times_per_week })}
          error={issueFor(error, 'times_per_week')}
        />
        <DateField
          label={t`until`}
          value={draft.until}
          onChange={(until) => set({ until })}
          min={today}
          error={issueFor(error, 'until')}
        />
      </div>
      <Choice
        label={t`How sure are you that you can do this?`}
        hint={t`0: not at all. 10: quite sure.`}
        value={draft.confidence == null ? '' : String(draft.confidence)}
        onChange={(confidence) => set({ confidence: Number(confidence) })}
        options={CONFIDENCE}
        error={issueFor(error, 'confidence')}
      />
      {tooBig(draft.confidence) && (
        <p className="note" role="status">
          <Trans>
            Below 7 the step is still too big. What would make it 7 or more? Shorter, fewer days, with
            somebody?
          </Trans>
        </p>
      )}
      <div className="pair">
        <TextArea
          label={t`What could get in the way?`}
          value={draft.obstacle}
          onChange={(obstacle) => set({ obstacle })}
          rows={2}
          error={issueFor(error, 'obstacle')}
        />
        <TextArea
          label={t`And what then?`}
          hint={t`“If it rains, we walk in the mall.”`}
          value={draft.obstacle_plan}
          onChange={(obstacle_plan) => set({ obstacle_plan })}
          rows={2}
          error={issueFor(error, 'obstacle_plan')}
        />
      </div>
    </>
  );
}

interface Props {
  summary: Summary;
  today: string;
}

export function AddGoal({ summary, today, onDone }: Props & { onDone: () => void }) {
  const patient = summary.patient.id;
  const [draft, setDraft] = useState(goalDraft);
  const save = useSave(
    (body: NewGoal) =>
      create(`${patient}/goals`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/goals', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (goal) => {
      say(goal.statement);
      await refreshPatient(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Set the goal</Trans>}
      disabled={draft.confidence == null}
      onSubmit={() => save.save(goalBody(draft, summary.patient.language ?? 'en'))}
      onCancel={onDone}
    >
      <GoalFields
        draft={draft}
        onChange={setDraft}
        name={summary.patient.given_name}
        today={today}
        error={save.error}
      />
    </ShortForm>
  );
}

function EditGoal({ goal: now, summary, today, onDone }: Props & { goal: Goal; onDone: () => void }) {
  // As it was when the form was opened: a live update must not make somebody else's words look read.
  const [goal] = useState(now);
  const patient = summary.patient.id;
  const [draft, setDraft] = useState(() => goalDraft(goal));
  const save = useSave(
    ({ version, values }: { version: number; values: GoalDraft }) =>
      call(
        client.PATCH('/api/v1/patients/{patient_id}/goals/{goal_id}', {
          params: { path: { patient_id: patient, goal_id: goal.id }, header: ifMatch(version) },
          body: goalBody(values, goal.language ?? summary.patient.language ?? 'en'),
        }),
      ),
    async () => {
      say(t`Saved. The former words are kept.`);
      await refreshPatient(patient);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Goal | null;
  if (theirs) {
    const other = goalDraft(theirs);
    const labels = {
      what: t`I will …`,
      where_with: t`where, or with whom`,
      how_often: t`how often, when`,
      obstacle: t`What could get in the way?`,
      obstacle_plan: t`And what then?`,
    };
    return (
      <Conflict
        fields={(Object.keys(labels) as (keyof typeof labels)[]).map((key) => ({
          key,
          label: labels[key],
          theirs: other[key],
          yours: draft[key],
        }))}
        onResolve={(values) => {
          const merged = { ...draft, ...values } as GoalDraft;
          setDraft(merged);
          save.save({ version: theirs.version, values: merged });
        }}
        onCancel={save.reset}
      />
    );
  }
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={draft.confidence == null}
      onSubmit={() => save.save({ version: goal.version, values: draft })}
      onCancel={onDone}
    >
      <GoalFields
        draft={draft}
        onChange={setDraft}
        name={summary.patient.given_name}
        today={today}
        error={save.error}
      />
    </ShortForm>
  );
}

function LookAtGoal({ goal, summary, onDone }: Props & { goal: Goal; onDone: () => void }) {
  const patient = summary.patient.id;
  const [progress, setProgress] = useState('');
  const [confidence, setConfidence] = useState('');
  const [note, setNote] = useState('');
  const save = useSave(
    (body: { progress: 'some'; confidence?: number; note?: string }) =>
      create(`${goal.id}/reviews`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/goals/{goal_id}/reviews', {
          params: { path: { patient_id: patient, goal_id: goal.id }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Saved.`);
      await refreshPatient(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      disabled={!progress}
      onSubmit={() =>
        save.save({
          progress: progress as 'some',
          confidence: confidence === '' ? undefined : Number(confidence),
          note: note.trim() || undefined,
        })
      }
      onCancel={onDone}
    >
      <Choice
        label={t`How does it go?`}
        value={progress}
        onChange={setProgress}
        options={options(progressWords)}
        error={issueFor(save.error, 'progress')}
      />
      {progress === 'stuck' && (
        <p className="note" role="status">
          <Trans>Stuck is worth knowing. A smaller step, or another one?</Trans>
        </p>
      )}
      <Choice
        label={t`How sure now, 0 to 10?`}
        value={confidence}
        onChange={setConfidence}
        options={CONFIDENCE}
        error={issueFor(save.error, 'confidence')}
      />
      <TextArea label={t`Note`} value={note} onChange={setNote} rows={2} />
    </ShortForm>
  );
}

function StopGoal({ goal, summary, today, onDone }: Props & { goal: Goal; onDone: () => void }) {
  const patient = summary.patient.id;
  const [status, setStatus] = useState<'reached' | 'stopped'>('reached');
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/goals/{goal_id}/status', {
          params: { path: { patient_id: patient, goal_id: goal.id }, header: ifMatch(version) },
          body: { status, reason: reason.trim() || undefined, on: today },
        }),
      ),
    async () => {
      say(status === 'reached' ? t`Reached. Well done.` : t`Stopped. It stays readable.`);
      await refreshPatient(patient);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Goal | null;
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save(theirs?.version ?? goal.version)}
      onCancel={onDone}
    >
      {theirs && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans> {theirs.statement}
        </p>
      )}
      <Choice
        label={t`This goal is`}
        value={status}
        onChange={(value) => setStatus(value as 'reached')}
        options={options(goalStatusWords, ['reached', 'stopped'])}
      />
      <TextField
        label={t`Because`}
        hint={status === 'reached' ? t`If there is something to say` : undefined}
        value={reason}
        onChange={setReason}
        required={status === 'stopped'}
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}

export function GoalCard({ goal, summary, today }: Props & { goal: Goal }) {
  const { can } = useHere();
  const [doing, setDoing] = useState<null | 'edit' | 'look' | 'stop'>(null);
  const patient = summary.patient.id;
  const writes = can('plans.write') && goal.status === 'active';
  const check = useSave(
    (body: { result: 'done' | 'something_else'; on: string }) =>
      create(`${goal.id}/check-offs`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/goals/{goal_id}/check-offs', {
          params: { path: { patient_id: patient, goal_id: goal.id }, header: key },
          body,
        }),
      ),
    async (saved) => {
      const newest = saved.milestones.at(-1);
      const fresh = newest && !goal.milestones.some((one) => one.id === newest.id);
      say(fresh ? newest.text : t`Noted. Done ${saved.check_offs_total} times in all.`);
      await refreshPatient(patient);
    },
  );
  const last = goal.check_offs[0];
  const looked = goal.reviews[0];
  const milestone = goal.milestones.at(-1);
  const done = () => setDoing(null);
  return (
    <li className="goal">
      <p className="goal-words" lang={goal.language ?? undefined}>
        {goal.statement}
      </p>
      <p className="small soft">
        {[
          goal.status !== 'active' && word(goalStatusWords, goal.status),
          goal.confidence != null && t`sure ${goal.confidence} of 10`,
          goalWeeks(goal),
          goal.check_offs_total > 0 && plural(goal.check_offs_total, { one: 'once', other: '# times' }),
        ]
          .filter(Boolean)
          .join(', ')}
        {last && (
          <>
            , <Trans>last</Trans> <When date={last.on} today={today} />
          </>
        )}
      </p>
      {goal.obstacle && (
        <p className="small">
          {goal.obstacle} {goal.obstacle_plan && <>→ {goal.obstacle_plan}</>}
        </p>
      )}
      {looked && (
        <p className="small soft">
          <When date={looked.on} today={today} />: {word(progressWords, looked.progress).toLocaleLowerCase()}
          {looked.note && `. ${looked.note}`}
        </p>
      )}
      {goal.status === 'active' && goal.offer_smaller_step && (
        <p className="small need-overdue hue">
          <Trans>Below 7 of 10: offer a smaller step.</Trans>
        </p>
      )}
      {milestone && <p className="small need-target_met hue strong">{milestone.text}</p>}
      {!!check.error && <ProblemNote error={check.error} />}
      {writes && !doing && (
        <div className="row goal-acts no-print">
          <Button
            small
            isPending={check.saving}
            onPress={() => check.save({ result: 'done', on: today })}
            aria-label={t`Did it today: ${goal.what}`}
          >
            <Trans>Did it</Trans>
          </Button>
          <Button
            small
            look="quiet"
            isPending={check.saving}
            onPress={() => check.save({ result: 'something_else', on: today })}
            aria-label={t`Did something else today: ${goal.what}`}
          >
            <Trans>Did something else</Trans>
          </Button>
          <Button
            small
            look="quiet"
            onPress={() => setDoing('look')}
            aria-label={t`Look at it: ${goal.what}`}
          >
            <Trans>Look at it</Trans>
          </Button>
          <Button small look="quiet" onPress={() => setDoing('edit')} aria-label={t`Change: ${goal.what}`}>
            <Trans>Change</Trans>
          </Button>
          <Button small look="quiet" onPress={() => setDoing('stop')} aria-label={t`End: ${goal.what}`}>
            <Trans>End</Trans>
          </Button>
        </div>
      )}
      {doing && (
        <div className="goal-form">
          {doing === 'edit' && <EditGoal goal={goal} summary={summary} today={today} onDone={done} />}
          {doing === 'look' && <LookAtGoal goal={goal} summary={summary} today={today} onDone={done} />}
          {doing === 'stop' && <StopGoal goal={goal} summary={summary} today={today} onDone={done} />}
        </div>
      )}
    </li>
  );
}

export function Goals({ goals, summary, today }: Props & { goals: Goal[] }) {
  const { can } = useHere();
  const [adding, setAdding] = useState(false);
  const active = goals.filter((goal) => goal.status === 'active');
  const past = goals.filter((goal) => goal.status !== 'active');
  return (
    <>
      {active.length === 0 && !adding && (
        <p className="soft">
          <Trans>No goal yet. One small thing to do is enough to begin.</Trans>
        </p>
      )}
      <ul>
        {active.map((goal) => (
          <GoalCard key={goal.id} goal={goal} summary={summary} today={today} />
        ))}
      </ul>
      {adding ? (
        <AddGoal summary={summary} today={today} onDone={() => setAdding(false)} />
      ) : (
        can('plans.write') && (
          <div className="no-print">
            <Button onPress={() => setAdding(true)}>
              <Trans>Add a goal</Trans>
            </Button>
          </div>
        )
      )}
      {past.length > 0 && (
        <details>
          <summary className="soft">
            <Trans>Goals before</Trans> ({past.length})
          </summary>
          <ul>
            {past.map((goal) => (
              <GoalCard key={goal.id} goal={goal} summary={summary} today={today} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
