// Where a day begins: recommendations for a doctor, the review for a consultant, the caseload for who has one, the month for billing, the log for privacy, and plain doors
// for the others.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link, Navigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { roleWords, word } from '../ui/words';
import { useHere } from './session';

export function Home() {
  const { can, hasRole, session } = useHere();
  useEffect(() => {
    document.title = 'Concord';
  }, []);
  if (can('reviews.answer') && hasRole('pcp') && !hasRole('care_manager'))
    return <Navigate to="/recommendations" replace />;
  if (hasRole('psychiatric_consultant') && !hasRole('care_manager'))
    return <Navigate to="/reviews" replace />;
  if (can('caseload.read')) return <Navigate to="/caseload" replace />;
  if (can('billing.read')) return <Navigate to="/billing" replace />;
  if (can('audit.read')) return <Navigate to="/access" replace />;
  const doors: [boolean, string, string, string][] = [
    [
      can('checkins.read') || can('patient_inbox.read'),
      '/inbox',
      t`Inbox`,
      t`What patients answered and wrote, and nobody has read yet.`,
    ],
    [can('visits.read'), '/visits', t`Visits`, t`Today and this week, by the hour.`],
    [
      can('directory.read') && !can('community.read'),
      '/community',
      t`Services nearby`,
      t`Where patients can be sent for housing, food, work, money and law.`,
    ],
    [can('community.read'), '/community', t`Help outside`, t`Who waits to be seen elsewhere.`],
    [
      can('reports.read'),
      '/reports',
      t`Reports`,
      t`How patients fare, who fell out of care, and what changed.`,
    ],
    [
      can('surveys.results') || can('feedback.read') || can('crisis.write'),
      '/program',
      t`Program`,
      t`What patients say about their care, and the numbers they see in a crisis.`,
    ],
    [can('tasks.read'), '/tasks', t`Tasks`, t`What is waiting for you, by the day it is due.`],
    [can('referrals.read'), '/referrals', t`Referrals`, t`Who was sent to us and is not yet seen.`],
    [
      can('handovers.read'),
      '/hand-over',
      t`Hand-over`,
      t`Who covers for whom, and moving a caseload when somebody leaves.`,
    ],
    [
      can('calendar.read'),
      '/calendar',
      t`Calendar`,
      t`Working hours and holidays: every due date and every clock counts by them.`,
    ],
    [
      can('oncall.read'),
      '/on-call',
      t`On call`,
      t`Who is asked when something happens, and where nobody is.`,
    ],
    [
      can('messages.manage'),
      '/messages',
      t`Messages`,
      t`Mail and text messages on their way, and those that were not delivered.`,
    ],
    [true, '/account', t`My account`, t`Language, password, where you are signed in.`],
  ];
  const roles = [...new Set(session.roles.map((held) => word(roleWords, held.role)))].join(', ');
  return (
    <div className="stack" style={{ maxWidth: 640 }}>
      <header>
        <p className="soft">{session.organization.name}</p>
        <h1>
          <Trans>Good to see you, {session.user.display_name}</Trans>
        </h1>
        <p className="soft">{roles}</p>
      </header>
      <ul>
        {doors
          .filter(([open]) => open)
          .map(([, to, name, what]) => (
            <li key={to} className="door">
              <Link to={to}>{name}</Link>
              <p className="soft">{what}</p>
            </li>
          ))}
      </ul>
    </div>
  );
}
