// "Inbox" leads to what this role reads first.
import { Navigate } from '@tanstack/react-router';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';

export function InboxPage() {
  const { can } = useHere();
  if (can('checkins.read')) return <Navigate to="/inbox/answers" replace />;
  if (can('patient_inbox.read')) return <Navigate to="/inbox/messages" replace />;
  if (can('tasks.read')) return <Navigate to="/tasks" replace />;
  return <NoPermission />;
}
