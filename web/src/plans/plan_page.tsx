// The plan the patient and the team share: what they want, what was agreed, goals, decisions, and staying well.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { summaryQuery } from '../api/queries';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { LinkButton } from '../ui/button';
import { ageOn } from '../ui/dates';
import { PrintIcon } from '../ui/icons';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { openPlan } from './content';
import { Decisions } from './decisions';
import { Goals } from './goals';
import { PlanSection } from './plan_section';
import { PlanWords } from './plan_words';
import { decisionsQuery, goalsQuery, plansQuery } from './queries';
import './plans.css';

const route = getRouteApi('/patients/$patient/plan');

export function PlanPage() {
  const { patient } = route.useParams();
  const { can, today: todayAt } = useHere();
  const allowed = can('plans.read');
  const summary = useQuery({ ...summaryQuery(patient), enabled: allowed });
  const plans = useQuery({ ...plansQuery(patient), enabled: allowed });
  const goals = useQuery({ ...goalsQuery(patient), enabled: allowed });
  const decisions = useQuery({ ...decisionsQuery(patient), enabled: allowed });
  useEffect(() => {
    document.title = `${t`Plan`} · Concord`;
  }, []);
  if (!allowed) return <NoPermission />;
  const failed = [summary, plans, goals, decisions].find((read) => unreadable<unknown>(read));
  if (failed) return <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!summary.data || !plans.data || !goals.data || !decisions.data)
    return (
      <div className="stack">
        <Skeleton rows={2} widths={[24, 12]} />
        <Skeleton rows={8} widths={[50, 24]} />
      </div>
    );
  const { patient: who, episode } = summary.data;
  const today = todayAt(episode?.site_id ?? who.site_id);
  const care = openPlan(plans.data.items, 'care_plan');
  const relapse = openPlan(plans.data.items, 'relapse_prevention');
  const before = plans.data.items.filter((plan) => plan.status === 'ended' || plan.kind === 'imported');
  const part = { summary: summary.data, today };
  return (
    <div className="plan-page">
      <header className="row-apart">
        <div>
          <p className="soft small">
            <Link to="/patients/$patient" params={{ patient }}>
              {who.given_name} {who.family_name}
              {who.birth_date && `, ${ageOn(who.birth_date, today)}`}
            </Link>
          </p>
          <h1>
            <Trans>The plan</Trans>
          </h1>
        </div>
        {goals.data.items.some((goal) => goal.status === 'active') && (
          <LinkButton to="/patients/$patient/paper/$what" params={{ patient, what: 'goals' }}>
            <PrintIcon />
            <Trans>Goals for {who.given_name}</Trans>
          </LinkButton>
        )}
      </header>
      <div className="plan-grid">
        <section aria-labelledby="care-plan">
          <h2 id="care-plan">
            <Trans>Care plan</Trans>
          </h2>
          <PlanSection kind="care_plan" plan={care} {...part} key={`care-${care?.id}`} />
        </section>
        <div className="plan-side">
          <section className="stack-tight" aria-labelledby="goals">
            <h2 id="goals">
              <Trans>Goals</Trans>
            </h2>
            <Goals goals={goals.data.items} {...part} />
          </section>
          <section className="stack-tight" aria-labelledby="decisions">
            <h2 id="decisions">
              <Trans>Decisions</Trans>
            </h2>
            <Decisions decisions={decisions.data.items} {...part} />
          </section>
        </div>
        <section aria-labelledby="relapse-plan" className="plan-relapse">
          <h2 id="relapse-plan">
            <Trans>Staying well: relapse prevention</Trans>
          </h2>
          <PlanSection kind="relapse_prevention" plan={relapse} {...part} key={`relapse-${relapse?.id}`} />
        </section>
        {before.length > 0 && (
          <section className="plan-relapse">
            <details>
              <summary className="soft">
                <Trans>Plans before and from elsewhere</Trans> ({before.length})
              </summary>
              {before.map((plan) => (
                <article key={plan.id} className="plan-version">
                  <h3>
                    {plan.title || (plan.kind === 'care_plan' ? t`Care plan` : t`Relapse-prevention plan`)}
                    {plan.end_reason && <span className="soft">. {plan.end_reason}</span>}
                  </h3>
                  {plan.kind === 'imported' ? (
                    <Imported plan={plan} />
                  ) : (
                    (plan.in_effect ?? plan.newest) && (
                      <PlanWords kind={plan.kind} version={(plan.in_effect ?? plan.newest)!} today={today} />
                    )
                  )}
                </article>
              ))}
            </details>
          </section>
        )}
      </div>
    </div>
  );
}

function Imported({
  plan,
}: {
  plan: { newest?: { content: { description?: string | null; activities?: string[] } } | null };
}) {
  const content = plan.newest?.content;
  if (!content) return null;
  return (
    <>
      {content.description && <p className="plan-text">{content.description}</p>}
      <ul className="plan-list">
        {content.activities?.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}
