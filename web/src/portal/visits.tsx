/** @jsxImportSource preact */
// Visits: come, ask for another time, cancel; a file for the calendar.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { post } from './api';
import { capital, clockTime, dayWords } from './dates';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Visit, Visits } from './types';
import { Button, H2, More, Page, Shown, Sure, TextArea, Trouble } from './ui';

export const kindWords = (kind: string) =>
  kind === 'phone' ? t`By phone` : kind === 'video' ? t`By video` : t`In person`;
export const stateWords = (state: string) =>
  state === 'cancelled'
    ? t`Cancelled`
    : state === 'no_show'
      ? t`Missed`
      : state === 'booked'
        ? t`Booked`
        : t`Took place`;

export default function VisitsPage() {
  const visits = useView<Visits>('visits');
  const here = useHere();
  return (
    <Page title={t`Visits`}>
      <Shown of={visits}>
        {(data) => (
          <>
            {data.upcoming.length === 0 && (
              <p>{t`No visit is planned. To make one, call your clinic or write to your team.`}</p>
            )}
            {data.upcoming.map((one) => (
              <One key={one.id} visit={one} />
            ))}
            {data.past.length > 0 && (
              <More words={t`Visits before`}>
                <ul class="rows">
                  {data.past.map((one) => (
                    <li key={one.id}>
                      {capital(dayWords(one.date, here.today))}
                      <span class="soft block">
                        {one.with}. {kindWords(one.kind)}. {stateWords(one.state)}.
                      </span>
                    </li>
                  ))}
                </ul>
              </More>
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

function One({ visit }: { visit: Visit }) {
  const here = useHere();
  const act = useAct({ words: `words-${visit.id}` });
  const [words, setWords, forget] = useDraft(`visit-${visit.id}`, '');
  const [asking, setAsking] = useState(false);
  const tell = (answer: 'confirm' | 'ask_change' | 'cancel', wrong: Issue[] = []) =>
    void act
      .run(
        () =>
          post(`visits/${visit.id}/acts`, {
            act: answer,
            ...(answer === 'ask_change' && { words: words.trim() }),
          }),
        wrong,
      )
      .then((ok) => {
        if (!ok) return;
        forget();
        setAsking(false);
        changed('visits', 'home');
      });
  const { minutes } = visit;
  const time = clockTime(visit.start_minute);
  const day = capital(dayWords(visit.date, here.today));
  const who = visit.with;
  const cancelled = visit.answer === 'cancelled' || visit.state === 'cancelled';
  return (
    <section class="card">
      <H2>
        {day}, {time}
      </H2>
      <p>{t`With ${who}. ${kindWords(visit.kind)}. ${minutes} minutes.`}</p>
      {visit.place && <p>{visit.place}</p>}
      {visit.video_link && !cancelled && (
        <p>
          <a class="button" href={visit.video_link} rel="noreferrer" target="_blank">
            {t`Open the video call`}
          </a>
        </p>
      )}
      <div role="status">
        {visit.answer === 'confirmed' && <p class="notice good">{t`You said: I will be there.`}</p>}
        {visit.answer === 'change_asked' && (
          <p class="notice">{t`You asked for another time. Your team will be in touch. Until then this time stays.`}</p>
        )}
        {cancelled && <p class="notice">{t`This visit is cancelled.`}</p>}
      </div>
      <Trouble act={act} />
      {visit.can_answer && here.may('appointments') && !cancelled && (
        <>
          <div class="row">
            {visit.answer !== 'confirmed' && (
              <Button look="main" busy={act.saving} onClick={() => tell('confirm')}>
                {t`I will be there`}
              </Button>
            )}
            <Button expanded={asking} onClick={() => setAsking(!asking)}>
              {t`I need another time`}
            </Button>
            <Sure
              act={t`Cancel the visit`}
              ask={t`Your team will know that you are not coming. You can make a new visit at any time.`}
              yes={t`Cancel the visit`}
              onYes={() => tell('cancel')}
            />
          </div>
          {asking && (
            <form
              class="stack"
              noValidate
              onSubmit={(event: Event) => {
                event.preventDefault();
                tell(
                  'ask_change',
                  words.trim() ? [] : [{ field: `words-${visit.id}`, text: t`Write when you can come.` }],
                );
              }}
            >
              <TextArea
                id={`words-${visit.id}`}
                label={t`When can you come?`}
                hint={t`For example: mornings, or not before Thursday.`}
                issues={act.issues}
                value={words}
                onValue={setWords}
                rows={2}
                maxLength={500}
              />
              <div>
                <Button type="submit" look="main" busy={act.saving}>
                  {t`Ask for another time`}
                </Button>
              </div>
            </form>
          )}
        </>
      )}
      {!cancelled && (
        <p>
          <a href={visit.calendar} download="visit.ics">
            {t`Put it into my calendar`}
            <span class="hidden-text">
              {' '}
              {day}, {time}
            </span>
          </a>
        </p>
      )}
    </section>
  );
}
