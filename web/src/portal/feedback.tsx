/** @jsxImportSource preact */
// Praise, ideas and complaints: read by the manager of the program, answered if a name is on it.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { post } from './api';
import { capital, momentWords } from './dates';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Feedback } from './types';
import { Button, Choices, Done, H2, Page, Shown, TextArea, Trouble, Words } from './ui';

export default function FeedbackPage() {
  const here = useHere();
  const feedback = useView<Feedback>('feedback');
  const [draft, setDraft, forget] = useDraft('feedback', { topic: '', text: '', anonymous: '' });
  const [sent, setSent] = useState(0);
  const act = useAct({ topic: 'topic', text: 'text' });
  const send = () => {
    const wrong: Issue[] = [];
    if (!draft.topic) wrong.push({ field: 'topic', text: t`Choose what it is about.` });
    if (!draft.text.trim()) wrong.push({ field: 'text', text: t`Write what you want to tell us.` });
    if (!draft.anonymous) wrong.push({ field: 'named', text: t`Choose if your name is on it.` });
    void act
      .run(
        () =>
          post('feedback', {
            topic: draft.topic,
            text: draft.text.trim(),
            anonymous: draft.anonymous === 'yes',
          }),
        wrong,
      )
      .then((ok) => {
        if (!ok) return;
        forget();
        changed('feedback');
        setSent((n) => n + 1);
      });
  };
  return (
    <Page title={t`Praise, ideas and complaints`} issues={act.issues}>
      {sent > 0 && (
        <Done key={sent}>
          <p>{t`Thank you. It was sent.`}</p>
        </Done>
      )}
      <Shown of={feedback}>
        {(data) => (
          <>
            <p>{data.who_reads}</p>
            <form
              class="stack"
              noValidate
              onSubmit={(event: Event) => {
                event.preventDefault();
                send();
              }}
            >
              <Trouble act={act} again={send} />
              <Choices
                id="topic"
                label={t`What is it about?`}
                issues={act.issues}
                choices={data.topics.map((topic) => ({ value: topic.id, words: topic.text }))}
                value={draft.topic ? [draft.topic] : []}
                onValue={([topic]) => setDraft({ ...draft, topic: topic ?? '' })}
              />
              <TextArea
                id="text"
                label={t`What do you want to tell us?`}
                issues={act.issues}
                value={draft.text}
                onValue={(text) => setDraft({ ...draft, text })}
                rows={5}
                maxLength={5000}
              />
              <Choices
                id="named"
                label={t`Should your name be on it?`}
                issues={act.issues}
                choices={[
                  { value: 'no', words: t`Yes, so that you can answer me` },
                  { value: 'yes', words: t`No, without my name` },
                ]}
                value={draft.anonymous ? [draft.anonymous] : []}
                onValue={([anonymous]) => setDraft({ ...draft, anonymous: anonymous ?? '' })}
              />
              <div>
                <Button type="submit" look="main" busy={act.saving}>
                  {t`Send`}
                </Button>
              </div>
            </form>
            {data.items.length > 0 && (
              <section>
                <H2>{t`What you sent before`}</H2>
                <ul class="rows tall">
                  {data.items.map((one) => (
                    <li key={one.id}>
                      <p class="soft">
                        {capital(momentWords(one.at, here.today, here.zone))}. {one.topic_name}.{' '}
                        {one.state_words}
                      </p>
                      <Words>{one.text}</Words>
                      {one.answer && (
                        <div class="notice">
                          <p class="strong">{t`What we answered`}</p>
                          <Words>{one.answer}</Words>
                        </div>
                      )}
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
