// Plan, goals and decisions on the patient's page: three lines each, the rest one click away.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { PartProps } from '../patients/patient_page';
import { LinkButton } from '../ui/button';
import { When } from '../ui/when';
import { openPlan, shownVersions } from './content';
import { decisionWords } from './decisions';
import { goalWeeks } from './goals';
import { ViewLine } from './plan_words';
import './plans.css';

export function PlanSide({ summary, today }: Pick<PartProps, 'summary' | 'today'>) {
  const patient = summary.patient.id;
  const name = summary.patient.given_name;
  if (!summary.plans) return null;
  const care = openPlan(summary.plans, 'care_plan');
  const relapse = openPlan(summary.plans, 'relapse_prevention');
  const goals = (summary.goals ?? []).filter((goal) => goal.status === 'active');
  const decisions = (summary.decisions ?? []).slice(0, 2);
  const shown = care && shownVersions(care);
  const version = shown?.current ?? shown?.draft;
  const late =
    summary.episode?.state === 'relapse_prevention' && !relapse?.in_effect
      ? t`No relapse-prevention plan in effect yet.`
      : null;
  return (
    <section aria-labelledby="side-plan">
      <div className="row-apart">
        <h2 id="side-plan">
          <Trans>Plan</Trans>
        </h2>
        <LinkButton small look="quiet" to="/patients/$patient/plan" params={{ patient }}>
          {care ? <Trans>Open the plan</Trans> : <Trans>Write the plan</Trans>}
        </LinkButton>
      </div>
      {!version && <p className="soft">{t`Not written yet. It starts with what ${name} wants.`}</p>}
      {version && (
        <div className="stack-tight">
          {version.content.wants && <p className="plan-said side-said">{version.content.wants}</p>}
          <div className="small">
            {version.state === 'in_effect' && version.effective_date ? (
              <p className="soft">
                <Trans>
                  In effect since <When date={version.effective_date} today={today} />
                </Trans>
              </p>
            ) : (
              <p className="soft">
                {version.state === 'draft' ? (
                  <Trans>A draft, not in effect.</Trans>
                ) : (
                  <Trans>Not in effect.</Trans>
                )}
              </p>
            )}
            <ViewLine version={version} name={name} today={today} />
            {shown?.current && shown.draft && (
              <p className="need-overdue hue">
                <Trans>A newer draft waits.</Trans>
              </p>
            )}
          </div>
        </div>
      )}
      {late && <p className="need-overdue hue strong small">{late}</p>}
      {goals.length > 0 && (
        <ul className="side-goals">
          {goals.slice(0, 3).map((goal) => (
            <li key={goal.id} className="row-apart">
              <span lang={goal.language ?? undefined}>{goal.what}</span>
              <span className="small soft nowrap">{goalWeeks(goal)}</span>
            </li>
          ))}
        </ul>
      )}
      {goals.length > 3 && (
        <p className="small">
          <Link to="/patients/$patient/plan" params={{ patient }}>
            {t`${goals.length - 3} more goals`}
          </Link>
        </p>
      )}
      {decisions.length > 0 && (
        <ul className="small side-goals">
          {decisions.map((one) => (
            <li key={one.id}>
              <span className="soft">{one.topic}:</span> {decisionWords(one)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
