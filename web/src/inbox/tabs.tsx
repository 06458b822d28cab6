// What came in, in one place: answers, messages, tasks. Each tab says how many wait.
import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useHere } from '../app/session';
import { checkInInboxQuery } from '../checkins/queries';
import { patientMessagesQuery } from '../conversations/patient_queries';
import { taskCountsQuery } from '../tasks/queries';
import './inbox.css';

function Count({ n, more }: { n: number | undefined; more?: boolean }) {
  if (!n) return null;
  return (
    <span className="tab-count">
      {n}
      {more && '+'}
    </span>
  );
}

export function InboxTabs() {
  const { can } = useHere();
  const answers = useQuery({ ...checkInInboxQuery('unseen'), enabled: can('checkins.read') });
  const messages = useQuery({ ...patientMessagesQuery('unanswered'), enabled: can('patient_inbox.read') });
  const tasks = useQuery({ ...taskCountsQuery, enabled: can('tasks.read') });
  // One tab alone is no choice.
  if (!can('checkins.read') && !can('patient_inbox.read')) return null;
  return (
    <nav className="tabs no-print" aria-label={t`Inbox`}>
      {can('checkins.read') && (
        <Link to="/inbox/answers" activeOptions={{ includeSearch: false }}>
          {t`Answers`} <Count n={answers.data?.items.length} more={!!answers.data?.next} />
        </Link>
      )}
      {can('patient_inbox.read') && (
        <Link to="/inbox/messages" activeOptions={{ includeSearch: false }}>
          {t`Messages`} <Count n={messages.data?.unanswered} />
        </Link>
      )}
      {can('tasks.read') && (
        <Link to="/tasks" activeOptions={{ includeSearch: false }}>
          {t`Tasks`} <Count n={tasks.data && tasks.data.overdue + tasks.data.due_today} />
        </Link>
      )}
    </nav>
  );
}
