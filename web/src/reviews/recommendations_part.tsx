// Recommendations on the patient's page: what is open and whose turn it is; what ended stays, folded.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { Recommendation } from '../api/types';
import { useHere } from '../app/session';
import type { PartProps } from '../patients/patient_page';
import { Button } from '../ui/button';
import { agoWords } from '../ui/dates';
import { word } from '../ui/words';
import { isLate, isOpen, shortSummary, stateLine, urgencyWords, waitsForAnswer } from './words';

export const recommendationsOf = (summary: PartProps['summary']): Recommendation[] =>
  summary.reviews.flatMap((review) => review.recommendations ?? []);

export function RecommendationsPart({ summary, today, open }: PartProps) {
  const { can } = useHere();
  const all = recommendationsOf(summary);
  const now = all.filter((one) => isOpen(one.state) || one.state === 'done');
  const ended = all.filter((one) => !now.includes(one));
  const questions = summary.review_questions ?? [];
  if (all.length === 0 && questions.length === 0) return null;
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Consultation</Trans>
      </h2>
      <ul className="stack-tight">
        {questions.map((one) => (
          <li key={one.id}>
            <p>
              <span className="soft">{one.asked_by?.name}:</span> {one.question}
            </p>
            <p className="small soft">
              {t`Asked ${agoWords(one.asked_date, today)}, waits for the consultant`}
              {one.urgency && one.urgency !== 'routine' && (
                <span className="need-overdue hue strong">
                  , {word(urgencyWords, one.urgency).toLocaleLowerCase()}
                </span>
              )}{' '}
              {can('reviews.ask') && (
                <button
                  type="button"
                  className="text-button no-print"
                  onClick={() => open('withdraw_question', one.id)}
                >
                  <Trans>Withdraw</Trans>
                </button>
              )}
            </p>
          </li>
        ))}
        {now.map((one) => (
          <Open key={one.id} one={one} today={today} open={open} />
        ))}
      </ul>
      {ended.length > 0 && (
        <details>
          <summary className="soft small">
            {plural(ended.length, { one: '# earlier recommendation', other: '# earlier recommendations' })}
          </summary>
          <ul className="stack-tight">
            {ended.map((one) => (
              <li key={one.id}>
                <Title one={one} />
                <p className="small soft">{stateLine(one, today)}</p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Title({ one }: { one: Recommendation }) {
  return (
    <Link
      to="/patients/$patient/recommendations/$recommendation"
      params={{ patient: one.patient_id, recommendation: one.id }}
    >
      {shortSummary(one)}
    </Link>
  );
}

function Open({ one, today, open }: { one: Recommendation; today: string; open: PartProps['open'] }) {
  const late = isLate(one, today);
  const next = waitsForAnswer(one.state)
    ? 'answer'
    : one.state === 'done'
      ? 'trial'
      : one.state === 'draft'
        ? 'send'
        : 'review_done';
  const may = { answer: 'answer', trial: 'trial', review_done: 'done', send: 'send' }[next]!;
  const words = {
    answer: t`Answer`,
    trial: t`Tried long enough?`,
    review_done: t`Mark as done`,
    send: t`Send it`,
  }[next]!;
  return (
    <li className="need-line-main">
      <div>
        <Title one={one} />
        <p className={late ? 'small need-overdue hue strong' : 'small soft'}>{stateLine(one, today)}</p>
        {one.answer_reason && <p className="small soft">{one.answer_reason}</p>}
      </div>
      {one.may.includes(may) && (
        <Button small onPress={() => open(next, one.id)}>
          {words}
        </Button>
      )}
    </li>
  );
}
