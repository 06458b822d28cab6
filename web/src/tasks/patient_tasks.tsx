// Open tasks about this patient, under what the rules say.
import { Trans } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import type { PartProps } from '../patients/patient_page';
import { TaskRow } from './tasks_page';
import '../caseload/why.css';
import './tasks.css';

export function PatientTasks({ summary, today }: PartProps) {
  const navigate = useNavigate();
  const tasks = (summary.tasks ?? []).filter((task) => task.state === 'open');
  if (tasks.length === 0) return null;
  return (
    <section className="side-tasks">
      <h2>
        <Trans>Tasks</Trans>
      </h2>
      <ul>
        {tasks.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            today={today}
            team
            hidePatient
            onOpen={(id) => void navigate({ to: '/tasks', search: { who: 'team', open: id } })}
          />
        ))}
      </ul>
    </section>
  );
}
