/** @jsxImportSource preact */
// Goals: small, one's own, checked off. Whatever was done counts; nothing is ever lost.
import { plural, t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { ApiError, patch, post } from './api';
import { capital, dayWords, plainDate } from './dates';
import { useFrame } from './frame';
import { DAYS, dayName, NEW_GOAL, sentence } from './goal_words';
import { go, Link } from './router';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Day, Goal, GoalBody, Goals } from './types';
import {
  Button,
  Choices,
  Done,
  Gone,
  H2,
  LinkButton,
  More,
  Notice,
  Page,
  Scale,
  Shown,
  Sure,
  TextArea,
  TextField,
  Trouble,
} from './ui';

export default function GoalsPage({ id, step }: { id?: string; step?: string }) {
  const goals = useView<Goals>('goals');
  if (id === 'new') return <NewGoal step={step ?? 'what'} />;
  if (!id)
    return (
      <Page title={t`Goals`}>
        <Shown of={goals}>{(data) => <List data={data} />}</Shown>
      </Page>
    );
  const goal = goals.data?.items.find((one) => one.id === id);
  if (!goal)
    return (
      <Page title={t`Goal`} back={{ to: '/portal/goals', words: t`Goals` }}>
        <Gone of={goals}>{t`This goal is not here any more.`}</Gone>
      </Page>
    );
  return step === 'edit' ? <EditGoal goal={goal} /> : <OneGoal goal={goal} today={goals.data?.today ?? ''} />;
}

function List({ data }: { data: Goals }) {
  const here = useHere();
  const { level } = useFrame();
  const active = data.items.filter((goal) => goal.status === 'active');
  const others = data.items.filter((goal) => goal.status !== 'active');
  return (
    <>
      {active.length === 0 && (
        <p>{data.empty ?? t`No goal now. A small step that you choose is a good start.`}</p>
      )}
      {active.map((goal) => (
        <section class="card" key={goal.id}>
          <H2>{goal.statement}</H2>
          <CheckOff goal={goal} />
          <Progress goal={goal} />
          {!level && (
            <p>
              <Link to={`/portal/goals/${goal.id}`}>
                {t`Open`} <span class="hidden-text">{goal.statement}</span>
              </Link>
            </p>
          )}
        </section>
      ))}
      {here.may('goals') && (
        <LinkButton to="/portal/goals/new" look={active.length ? 'plain' : 'main'}>
          {t`Make a new goal`}
        </LinkButton>
      )}
      {others.length > 0 && (
        <More words={t`Goals before`}>
          <ul class="rows">
            {others.map((goal) => (
              <li key={goal.id}>
                <Link to={`/portal/goals/${goal.id}`}>{goal.statement}</Link>
                <span class="soft block">{goal.status === 'reached' ? t`Reached` : t`Put aside`}</span>
              </li>
            ))}
          </ul>
        </More>
      )}
    </>
  );
}

function Progress({ goal }: { goal: Goal }) {
  const last = goal.milestones.at(-1);
  const { done, of } = goal.weeks;
  return (
    <>
      {goal.times > 0 && (
        <p class="soft">
          {plural(goal.times, { one: 'Done # time.', other: 'Done # times.' })}
          {of > 1 && done > 0 ? ` ${t`In ${done} of the last ${of} weeks.`}` : ''}
        </p>
      )}
      {last && <p class="milestone">{last.text}</p>}
    </>
  );
}

function CheckOff({ goal }: { goal: Goal }) {
  const here = useHere();
  const act = useAct();
  const [cheer, setCheer] = useState<string[]>([]);
  if (!here.may('goals') || goal.status !== 'active') return null;
  const tell = (result: 'done' | 'something_else') =>
    act.run(async () => {
      const answer = await post<{ celebrate?: { text: string }[] }>(`goals/${goal.id}/check-offs`, {
        result,
      });
      setCheer((answer.celebrate ?? []).map((one) => one.text));
      changed('goals', 'home');
    });
  if (goal.today)
    return (
      <div class="notice good" role="status">
        <p>
          {goal.today === 'done'
            ? t`Done today. Well done.`
            : t`You did something else today. That counts too.`}
        </p>
        {cheer.map((words) => (
          <p key={words} class="strong">
            {words}
          </p>
        ))}
      </div>
    );
  return (
    <>
      <Trouble act={act} />
      <div class="row">
        <Button look="main" busy={act.saving} onClick={() => tell('done')}>
          {t`I did it today`}
        </Button>
        <Button busy={act.saving} onClick={() => tell('something_else')}>
          {t`I did something else`}
        </Button>
      </div>
    </>
  );
}

const byWords = (by: string, name: string, isSelf: boolean) =>
  by === 'you'
    ? isSelf
      ? t`by you`
      : t`by ${name}`
    : by === 'team'
      ? t`with your team`
      : t`by a person who helps you`;

function OneGoal({ goal, today }: { goal: Goal; today: string }) {
  const here = useHere();
  const act = useAct();
  const change = (status: 'active' | 'reached' | 'stopped') =>
    void act.run(async () => {
      await post(`goals/${goal.id}/status`, { status }, goal.version);
      changed('goals', 'home');
    });
  const may = here.may('goals') && goal.may_edit;
  return (
    <Page title={goal.statement} back={{ to: '/portal/goals', words: t`Goals` }}>
      {goal.status === 'reached' && (
        <Done>
          <p>{t`You reached this goal. That took work.`}</p>
        </Done>
      )}
      {goal.status === 'stopped' && <p>{t`This goal is put aside. You can take it up again.`}</p>}
      <Trouble act={act} />
      <CheckOff goal={goal} />
      <Progress goal={goal} />
      {goal.offer_smaller_step && goal.status === 'active' && may && (
        <Notice>
          <p>
            {goal.smaller_step_words ??
              t`You were not quite sure about this goal. A smaller step may fit better.`}
          </p>
          <LinkButton to={`/portal/goals/${goal.id}/edit`}>{t`Make it smaller`}</LinkButton>
        </Notice>
      )}
      {(goal.obstacle || goal.obstacle_plan) && (
        <section>
          <H2>{t`If it gets hard`}</H2>
          {goal.obstacle && <p dir="auto">{t`What may get in the way: ${goal.obstacle}`}</p>}
          {goal.obstacle_plan && <p dir="auto">{t`Then: ${goal.obstacle_plan}`}</p>}
        </section>
      )}
      <p class="soft">
        {t`Started ${plainDate(goal.start_date, today)}`}, {byWords(goal.written_by, here.name, here.isSelf)}.
        {goal.confidence_now !== null && ` ${t`How sure you are: ${goal.confidence_now} of 10.`}`}
      </p>
      {goal.check_offs.length > 0 && (
        <section>
          <H2>{t`What you did`}</H2>
          <ul class="rows">
            {goal.check_offs.map((one) => (
              <li key={one.id}>
                {capital(dayWords(one.on, today))}
                <span class="block">{one.result === 'done' ? t`Done` : t`Something else`}</span>
                {one.note && <span class="soft block">{one.note}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {goal.milestones.length > 0 && (
        <section>
          <H2>{t`On the way`}</H2>
          <ul class="points">
            {goal.milestones.map((one) => (
              <li key={one.id}>
                {one.text} <span class="soft">{plainDate(one.on, today)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {may && (
        <section class="no-print">
          <H2>{t`Change this goal`}</H2>
          <div class="row">
            {goal.status === 'active' ? (
              <>
                <LinkButton to={`/portal/goals/${goal.id}/edit`}>{t`Change the words`}</LinkButton>
                <Button busy={act.saving} onClick={() => change('reached')}>{t`I reached it`}</Button>
                <Sure
                  act={t`Put it aside`}
                  ask={t`You can take it up again at any time. What you did stays.`}
                  yes={t`Put it aside`}
                  onYes={() => change('stopped')}
                />
              </>
            ) : (
              <Button busy={act.saving} onClick={() => change('active')}>{t`Take it up again`}</Button>
            )}
          </div>
        </section>
      )}
    </Page>
  );
}

const STEPS = ['what', 'long', 'days', 'at', 'sure', 'hard', 'check'] as const;

function NewGoal({ step }: { step: string }) {
  const [goal, setGoal, forget] = useDraft<GoalBody>('goal-new', NEW_GOAL);
  const at = Math.max(0, STEPS.indexOf(step as (typeof STEPS)[number]));
  const [wrong, setWrong] = useState<Issue[]>([]);
  const act = useAct({ what: 'what', confidence: 'sure' });
  const set = (part: Partial<GoalBody>) => setGoal({ ...goal, ...part });
  const address = (index: number) => (index <= 0 ? '/portal/goals/new' : `/portal/goals/new/${STEPS[index]}`);
  const next = () => {
    if (STEPS[at] === 'what' && !goal.what.trim())
      return setWrong([{ field: 'what', text: t`Write what you will do.` }]);
    if (STEPS[at] === 'sure' && goal.confidence < 0)
      return setWrong([{ field: 'sure', text: t`Choose a number from 0 to 10.` }]);
    if (STEPS[at] !== 'check') return go(address(at + 1));
    if (!goal.what.trim() || goal.confidence < 0) return go(address(0));
    void act
      .run(async () => {
        const made = await post<Goal>('goals', goal);
        forget();
        changed('goals', 'home');
        go(`/portal/goals/${made.id}`, true);
      })
      .then(() => undefined);
  };
  const titles: Record<(typeof STEPS)[number], string> = {
    what: t`What will you do?`,
    long: t`For how long?`,
    days: t`On which days?`,
    at: t`At what time of day?`,
    sure: t`How sure are you?`,
    hard: t`What could get in the way?`,
    check: t`Your goal`,
  };
  const name = STEPS[at] ?? 'what';
  const steps = STEPS.length;
  const place = at + 1;
  return (
    <Page
      title={titles[name]}
      issues={wrong.length ? wrong : act.issues}
      back={{
        to: at === 0 ? '/portal/goals' : address(at - 1),
        words: at === 0 ? t`Goals` : t`Back`,
      }}
    >
      <p class="soft">{t`Step ${place} of ${steps}`}</p>
      {goal.what.trim() && name !== 'what' && (
        <p class="sentence" dir="auto">
          {sentence(goal)}
        </p>
      )}
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          next();
        }}
      >
        <Trouble act={act} again={next} />
        {name === 'what' && (
          <TextField
            id="what"
            label={t`I will…`}
            hint={t`One small thing, for example: walk with Marta, call my brother, cook soup.`}
            issues={wrong}
            value={goal.what}
            onValue={(what) => set({ what })}
            maxLength={500}
          />
        )}
        {name === 'long' && (
          <>
            <TextField
              id="long"
              label={t`For how long`}
              hint={t`For example: 10 minutes. Short is fine.`}
              optional
              value={goal.how_long}
              onValue={(how_long) => set({ how_long })}
              maxLength={80}
            />
            <TextField
              id="where"
              label={t`Where, or with whom`}
              hint={t`For example: in the park, with my sister.`}
              optional
              value={goal.where_with}
              onValue={(where_with) => set({ where_with })}
              maxLength={200}
            />
          </>
        )}
        {name === 'days' && (
          <Choices
            id="days"
            label={t`Choose one or more days`}
            optional
            many
            choices={DAYS.map((day) => ({ value: day, words: dayName(day) }))}
            value={goal.days}
            onValue={(days) => set({ days: days as Day[] })}
          />
        )}
        {name === 'at' && (
          <TextField
            id="at"
            label={t`When in the day`}
            hint={t`For example: after lunch, at 9 in the morning.`}
            optional
            value={goal.at}
            onValue={(at) => set({ at })}
            maxLength={80}
          />
        )}
        {name === 'sure' && (
          <>
            <Scale
              id="sure"
              label={t`How sure are you that you can do it?`}
              issues={wrong}
              low={t`not sure at all`}
              high={t`very sure`}
              value={goal.confidence < 0 ? null : goal.confidence}
              onValue={(confidence) => set({ confidence })}
            />
            {goal.confidence >= 0 && goal.confidence < 7 && (
              <Notice live>
                <p>{t`A smaller step is often better: half the time, or fewer days. You can also keep it as it is.`}</p>
                <LinkButton to={address(0)}>{t`Make it smaller`}</LinkButton>
              </Notice>
            )}
          </>
        )}
        {name === 'hard' && (
          <>
            <TextField
              id="obstacle"
              label={t`What could get in the way?`}
              optional
              value={goal.obstacle}
              onValue={(obstacle) => set({ obstacle })}
              maxLength={300}
            />
            <TextField
              id="plan"
              label={t`What will you do then?`}
              optional
              value={goal.obstacle_plan}
              onValue={(obstacle_plan) => set({ obstacle_plan })}
              maxLength={300}
            />
          </>
        )}
        {name === 'check' && (
          <>
            {goal.confidence >= 0 && <p>{t`How sure you are: ${goal.confidence} of 10.`}</p>}
            {goal.obstacle && <p dir="auto">{t`What may get in the way: ${goal.obstacle}`}</p>}
            {goal.obstacle_plan && <p dir="auto">{t`Then: ${goal.obstacle_plan}`}</p>}
            <p class="soft">{t`Your team can see this goal. You can change it at any time.`}</p>
          </>
        )}
        <div class="row">
          <Button type="submit" look="main" busy={act.saving}>
            {name === 'check' ? t`Save my goal` : t`Continue`}
          </Button>
          {name === 'check' && <LinkButton to={address(0)}>{t`Change something`}</LinkButton>}
        </div>
      </form>
    </Page>
  );
}

function EditGoal({ goal }: { goal: Goal }) {
  const [words, setWords, forget] = useDraft<GoalBody>(`goal-${goal.id}`, {
    what: goal.what,
    how_long: goal.how_long ?? '',
    days: goal.days as Day[],
    at: goal.at ?? '',
    where_with: goal.where_with ?? '',
    confidence: goal.confidence_now ?? goal.confidence ?? -1,
    obstacle: goal.obstacle ?? '',
    obstacle_plan: goal.obstacle_plan ?? '',
  });
  const act = useAct({ what: 'what', confidence: 'sure' });
  const set = (part: Partial<GoalBody>) => setWords({ ...words, ...part });
  // The form changes the version it was opened with, never one that came meanwhile.
  const [version] = useState(goal.version);
  const [theirs, setTheirs] = useState<Goal | null>(null);
  const save = () => {
    const wrong: Issue[] = [];
    if (!words.what.trim()) wrong.push({ field: 'what', text: t`Write what you will do.` });
    if (words.confidence < 0) wrong.push({ field: 'sure', text: t`Choose a number from 0 to 10.` });
    void act.run(async () => {
      try {
        await patch<Goal>(`goals/${goal.id}`, words, theirs?.version ?? version);
      } catch (error) {
        if (error instanceof ApiError && error.status === 412 && error.problem.current)
          setTheirs(error.problem.current as Goal);
        throw error;
      }
      forget();
      changed('goals', 'home');
      go(`/portal/goals/${goal.id}`, true);
    }, wrong);
  };
  return (
    <Page
      title={t`Change this goal`}
      issues={act.issues}
      back={{ to: `/portal/goals/${goal.id}`, words: t`Back to the goal` }}
    >
      <p class="sentence" dir="auto">
        {sentence(words)}
      </p>
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          save();
        }}
      >
        <Trouble act={act} again={save} />
        {theirs && (
          <Notice kind="care">
            <p>{t`Meanwhile it was changed to: ${theirs.statement}`}</p>
            <p>{t`Save again to use your words.`}</p>
          </Notice>
        )}
        <TextField
          id="what"
          label={t`I will…`}
          issues={act.issues}
          value={words.what}
          onValue={(what) => set({ what })}
          maxLength={500}
        />
        <TextField
          id="long"
          label={t`For how long`}
          optional
          value={words.how_long}
          onValue={(how_long) => set({ how_long })}
          maxLength={80}
        />
        <TextField
          id="where"
          label={t`Where, or with whom`}
          optional
          value={words.where_with}
          onValue={(where_with) => set({ where_with })}
          maxLength={200}
        />
        <Choices
          id="days"
          label={t`On which days?`}
          optional
          many
          across
          choices={DAYS.map((day) => ({ value: day, words: dayName(day) }))}
          value={words.days}
          onValue={(days) => set({ days: days as Day[] })}
        />
        <TextField
          id="at"
          label={t`When in the day`}
          optional
          value={words.at}
          onValue={(at) => set({ at })}
          maxLength={80}
        />
        <Scale
          id="sure"
          label={t`How sure are you that you can do it?`}
          issues={act.issues}
          low={t`not sure at all`}
          high={t`very sure`}
          value={words.confidence < 0 ? null : words.confidence}
          onValue={(confidence) => set({ confidence })}
        />
        <TextArea
          id="obstacle"
          rows={2}
          label={t`What could get in the way?`}
          optional
          value={words.obstacle}
          onValue={(obstacle) => set({ obstacle })}
          maxLength={300}
        />
        <TextArea
          id="plan"
          rows={2}
          label={t`What will you do then?`}
          optional
          value={words.obstacle_plan}
          onValue={(obstacle_plan) => set({ obstacle_plan })}
          maxLength={300}
        />
        <div>
          <Button type="submit" look="main" busy={act.saving}>
            {t`Save my goal`}
          </Button>
        </div>
      </form>
    </Page>
  );
}
