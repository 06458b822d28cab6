// Goals looked at during a contact: one press each, no press is no answer.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Goal } from '../api/types';
import { Choice } from '../ui/choice';
import { issueFor } from '../ui/states';
import { options } from '../ui/words';
import { goalWeeks } from './goals';
import { progressWords } from './words';

type Progress = 'going_well' | 'some' | 'stuck' | 'reached';

/** What the contact sends: only goals that were spoken about and still are active. */
export function goalChecks(looked: Record<string, string>, goals: Pick<Goal, 'id'>[]) {
  const checks = goals
    .filter((goal) => looked[goal.id])
    .map((goal) => ({ goal_id: goal.id, progress: looked[goal.id] as Progress }));
  return checks.length ? checks : undefined;
}

export function GoalChecks({
  goals,
  value,
  onChange,
  error,
}: {
  goals: Goal[];
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
  error: unknown;
}) {
  return (
    <fieldset className="stack">
      <legend>
        <Trans>Goals</Trans>
      </legend>
      {issueFor(error, 'goal_checks') && (
        <span className="field-error">{issueFor(error, 'goal_checks')}</span>
      )}
      {goals.map((goal) => (
        <Choice
          key={goal.id}
          label={goal.statement}
          hint={goalWeeks(goal) || undefined}
          value={value[goal.id] ?? ''}
          onChange={(progress) => onChange({ ...value, [goal.id]: progress })}
          options={[...options(progressWords), { value: '', label: t`Not spoken about` }]}
        />
      ))}
    </fieldset>
  );
}
