/** @jsxImportSource preact */
// Before a decision: the question that matters first, then the options side by side, then what weighs for me.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { useAct } from './act';
import { ApiError, put } from './api';
import { plainDate } from './dates';
import { Link } from './router';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Aid, AidCell, Decisions, OpenDecision } from './types';
import {
  Button,
  Choices,
  Done,
  H2,
  H3,
  More,
  Notice,
  Page,
  print,
  Scale,
  Shown,
  TextArea,
  Trouble,
  Words,
} from './ui';

export default function ChoicesPage({ id }: { id?: string }) {
  const decisions = useView<Decisions>('decisions');
  const open = id && decisions.data?.open.find((one) => one.aid.id === id);
  if (open) return <OneChoice open={open} key={open.aid.id} />;
  return (
    <Page title={t`Choices to make together`}>
      <Shown of={decisions}>{(data) => <List data={data} />}</Shown>
    </Page>
  );
}

function List({ data }: { data: Decisions }) {
  const here = useHere();
  return (
    <>
      <p>{t`You decide together with your team. Here you can look at the choices first, in your own time.`}</p>
      {data.empty && data.open.length === 0 && <p>{data.empty}</p>}
      <ul class="rows tall">
        {data.open.map((one) => (
          <li key={one.aid.id}>
            <Link to={`/portal/choices/${one.aid.id}`}>{one.aid.title}</Link>
            <span class="block">{one.aid.question}</span>
            {one.saved_at && (
              <span class="soft block">{t`You have begun. Your team can see what you kept.`}</span>
            )}
          </li>
        ))}
      </ul>
      {data.made.length > 0 && (
        <section>
          <H2>{t`What was decided`}</H2>
          <ul class="rows tall">
            {data.made.map((one) => (
              <li key={one.id}>
                <strong>{one.topic}</strong>
                <span class="block">{one.choice_words || one.choice_name || one.choice}</span>
                <span class="soft block">{plainDate(one.on, here.today)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Cell({ cell }: { cell: AidCell | undefined }) {
  if (!cell) return null;
  const n = cell.per_100;
  return (
    <p>
      {cell.words}
      {n !== null && n !== undefined && <span class="soft block">{t`About ${n} of 100 people`}</span>}
    </p>
  );
}

/** Questions are rows, options are columns; on a phone each question is read option by option. */
function Grid({ aid, issues }: { aid: Aid; issues: Aid['issues'] }) {
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">{t`Your question`}</th>
          {aid.options.map((option) => (
            <th scope="col" key={option.id}>
              {option.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {issues.map((issue) => (
          <tr key={issue.id}>
            <th scope="row">{issue.question}</th>
            {aid.options.map((option) => {
              const answer = issue.answers.find((one) => one.option === option.id);
              return (
                <td key={option.id}>
                  <span class="column-name" aria-hidden="true">
                    {option.name}
                  </span>
                  <p class="soft">{t`Good about it`}</p>
                  <Cell cell={answer?.benefit} />
                  <p class="soft">{t`Not so good`}</p>
                  <Cell cell={answer?.harm} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OneChoice({ open }: { open: OpenDecision }) {
  const { aid } = open;
  const here = useHere();
  const [picked, setPicked] = useState<string[]>([]);
  const [all, setAll] = useState(false);
  const chosen = all ? aid.issues : aid.issues.filter((issue) => picked.includes(issue.id));
  return (
    <Page title={aid.title} wide back={{ to: '/portal/choices', words: t`Choices to make together` }}>
      <p class="lead">{aid.question}</p>
      <div class="no-print">
        <Words>{aid.introduction}</Words>
      </div>
      {aid.awaiting_review && <p class="soft">{t`These words still wait for a check by clinicians.`}</p>}
      <section class="no-print">
        <H2>{t`1. The choices`}</H2>
        <ul class="rows tall">
          {aid.options.map((option) => (
            <li key={option.id}>
              <strong>{option.name}</strong>
              <span class="block">{option.what}</span>
              <span class="soft block">{option.living_with}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <div class="no-print">
          <H2>{t`2. What matters most to you?`}</H2>
        </div>
        <div class="no-print stack">
          <Choices
            id="issues"
            label={t`Choose one or more questions`}
            many
            choices={aid.issues.map((issue) => ({ value: issue.id, words: issue.question }))}
            value={picked}
            onValue={(value) => {
              setAll(false);
              setPicked(value);
            }}
          />
          <Button pressed={all} onClick={() => setAll(!all)}>
            {t`Show all questions`}
          </Button>
        </div>
        <div role="status">{chosen.length > 0 && <Grid aid={aid} issues={chosen} />}</div>
        {chosen.length === 0 && (
          <div class="only-print">
            <Grid aid={aid} issues={aid.issues} />
          </div>
        )}
      </section>
      {here.may('plan') && <Weights open={open} />}
      {open.weights.length > 0 && (
        <section class="only-print">
          <H2>{t`What matters to me`}</H2>
          <ul class="points">
            {open.weights.map((one) => (
              <li key={one.item}>
                {one.text || one.item}: {t`${one.weight} of 5`}
              </li>
            ))}
          </ul>
          {open.leaning_name && <p>{t`I lean towards: ${open.leaning_name}`}</p>}
          {open.words && <Words>{open.words}</Words>}
        </section>
      )}
      <Notice>
        <p class="strong">{t`What nobody knows for sure`}</p>
        <Words>{aid.uncertainty}</Words>
        <p class="strong">{t`Talk to your team first if`}</p>
        <Words>{aid.talk_first}</Words>
      </Notice>
      <More words={t`Where this comes from`}>
        <ul class="points">
          {aid.sources.map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ul>
      </More>
      <div class="no-print">
        <Button onClick={print}>{t`Print`}</Button>
      </div>
    </Page>
  );
}

function Weights({ open }: { open: OpenDecision }) {
  const { aid } = open;
  const name = `choice-${aid.id}`;
  const start = {
    weights: Object.fromEntries(open.weights.map((one) => [one.item, one.weight])) as Record<string, number>,
    own: open.weights.find((one) => !aid.matters.some((matter) => matter.id === one.item))?.item ?? '',
    leaning: open.leaning ?? '',
    words: open.words ?? '',
  };
  const [mine, setMine, forget] = useDraft(name, start);
  const [version, setVersion] = useState(open.version);
  const [kept, setKept] = useState(0);
  const act = useAct({ words: 'words' });
  const set = (part: Partial<typeof start>) => setMine({ ...mine, ...part });
  const save = () =>
    void act
      .run(async () => {
        const weights = aid.matters
          .filter((matter) => mine.weights[matter.id] !== undefined)
          .map((matter) => ({ item: matter.id, weight: mine.weights[matter.id] }));
        if (mine.own.trim()) weights.push({ item: mine.own.trim(), weight: mine.weights[mine.own] ?? 5 });
        try {
          const saved = await put<OpenDecision>(
            `decisions/${aid.id}/weights`,
            { weights, leaning: mine.leaning || null, words: mine.words.trim(), version },
            version,
          );
          setVersion(saved.version);
        } catch (error) {
          if (error instanceof ApiError && error.status === 412) {
            const current = error.problem.current as OpenDecision | undefined;
            if (current) setVersion(current.version);
          }
          throw error;
        }
      })
      .then((ok) => {
        if (!ok) return;
        forget(mine);
        changed('decisions', 'home');
        setKept((n) => n + 1);
      });
  return (
    <section class="no-print">
      <H2>{t`3. How much does it matter to you?`}</H2>
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          save();
        }}
      >
        <Trouble act={act} again={save} />
        {aid.matters.map((matter) => (
          <Scale
            key={matter.id}
            id={`weight-${matter.id}`}
            label={matter.text}
            to={5}
            low={t`not at all`}
            high={t`very much`}
            value={mine.weights[matter.id] ?? null}
            onValue={(weight) => set({ weights: { ...mine.weights, [matter.id]: weight } })}
          />
        ))}
        <TextArea
          id="own"
          label={t`Something else that matters to you`}
          optional
          rows={2}
          value={mine.own}
          onValue={(own) => set({ own })}
          maxLength={200}
        />
        <H3>{t`Where do you lean now?`}</H3>
        <Choices
          id="leaning"
          label={t`You can still change your mind`}
          choices={[
            ...aid.options.map((option) => ({ value: option.id, words: option.name })),
            { value: 'undecided', words: t`I do not know yet` },
          ]}
          value={mine.leaning ? [mine.leaning] : []}
          onValue={([leaning]) => set({ leaning: leaning ?? '' })}
        />
        <TextArea
          id="words"
          label={t`What would you like to ask or tell your team?`}
          optional
          rows={3}
          issues={act.issues}
          value={mine.words}
          onValue={(words) => set({ words })}
          maxLength={2000}
        />
        {kept > 0 && !act.saving && !act.problem && (
          <Done key={kept}>
            <p>{t`Kept. Your team sees it before you talk.`}</p>
          </Done>
        )}
        <div class="no-print">
          <Button type="submit" look="main" busy={act.saving}>
            {t`Keep this for our talk`}
          </Button>
        </div>
      </form>
    </section>
  );
}
