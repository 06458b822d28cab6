// What is agreed outside of a single contact: visits, groups, help outside.
import { t } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import { useHere } from '../app/session';
import '../inbox/inbox.css';

export function VisitTabs() {
  const { can } = useHere();
  const shown = [can('visits.read'), can('groups.read'), can('community.read')].filter(Boolean).length;
  if (shown < 2) return null;
  return (
    <nav className="tabs no-print" aria-label={t`Appointments`}>
      {can('visits.read') && (
        <Link to="/visits" activeOptions={{ includeSearch: false }}>
          {t`Visits`}
        </Link>
      )}
      {can('groups.read') && (
        <Link to="/groups" activeOptions={{ includeSearch: false }}>
          {t`Groups`}
        </Link>
      )}
      {can('community.read') && (
        <Link to="/community" activeOptions={{ includeSearch: false }}>
          {t`Help outside`}
        </Link>
      )}
    </nav>
  );
}
