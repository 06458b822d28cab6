/** @jsxImportSource preact */
// What there is to answer, and who read what was answered.
import { plural, t } from '@lingui/core/macro';
import { useAct } from './act';
import { startCheckIn } from './check_in';
import { dateOf, longDate, plainDate } from './dates';
import { roleWords } from './roles';
import { useHere } from './session';
import { useView } from './store';
import type { CheckIns } from './types';
import { Button, H2, Page, Shown, Trouble } from './ui';

export default function CheckInsPage() {
  const here = useHere();
  const list = useView<CheckIns>('check-ins');
  const act = useAct();
  const day = (instant: string) => plainDate(dateOf(instant, here.zone), here.today);
  const told = (one: CheckIns['recent'][number]) => {
    const answered = day(one.submitted_at);
    if (!one.read_at) return t`Answered on ${answered}. Not read yet.`;
    return t`Answered on ${answered}. Read on ${day(one.read_at)} by ${roleWords(one.read_by_role)}.`;
  };
  return (
    <Page title={t`Check-ins`}>
      <p>
        {here.isSelf
          ? t`A check-in is a few questions about how you feel. Your answers help you and your team see what works.`
          : t`You may answer for ${here.name}. Your answers are marked with your name.`}
      </p>
      <Trouble act={act} />
      <Shown of={list}>
        {(data) => (
          <>
            {data.open ? (
              <section class="card">
                <H2>{data.open.titles.join(', ')}</H2>
                <p>
                  {data.open.answered
                    ? t`You have answered ${data.open.answered} of ${data.open.questions} questions.`
                    : plural(data.open.questions, { one: '# question.', other: '# questions.' })}{' '}
                  {data.open.due_date && t`Please answer by ${longDate(data.open.due_date, here.today)}.`}
                </p>
                <Button look="main" busy={act.saving} onClick={() => void act.run(() => startCheckIn())}>
                  {data.open.answered ? t`Go on` : t`Answer now`}
                </Button>
              </section>
            ) : (
              <>
                <p>{t`Nothing to answer now.`}</p>
                <Button busy={act.saving} onClick={() => void act.run(() => startCheckIn(true))}>
                  {t`Tell us how your week was (one question)`}
                </Button>
              </>
            )}
            {data.recent.length > 0 && (
              <section>
                <H2>{t`Answered`}</H2>
                <ul class="rows">
                  {data.recent.map((one) => (
                    <li key={one.id}>
                      {one.titles.join(', ')}
                      <span class="soft block">{told(one)}</span>
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
