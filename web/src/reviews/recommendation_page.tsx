// The doctor's two minutes: question, trend, recommendation, three buttons. Made for a phone.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { call, client } from '../api/client';
import { queryClient } from '../api/queries';
import type { RecommendationPage as Page, Recommendation } from '../api/types';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { ScoreChart } from '../measurements/score_chart';
import { CHARTED, type ChartModel, type ChartPoint, treatmentMarks } from '../measurements/series';
import { doseStory, weeksOnPresent } from '../treatments/trial';
import { LinkButton } from '../ui/button';
import { addDays, dateOf, daysBetween, weeksShort } from '../ui/dates';
import { Sheet } from '../ui/sheet';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { roleWords, word } from '../ui/words';
import { recommendationPageQuery, recommendationsQuery } from './queries';
import {
  AnswerButtons,
  RecommendationDone,
  RecommendationTrial,
  SendRecommendation,
  WithdrawRecommendation,
} from './recommendation_forms';
import { moreWords, shortSummary, stateLine, storyWords, urgencyWords, waitsForAnswer } from './words';
import './recommendation.css';
import './hour.css';

const route = getRouteApi('/patients/$patient/recommendations/$recommendation');
const MIN_DAYS = 84;

/** The page's own trend as a chart: points, half of the baseline, what was done meanwhile. */
export function trendModel(page: Pick<Page, 'trend' | 'treatments'>, today: string): ChartModel | null {
  const { trend } = page;
  const info = trend && CHARTED[trend.instrument];
  if (!trend || !info || trend.points.length === 0) return null;
  const points: ChartPoint[] = trend.points
    .map(([date, total], index) => ({
      id: String(index),
      date: String(date),
      total: Number(total),
      mode: 'unknown',
      safety: false,
      severity: null,
    }))
    .sort((a, b) => a.date.localeCompare(b.date));
  const first = points[0]!.date;
  const from = daysBetween(first, today) < MIN_DAYS ? addDays(today, -MIN_DAYS) : addDays(first, -7);
  const baseline = points.find((point) => point.total === trend.baseline) ?? null;
  const last = points.at(-1)!;
  return {
    instrument: trend.instrument,
    info,
    points,
    baseline,
    current: baseline && last !== baseline ? last : null,
    response: baseline && baseline.total > 0 ? baseline.total / 2 : null,
    marks: treatmentMarks(page.treatments, { stopped: (name) => t`${name} stopped` }).filter(
      (mark) => mark.date >= from && mark.date <= today,
    ),
    from,
    to: today,
  };
}

export function RecommendationPage() {
  const { patient, recommendation } = route.useParams();
  const { can } = useHere();
  const page = useQuery({
    ...recommendationPageQuery(patient, recommendation),
    enabled: can('reviews.read'),
  });
  useEffect(() => {
    document.title = `${t`Recommendation`} · Concord`;
  }, []);
  if (!can('reviews.read')) return <NoPermission />;
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (page.isPending) return <Skeleton rows={6} widths={[50, 20]} />;
  return <TwoMinutes key={page.data.recommendation.id} page={page.data} />;
}

function TwoMinutes({ page }: { page: Page }) {
  const { can, today: todayAt } = useHere();
  const navigate = useNavigate();
  const search = route.useSearch();
  const today = todayAt();
  const one = page.recommendation;
  const { patient } = page;
  const here = { patient: patient.id, recommendation: one.id };
  const to = (act?: string) =>
    void navigate({
      to: '/patients/$patient/recommendations/$recommendation',
      params: here,
      search: { do: act },
      resetScroll: false,
    });

  // Opening it is reading it; the sender sees that. Done once, and quietly.
  const told = useRef(false);
  const reading = useRef<Promise<Recommendation | null>>(Promise.resolve(null));
  useEffect(() => {
    if (told.current || one.state !== 'sent' || !one.may.includes('answer')) return;
    told.current = true;
    reading.current = call(
      client.POST('/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/read', {
        params: { path: { patient_id: one.patient_id, recommendation_id: one.id } },
        body: {},
      }),
    )
      .then((read: Recommendation) => {
        queryClient.setQueryData(
          recommendationPageQuery(one.patient_id, one.id).queryKey,
          // What was done meanwhile is newer than the reading.
          (old: Page | undefined) =>
            old && old.recommendation.version < read.version
              ? { ...old, recommendation: { ...old.recommendation, ...read } }
              : old,
        );
        return read;
      })
      .catch(() => null);
  }, [one]);

  const mine = useQuery({ ...recommendationsQuery, enabled: can('reviews.answer') });
  const others = (mine.data?.items ?? [])
    .map((row) => row.recommendation)
    .filter((other) => other.id !== one.id && waitsForAnswer(other.state));
  const next = others[0];
  const model = trendModel(page, today);
  const running = page.treatments.filter((treatment) => !treatment.stop_date);
  const story = page.story.filter((fact) => ['in_care', 'contacts'].includes(fact.kind));
  const close = () => to();
  return (
    <article className="two-minutes">
      <header>
        <p className="small soft">
          {page.consultant?.name
            ? t`${page.consultant.name}, psychiatric consultant`
            : word(roleWords, 'psychiatric_consultant')}
          {one.sent_date && (
            <>
              , <When date={one.sent_date} today={today} />
            </>
          )}
        </p>
        <h1>
          <Link to="/patients/$patient" params={{ patient: patient.id }}>
            {patient.given_name} {patient.family_name}
          </Link>
          {patient.age != null && <span className="patient-age">, {patient.age}</span>}
        </h1>
        <p className="soft">{story.map((fact) => storyWords(fact, today)).join('. ')}</p>
      </header>
      {page.question && (
        <section>
          <h2 className="soft">
            <Trans>Question</Trans>
          </h2>
          <p>{page.question}</p>
        </section>
      )}
      <section>
        <h2 className="soft">
          <Trans>Trend</Trans>
        </h2>
        {model ? (
          <ScoreChart model={model} today={today} compact />
        ) : (
          <p>
            {page.story.filter((fact) => fact.kind === 'score').map((fact) => storyWords(fact, today))[0] ??
              t`No score yet`}
          </p>
        )}
        <p>
          {running.length > 0
            ? running
                .map((one) =>
                  [
                    one.name,
                    doseStory(one),
                    `(${weeksShort(one.weeks_at_dose ?? weeksOnPresent(one, today))})`,
                  ]
                    .filter(Boolean)
                    .join(' '),
                )
                .join('; ')
            : t`No treatment recorded`}
        </p>
      </section>
      <section className="two-minutes-ask">
        <h2 className="soft">
          <Trans>Recommendation</Trans>
          {one.urgency !== 'routine' && waitsForAnswer(one.state) && (
            <span className="need-overdue hue"> {word(urgencyWords, one.urgency)}</span>
          )}
        </h2>
        <p className="two-minutes-words">{shortSummary(one)}</p>
        {moreWords(one) && <p className="timeline-note">{moreWords(one)}</p>}
        {page.notes && (
          <details>
            <summary className="soft">
              <Trans>The consultant's notes</Trans>
            </summary>
            <p className="timeline-note">{page.notes}</p>
          </details>
        )}
        {one.may.includes('answer') ? (
          <AnswerButtons one={one} today={today} reading={reading} onDone={() => undefined} />
        ) : (
          <div className="stack-tight" role="status">
            <p className="strong">{stateLine(one, today)}.</p>
            {one.answer_reason && <p className="timeline-note">{one.answer_reason}</p>}
          </div>
        )}
        <NextStep one={one} onOpen={to} />
      </section>
      {next && !one.may.includes('answer') && (
        <p>
          <LinkButton
            look="primary"
            to="/patients/$patient/recommendations/$recommendation"
            params={{ patient: next.patient_id, recommendation: next.id }}
          >
            {plural(others.length, { one: 'Next: # more waits for you', other: 'Next: # more wait for you' })}
          </LinkButton>
        </p>
      )}
      {page.other_recommendations.length > 0 && (
        <section>
          <h2 className="soft">
            <Trans>From the same review</Trans>
          </h2>
          <ul className="stack-tight">
            {page.other_recommendations.map((other) => (
              <li key={other.id}>
                <Link
                  to="/patients/$patient/recommendations/$recommendation"
                  params={{ patient: patient.id, recommendation: other.id }}
                >
                  {shortSummary(other)}
                </Link>{' '}
                <span className="small soft">{stateLine(other, today)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <details>
        <summary className="soft">
          <Trans>What happened so far</Trans>
        </summary>
        <History page={page} today={today} />
      </details>
      <p className="small">
        <Link to="/recommendations">
          <Trans>All recommendations</Trans>
        </Link>
      </p>
      {search.do === 'send' && (
        <Sheet title={t`Send the recommendation`} onClose={close}>
          <SendRecommendation one={one} today={today} onDone={close} />
        </Sheet>
      )}
      {search.do === 'done' && (
        <Sheet title={t`Recommendation done`} onClose={close}>
          <RecommendationDone one={one} today={today} onDone={close} />
        </Sheet>
      )}
      {search.do === 'trial' && (
        <Sheet title={t`Tried long enough?`} onClose={close}>
          <RecommendationTrial one={one} today={today} onDone={close} />
        </Sheet>
      )}
      {search.do === 'withdraw' && (
        <Sheet title={t`Withdraw the recommendation`} onClose={close}>
          <WithdrawRecommendation one={one} today={today} onDone={close} />
        </Sheet>
      )}
    </article>
  );
}

/** After the answer: the next act of its life, for whoever may take it. */
function NextStep({ one, onOpen }: { one: Recommendation; onOpen: (act: string) => void }) {
  const words: Record<string, string> = {
    send: t`Send it`,
    done: t`Mark as done`,
    trial: t`Tried long enough?`,
    withdraw: t`Withdraw`,
  };
  const acts = ['send', 'done', 'trial', 'withdraw'].filter((act) => one.may.includes(act));
  if (acts.length === 0) return null;
  return (
    <p className="row">
      {acts.map((act) => (
        <button key={act} type="button" className="text-button" onClick={() => onOpen(act)}>
          {words[act]}
        </button>
      ))}
    </p>
  );
}

function History({ page, today }: { page: Page; today: string }) {
  const { zone } = useHere();
  const at = zone();
  const words: Record<string, string> = {
    draft: t`written`,
    create: t`written`,
    send: t`sent`,
    read: t`read`,
    answer: t`answered`,
    done: t`done`,
    trial: t`trial judged`,
    withdraw: t`withdrawn`,
  };
  return (
    <ol className="history">
      {page.history.map((step) => (
        <li key={step.at + step.act}>
          <span className="soft">
            <When date={dateOf(step.at, at)} today={today} />
          </span>{' '}
          {words[step.act] ?? step.act}
          {step.by && `, ${step.by.name}`}
          {step.note && <span className="soft">: {step.note}</span>}
        </li>
      ))}
    </ol>
  );
}
