// What waits for me: the doctor's first page. One line each, the whole thing one press away.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { OpenRecommendation } from '../api/types';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { agoWords } from '../ui/dates';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { word } from '../ui/words';
import { recommendationsQuery } from './queries';
import { isLate, shortSummary, stateLine, urgencyWords, waitsForAnswer } from './words';
import './recommendation.css';

export function RecommendationsPage() {
  const { can, today: todayAt } = useHere();
  const list = useQuery({ ...recommendationsQuery, enabled: can('reviews.read') });
  useEffect(() => {
    document.title = `${t`Recommendations`} · Concord`;
  }, []);
  if (!can('reviews.read')) return <NoPermission />;
  const today = todayAt();
  const items = list.data?.items ?? [];
  const waiting = items.filter((one) => waitsForAnswer(one.recommendation.state));
  const rest = items.filter((one) => !waitsForAnswer(one.recommendation.state));
  return (
    <div className="stack recommendations">
      <div>
        <h1>
          {list.data
            ? plural(waiting.length, {
                0: 'No recommendation waits for you',
                one: '# recommendation waits for you',
                other: '# recommendations wait for you',
              })
            : t`Recommendations`}
        </h1>
      </div>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[22, 60]} />}
      {list.data && items.length === 0 && (
        <Empty title={t`Nothing is open.`}>
          <p>
            <Trans>
              A recommendation from the psychiatric consultant appears here, and you get a notice.
            </Trans>
          </p>
        </Empty>
      )}
      {waiting.length > 0 && (
        <ul className="recommendation-list">
          {waiting.map((one) => (
            <Row key={one.recommendation.id} row={one} today={today} />
          ))}
        </ul>
      )}
      {rest.length > 0 && (
        <section className="stack-tight">
          <h2>
            <Trans>Answered, not finished</Trans>
          </h2>
          <ul className="recommendation-list">
            {rest.map((one) => (
              <Row key={one.recommendation.id} row={one} today={today} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Row({ row, today }: { row: OpenRecommendation; today: string }) {
  const { recommendation: one, patient } = row;
  const late = isLate(one, today);
  return (
    <li>
      <Link
        className="recommendation-row"
        to="/patients/$patient/recommendations/$recommendation"
        params={{ patient: one.patient_id, recommendation: one.id }}
      >
        <span className="recommendation-name">
          <span className="strong">{patient.name}</span>
          {patient.age != null && <span className="soft"> {patient.age}</span>}
        </span>
        <span>
          {shortSummary(one)}
          <span className="small soft block-words">
            {[one.author?.name, one.sent_date && agoWords(one.sent_date, today)].filter(Boolean).join(', ')}
            {one.urgency !== 'routine' && waitsForAnswer(one.state) && (
              <span className="need-overdue hue strong">
                , {word(urgencyWords, one.urgency).toLocaleLowerCase()}
              </span>
            )}
            {late && (
              <span className="need-overdue hue strong">
                , <Trans>no answer for a week</Trans>
              </span>
            )}
            {!waitsForAnswer(one.state) && <>. {stateLine(one, today)}</>}
          </span>
        </span>
      </Link>
    </li>
  );
}
