// How many notices wait, in the frame of every page. A number and a word; it never blinks.
import { plural, t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unreadQuery } from './queries';
import './notices.css';

const MANY = 99;

export function Bell() {
  const count = useQuery(unreadQuery);
  const unread = count.data?.unread ?? 0;
  const urgent = count.data?.urgent ?? 0;
  const words = count.data
    ? plural(unread, { 0: 'No new notices', one: '# new notice', other: '# new notices' })
    : t`Notices`;
  return (
    <Link to="/notices" className="bell" aria-label={urgent ? `${words}, ${t`${urgent} urgent`}` : words}>
      <svg
        className="icon"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d="M3 11.5h10l-1.2-1.8V7a3.8 3.8 0 0 0-7.6 0v2.7zM6.7 13.6h2.6" />
      </svg>
      {unread > 0 && (
        <span className={urgent ? 'bell-count bell-urgent' : 'bell-count'} aria-hidden="true">
          {unread > MANY ? `${MANY}+` : unread}
        </span>
      )}
    </Link>
  );
}
