/** @jsxImportSource preact */
// Mood and activities, one line a day or none at all. No streaks.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { post } from './api';
import { capital, dayWords } from './dates';
import { botherWords } from './medicines';
import { useHere } from './session';
import { changed, useDraft, useView } from './store';
import type { LogEntry, Logs } from './types';
import { Button, Done, H2, Page, Scale, Shown, TextArea, Trouble } from './ui';

export default function DiaryPage() {
  const [done, setDone] = useState(0);
  const [after, setAfter] = useState<string[]>([]);
  const logs = useView<Logs>('logs');
  const kept = () => {
    changed('logs', 'home');
    setDone((n) => n + 1);
  };
  return (
    <Page title={t`Diary`}>
      {done > 0 && (
        <Done key={done}>
          <p>{t`Kept. Thank you for writing it down.`}</p>
        </Done>
      )}
      <Mood onKept={kept} />
      <Activity onKept={kept} />
      <section>
        <H2>{t`What you wrote`}</H2>
        <Shown of={logs}>
          {(data) => (
            <>
              <p class="soft">{data.seen_by_team}</p>
              {data.items.length === 0 && <p>{t`Nothing yet.`}</p>}
              <ul class="rows">
                {data.items.map((entry) => (
                  <Entry key={entry.id} entry={entry} />
                ))}
                {after.map((key) => (
                  <Older key={key} after={key} />
                ))}
              </ul>
              {data.next && after.length === 0 && (
                <Button onClick={() => setAfter([data.next!])}>{t`Show older days`}</Button>
              )}
            </>
          )}
        </Shown>
      </section>
    </Page>
  );
}

function Older({ after }: { after: string }) {
  const logs = useView<Logs>(`logs?after=${encodeURIComponent(after)}`);
  const [more, setMore] = useState(false);
  return (
    <Shown of={logs}>
      {(data) => (
        <>
          {data.items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
          {data.next &&
            (more ? (
              <Older after={data.next} />
            ) : (
              <li>
                <Button onClick={() => setMore(true)}>{t`Show older days`}</Button>
              </li>
            ))}
        </>
      )}
    </Shown>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const here = useHere();
  const { kind, score, pleasure, mastery } = entry;
  const name = entry.treatment?.name ?? '';
  const words =
    kind === 'mood'
      ? t`Mood: ${score ?? 0} of 10`
      : kind === 'activity'
        ? t`Activity`
        : kind === 'medicine'
          ? `${name}: ${entry.taken === 'yes' ? t`Taken` : entry.taken === 'partly' ? t`Partly taken` : t`Not taken`}`
          : `${name}: ${botherWords(entry.bother ?? 0)}`;
  return (
    <li>
      <span class="soft">{capital(dayWords(entry.on, here.today))}</span>
      <span class="block">{words}</span>
      {entry.text && (
        <span class="block" dir="auto">
          {entry.text}
        </span>
      )}
      {kind === 'activity' && (pleasure !== null || mastery !== null) && (
        <span class="soft block">
          {pleasure !== null && t`Joy: ${pleasure} of 10.`}{' '}
          {mastery !== null && t`Getting things done: ${mastery} of 10.`}
        </span>
      )}
    </li>
  );
}

function Mood({ onKept }: { onKept: () => void }) {
  const [score, setScore, forgetScore] = useDraft<number | null>('mood-score', null);
  const [text, setText, forgetText] = useDraft('mood-text', '');
  const act = useAct({ score: 'mood', text: 'mood-text' });
  const save = () => {
    const wrong: Issue[] = score === null ? [{ field: 'mood', text: t`Choose a number from 0 to 10.` }] : [];
    void act
      .run(() => post('logs', { kind: 'mood', score, ...(text.trim() && { text: text.trim() }) }), wrong)
      .then((ok) => {
        if (!ok) return;
        forgetScore();
        forgetText();
        onKept();
      });
  };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        save();
      }}
    >
      <H2>{t`Mood`}</H2>
      <Trouble act={act} again={save} />
      <Scale
        id="mood"
        label={t`How is your mood today?`}
        issues={act.issues}
        low={t`very bad`}
        high={t`very good`}
        value={score}
        onValue={setScore}
      />
      <TextArea
        id="mood-text"
        label={t`A few words`}
        optional
        value={text}
        onValue={setText}
        rows={2}
        maxLength={2000}
      />
      <div>
        <Button type="submit" look="main" busy={act.saving}>
          {t`Keep my mood`}
        </Button>
      </div>
    </form>
  );
}

function Activity({ onKept }: { onKept: () => void }) {
  const [text, setText, forget] = useDraft('activity-text', '');
  const [joy, setJoy] = useState<number | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const act = useAct({ text: 'activity' });
  const save = () => {
    const wrong: Issue[] = text.trim() ? [] : [{ field: 'activity', text: t`Write what you did.` }];
    void act
      .run(
        () =>
          post('logs', {
            kind: 'activity',
            text: text.trim(),
            ...(joy !== null && { pleasure: joy }),
            ...(done !== null && { mastery: done }),
          }),
        wrong,
      )
      .then((ok) => {
        if (!ok) return;
        forget();
        setJoy(null);
        setDone(null);
        onKept();
      });
  };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        save();
      }}
    >
      <H2>{t`An activity`}</H2>
      <Trouble act={act} again={save} />
      <TextArea
        id="activity"
        label={t`What did you do?`}
        hint={t`Small things count: a shower, a call, a walk around the block.`}
        issues={act.issues}
        value={text}
        onValue={setText}
        rows={2}
        maxLength={500}
      />
      <Scale
        id="joy"
        label={t`How much joy did it give you?`}
        optional
        low={t`none`}
        high={t`a lot`}
        value={joy}
        onValue={setJoy}
      />
      <Scale
        id="mastery"
        label={t`How much did you feel you got done?`}
        optional
        low={t`nothing`}
        high={t`a lot`}
        value={done}
        onValue={setDone}
      />
      <div>
        <Button type="submit" busy={act.saving}>
          {t`Keep my activity`}
        </Button>
      </div>
    </form>
  );
}
