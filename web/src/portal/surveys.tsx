/** @jsxImportSource preact */
// A few questions about the care. The team's manager sees them added up; nobody has to answer.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { post } from './api';
import { plainDate } from './dates';
import { Link, stepped } from './router';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Survey, Surveys } from './types';
import { Button, Choices, Done, H2, Page, Scale, Shown, TextArea, Trouble } from './ui';

export default function SurveysPage({ id }: { id?: string }) {
  const surveys = useView<Surveys>('surveys');
  const [thanks, setThanks] = useState<string | null>(null);
  const here = useHere();
  const due = surveys.data?.due.find((one) => one.id === id);
  if (id && due && !thanks)
    return (
      <OneSurvey
        survey={due}
        onDone={(words) => {
          stepped();
          setThanks(words);
        }}
      />
    );
  return (
    <Page title={t`Questions about your care`} key={thanks ? 'thanks' : 'list'}>
      {thanks && (
        <Done>
          <p>{thanks}</p>
        </Done>
      )}
      <Shown of={surveys}>
        {(data) => (
          <>
            {data.who_reads && <p>{data.who_reads}</p>}
            {data.due.length === 0 && <p>{data.empty ?? t`Nothing to answer now.`}</p>}
            {data.due.map((one) => (
              <section class="card" key={one.id}>
                <H2>{one.title}</H2>
                <p>{one.reason}</p>
                <Link to={`/portal/questions/${one.id}`} class="button main">
                  {t`Answer`} <span class="hidden-text">{one.title}</span>
                </Link>
              </section>
            ))}
            {data.answered.length > 0 && (
              <section>
                <H2>{t`Answered`}</H2>
                <ul class="rows">
                  {data.answered.map((one) => (
                    <li key={one.id + one.on}>
                      {one.title} <span class="soft">{plainDate(one.on, here.today)}</span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

function OneSurvey({ survey, onDone }: { survey: Survey; onDone: (thanks: string) => void }) {
  const [answers, setAnswers, forget] = useDraft<Record<string, number | string>>(`survey-${survey.id}`, {});
  const act = useAct(Object.fromEntries(survey.items.map((item) => [`answers.${item.id}`, `q-${item.id}`])));
  const set = (item: string, value: number | string) => setAnswers({ ...answers, [item]: value });
  const send = (declined: boolean) => {
    const wrong: Issue[] = declined
      ? []
      : survey.items
          .filter((item) => !item.optional && (answers[item.id] === undefined || answers[item.id] === ''))
          .map((item) => ({ field: `q-${item.id}`, text: t`Please answer: ${item.text ?? ''}` }));
    void act.run(async () => {
      const done = await post<{ thanks: string }>(
        `surveys/${survey.id}/answers`,
        declined ? { declined: true } : { answers },
      );
      forget();
      changed('surveys', 'home');
      onDone(done.thanks);
    }, wrong);
  };
  return (
    <Page
      title={survey.title}
      issues={act.issues}
      back={{ to: '/portal/questions', words: t`Questions about your care` }}
    >
      <p>{survey.intro}</p>
      <form
        class="stack loose"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          send(false);
        }}
      >
        <Trouble act={act} again={() => send(false)} />
        {survey.items.map((item) => {
          const id = `q-${item.id}`;
          const value = answers[item.id];
          if (item.kind === 'scale')
            return (
              <Scale
                key={id}
                id={id}
                label={item.text ?? ''}
                optional={item.optional}
                issues={act.issues}
                from={item.minimum}
                to={item.maximum}
                low={item.low ?? ''}
                high={item.high ?? ''}
                value={typeof value === 'number' ? value : null}
                onValue={(number) => set(item.id, number)}
              />
            );
          if (item.kind === 'choice')
            return (
              <Choices
                key={id}
                id={id}
                label={item.text ?? ''}
                optional={item.optional}
                issues={act.issues}
                choices={item.options.map((option) => ({ value: `${option.value}`, words: option.text }))}
                value={value === undefined ? [] : [`${value}`]}
                onValue={([picked]) => {
                  const option = item.options.find((one) => `${one.value}` === picked);
                  if (option) set(item.id, option.value);
                }}
              />
            );
          return (
            <TextArea
              key={id}
              id={id}
              label={item.text ?? ''}
              optional={item.optional}
              issues={act.issues}
              value={typeof value === 'string' ? value : ''}
              onValue={(text) => set(item.id, text)}
              maxLength={2000}
            />
          );
        })}
        <div class="row">
          <Button type="submit" look="main" busy={act.saving}>
            {t`Send my answers`}
          </Button>
          <Button look="quiet" busy={act.saving} onClick={() => send(true)}>
            {t`I would rather not answer`}
          </Button>
        </div>
        {survey.source && <p class="soft">{survey.source}</p>}
      </form>
    </Page>
  );
}
