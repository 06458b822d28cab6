/** @jsxImportSource preact */
// Medicines and other treatment: what it is, did you take it today, how does it go down.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { post } from './api';
import { capital, longDate, plainDate } from './dates';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { Treatment, Treatments } from './types';
import { Button, Choices, Done, H2, H3, More, Notice, Page, Shown, TextArea, Trouble } from './ui';

const takenWords = (taken: string) =>
  taken === 'yes' ? t`Taken` : taken === 'partly' ? t`Partly taken` : t`Not taken`;
export const botherWords = (bother: number) =>
  [t`Not at all`, t`A little`, t`Quite a lot`, t`Very much`][bother] ?? '';

export default function MedicinesPage() {
  const here = useHere();
  const treatments = useView<Treatments>('treatments');
  return (
    <Page title={t`Medicines and treatment`}>
      <Shown of={treatments}>
        {(data) => (
          <>
            {data.empty && <p>{data.empty}</p>}
            {data.items.map((one) => (
              <Item key={one.id} treatment={one} />
            ))}
            <Notice>
              <p>{data.advice}</p>
            </Notice>
            {data.past.length > 0 && (
              <More words={t`Before`}>
                <ul class="rows">
                  {data.past.map((one) => (
                    <li key={one.id}>
                      {one.name}
                      <span class="soft block">
                        {plainDate(one.since, here.today)}
                        {one.until && ` – ${plainDate(one.until, here.today)}`}
                        {one.words && `. ${one.words}`}
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

function Item({ treatment }: { treatment: Treatment }) {
  const here = useHere();
  const act = useAct();
  const [told, setTold] = useState(false);
  const medicine = treatment.kind === 'medication';
  const tell = (taken: string) =>
    act.run(async () => {
      await post('logs', { kind: 'medicine', treatment_id: treatment.id, taken });
      changed('treatments', 'logs', 'home');
    });
  return (
    <section class="card">
      <H2>{capital(`${treatment.name} ${treatment.dose ?? ''}`.trim())}</H2>
      <p>{treatment.words || t`Since ${plainDate(treatment.since, here.today)}`}</p>
      {medicine && here.isSelf && (
        <>
          <Choices
            id={`taken-${treatment.id}`}
            label={t`Did you take it today?`}
            across
            choices={[
              { value: 'yes', words: t`Yes` },
              { value: 'partly', words: t`Partly` },
              { value: 'no', words: t`No` },
            ]}
            value={treatment.today ? [treatment.today] : []}
            onValue={([value]) => value && void tell(value)}
          />
          <p class="soft" role="status">
            {act.saving
              ? t`Saving`
              : treatment.today
                ? t`Kept for today: ${takenWords(treatment.today)}.`
                : ''}
          </p>
          <Trouble act={act} />
        </>
      )}
      {treatment.side_effects.length > 0 && (
        <>
          <H3>{t`What you told us about side effects`}</H3>
          <ul class="points">
            {treatment.side_effects.map((one) => (
              <li key={one.id}>
                <span dir="auto">{one.text}</span>
                <span class="soft">
                  {' '}
                  {longDate(one.on, here.today)}.{' '}
                  {one.bother !== null && t`Bothers you: ${botherWords(one.bother)}`}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {told && (
        <Done>
          <p>{t`Thank you. Your team sees this. For fast help, call your clinic.`}</p>
        </Done>
      )}
      {here.isSelf && (
        <More words={t`Tell us about a side effect`}>
          <SideEffect treatment={treatment} onTold={() => setTold(true)} />
        </More>
      )}
      {medicine && treatment.taken.length > 0 && (
        <More words={t`The last 14 days`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t`Day`}</th>
                <th scope="col">{t`Taken?`}</th>
              </tr>
            </thead>
            <tbody>
              {treatment.taken.map((one) => (
                <tr key={one.on}>
                  <th scope="row">{longDate(one.on, here.today)}</th>
                  <td>{takenWords(one.taken)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </More>
      )}
    </section>
  );
}

function SideEffect({ treatment, onTold }: { treatment: Treatment; onTold: () => void }) {
  const name = `side-${treatment.id}`;
  const [text, setText, forget] = useDraft(name, '');
  const [bother, setBother] = useState<string[]>([]);
  const act = useAct({ text: `${name}-text`, bother: `${name}-bother` });
  const send = () => {
    const wrong: Issue[] = [];
    if (!text.trim()) wrong.push({ field: `${name}-text`, text: t`Write what you notice.` });
    if (!bother.length) wrong.push({ field: `${name}-bother`, text: t`Choose how much it bothers you.` });
    void act
      .run(
        () =>
          post('logs', {
            kind: 'side_effect',
            treatment_id: treatment.id,
            text: text.trim(),
            bother: Number(bother[0]),
          }),
        wrong,
      )
      .then((ok) => {
        if (!ok) return;
        forget();
        setBother([]);
        changed('treatments', 'logs');
        onTold();
      });
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        send();
      }}
    >
      <Trouble act={act} again={send} />
      <TextArea
        id={`${name}-text`}
        label={t`What do you notice?`}
        issues={act.issues}
        value={text}
        onValue={setText}
        rows={3}
        maxLength={2000}
      />
      <Choices
        id={`${name}-bother`}
        label={t`How much does it bother you?`}
        issues={act.issues}
        choices={[0, 1, 2, 3].map((n) => ({ value: `${n}`, words: botherWords(n) }))}
        value={bother}
        onValue={setBother}
      />
      <p>{t`Trouble breathing, a swollen face, or a bad rash: call 911 now.`}</p>
      <div>
        <Button type="submit" look="main" busy={act.saving}>
          {t`Send to my team`}
        </Button>
      </div>
    </form>
  );
}
