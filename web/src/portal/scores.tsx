/** @jsxImportSource preact */
// My scores: in words first, then a line, then a table. Beside them, what I want myself.
import { t } from '@lingui/core/macro';
import { longDate, plainDate } from './dates';
import { Link } from './router';
import { ScoreLine } from './score_line';
import { useHere } from './session';
import { useView } from './store';
import type { Scores } from './types';
import { Button, H2, Notice, Page, print, Shown } from './ui';

/** Ways of answering without somebody of the team. */
const ALONE = new Set(['link', 'portal', 'tablet']);

export default function ScoresPage() {
  const here = useHere();
  const scores = useView<Scores>('scores');
  return (
    <Page title={here.isSelf ? t`Your scores over time` : t`The scores of ${here.name}`}>
      <Shown of={scores}>
        {(data) => (
          <>
            {data.items.length === 0 && (
              <p>{data.empty ?? t`No scores yet. They come from your check-ins.`}</p>
            )}
            {data.items.map((score) => (
              <section key={score.instrument} class="card">
                <H2>{score.about ? `${score.about} (${score.title})` : score.title}</H2>
                <p class="lead">{score.words}</p>
                {score.direction_words && <p>{score.direction_words}</p>}
                {score.since_start && score.since_start.words !== score.direction_words && (
                  <p>{score.since_start.words}</p>
                )}
                <ScoreLine score={score} today={here.today} />
                <table>
                  <caption class="hidden-text">{score.title}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t`Day`}</th>
                      <th scope="col" class="number">
                        {t`Score`}
                      </th>
                      <th scope="col">{t`Read by`}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {[...score.points].reverse().map((point) => (
                      <tr key={point.id}>
                        <th scope="row">{plainDate(point.date, here.today)}</th>
                        <td class="number">{point.total}</td>
                        <td>
                          {point.seen?.role_name ??
                            (ALONE.has(point.mode) ? t`Not read yet` : t`Done with your team`)}
                          {point.seen && (
                            <span class="soft block">{plainDate(point.seen.on, here.today)}</span>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <p class="soft">{t`The score goes from ${score.minimum} to ${score.maximum}.`}</p>
              </section>
            ))}
            {data.goal && (
              <Notice>
                <p class="strong">{here.isSelf ? t`What you want yourself` : t`What ${here.name} wants`}</p>
                <p>
                  <Link to={`/portal/goals/${data.goal.id}`}>{data.goal.statement}</Link>
                </p>
                <p>{t`A score is only one part. What you do and how you live counts as much.`}</p>
              </Notice>
            )}
            {data.items.length > 0 && (
              <div class="no-print">
                <Button onClick={print}>{t`Print`}</Button>
              </div>
            )}
            <p class="only-print">{longDate(here.today)}</p>
          </>
        )}
      </Shown>
    </Page>
  );
}
