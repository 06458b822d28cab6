// What was decided together, who took part, and the aids to decide with.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Decision, Summary } from '../api/types';
import { useHere } from '../app/session';
import { LinkButton } from '../ui/button';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { conditionWords, word } from '../ui/words';
import { aidsQuery } from './queries';
import { choiceWords, tookPartWords } from './words';

export const decisionWords = (decision: Decision) =>
  decision.choice_words || decision.choice_name || word(choiceWords, decision.choice);

export function DecisionLine({
  decision,
  patient,
  today,
}: {
  decision: Decision;
  patient: string;
  today: string;
}) {
  const heavy = decision.weights.filter((one) => one.weight >= 4 && one.text);
  return (
    <li className={decision.replaced_by ? 'goal gone' : 'goal'}>
      <p>
        <span className="soft">{decision.topic}:</span>{' '}
        <span className="strong">{decisionWords(decision)}</span>
      </p>
      <p className="small soft">
        <When date={decision.on} today={today} />,{' '}
        {t`with ${decision.took_part.map((who) => word(tookPartWords, who).toLocaleLowerCase()).join(', ')}`}
      </p>
      {heavy.length > 0 && (
        <p className="small">
          <Trans>Mattered most:</Trans> {heavy.map((one) => one.text).join('; ')}
        </p>
      )}
      {decision.note && <p className="small">{decision.note}</p>}
      <p className="small no-print">
        <Link
          to="/patients/$patient/paper/$what"
          params={{ patient, what: 'decision' }}
          search={{ id: decision.id }}
        >
          <Trans>Print</Trans>
        </Link>
      </p>
    </li>
  );
}

export function Decisions({
  decisions,
  summary,
  today,
}: {
  decisions: Decision[];
  summary: Summary;
  today: string;
}) {
  const { can, session } = useHere();
  const aids = useQuery({ ...aidsQuery(session.user.language), enabled: can('content.read') });
  const condition = summary.episode?.primary_condition;
  const fits = (one: { conditions: string[] }) => !!condition && one.conditions.includes(condition);
  const sorted = [...(aids.data?.items ?? [])].sort((a, b) => Number(fits(b)) - Number(fits(a)));
  return (
    <>
      <ul>
        {decisions
          .filter((one) => !one.replaced_by)
          .map((decision) => (
            <DecisionLine key={decision.id} decision={decision} patient={summary.patient.id} today={today} />
          ))}
      </ul>
      {can('plans.write') && (
        <div className="stack-tight no-print">
          <h3>
            <Trans>Decide with {summary.patient.given_name}</Trans>
          </h3>
          {aids.isPending && can('content.read') && <Skeleton rows={2} widths={[50]} />}
          {unreadable(aids) && <ProblemNote error={aids.error} onRetry={() => void aids.refetch()} />}
          <ul className="aids">
            {sorted.map((aid) => (
              <li key={aid.id}>
                <LinkButton
                  small
                  to="/patients/$patient/decide/$aid"
                  params={{ patient: summary.patient.id, aid: aid.id }}
                >
                  {aid.title}
                </LinkButton>
                {fits(aid) && condition && (
                  <span className="small soft"> {word(conditionWords, condition)}</span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {decisions.some((one) => one.replaced_by) && (
        <details>
          <summary className="soft">
            <Trans>Decisions before</Trans>
          </summary>
          <ul>
            {decisions
              .filter((one) => one.replaced_by)
              .map((decision) => (
                <DecisionLine
                  key={decision.id}
                  decision={decision}
                  patient={summary.patient.id}
                  today={today}
                />
              ))}
          </ul>
        </details>
      )}
    </>
  );
}
