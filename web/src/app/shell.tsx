// The frame of every page: where one can go, find a patient, which site, who I am.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { endSession } from '../identity/sign_out';
import { StillSignedIn } from '../identity/still_signed_in';
import { Bell } from '../notices/bell';
import { Search } from '../patients/search';
import { Mark } from '../ui/icons';
import { MenuButton } from '../ui/menu';
import { roleWords, word } from '../ui/words';
import { isTyping } from './keyboard';
import { OutOfDate } from './out_of_date';
import { useSave } from './save';
import { useHere } from './session';
import './shell.css';

const Keys = lazy(() => import('./keys'));
const TimerChip = lazy(() => import('../billing/timer'));

export function Shell() {
  const { session, site, chooseSite, can, hasRole } = useHere();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [keys, setKeys] = useState(false);
  const [stuck, setStuck] = useState(false);
  const leave = useSave<void, void>(
    () =>
      endSession().catch((error: unknown) => {
        setStuck(true);
        throw error;
      }),
    // A full load: nothing of this person stays in memory.
    () => window.location.assign('/'),
  );

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === '?') {
        event.preventDefault();
        setKeys(true);
      }
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);

  useEffect(() => {
    // On a narrow page the bar scrolls: where one is must be seen.
    const here = document.querySelector<HTMLElement>('.shell-nav [aria-current="page"]');
    const bar = here?.parentElement;
    if (pathname && here && bar)
      bar.scrollLeft = here.offsetLeft + here.offsetWidth - bar.offsetLeft - bar.clientWidth + 24;
  }, [pathname]);

  const role = session.roles[0]?.role;
  return (
    <>
      <a className="skip no-print" href="#main">
        <Trans>Skip to content</Trans>
      </a>
      <header className="shell no-print">
        <Link to="/" className="wordmark">
          <Mark />
          Concord
        </Link>
        <nav className="shell-nav" aria-label={t`Main`}>
          {can('caseload.read') && (
            <Link to="/caseload" activeOptions={{ includeSearch: false }}>
              <Trans>Caseload</Trans>
            </Link>
          )}
          {can('referrals.read') && (
            <Link to="/referrals" activeOptions={{ includeSearch: false }}>
              <Trans>Referrals</Trans>
            </Link>
          )}
          {can('reviews.answer') && !can('reviews.write') && (
            <Link to="/recommendations" activeOptions={{ includeSearch: false }}>
              <Trans>Recommendations</Trans>
            </Link>
          )}
          {can('reviews.write') && (
            <Link to="/reviews" activeOptions={{ includeSearch: false }}>
              <Trans>Review</Trans>
            </Link>
          )}
          {can('safety.read') && (
            <Link to="/safety" activeOptions={{ includeSearch: false }}>
              <Trans>Safety</Trans>
            </Link>
          )}
          {can('checkins.read') || can('patient_inbox.read') ? (
            <Link
              to={can('checkins.read') ? '/inbox/answers' : '/inbox/messages'}
              aria-current={/^\/(inbox|tasks)/.test(pathname) ? 'page' : undefined}
              activeProps={{}}
            >
              <Trans>Inbox</Trans>
            </Link>
          ) : (
            can('tasks.read') && (
              <Link to="/tasks" activeOptions={{ includeSearch: false }}>
                <Trans>Tasks</Trans>
              </Link>
            )
          )}
          {can('visits.read') && (
            <Link
              to={hasRole('community_worker') && can('community.read') ? '/community' : '/visits'}
              aria-current={/^\/(visits|groups|community)/.test(pathname) ? 'page' : undefined}
              activeProps={{}}
            >
              <Trans>Visits</Trans>
            </Link>
          )}
          {can('reports.read') && (
            <Link to="/reports" activeOptions={{ includeSearch: false }}>
              <Trans>Reports</Trans>
            </Link>
          )}
          {(can('surveys.results') || can('feedback.read')) && (
            <Link to="/program" activeOptions={{ includeSearch: false }}>
              <Trans>Program</Trans>
            </Link>
          )}
          {can('billing.read') && (
            <Link to="/billing" activeOptions={{ includeSearch: false }}>
              <Trans>Billing</Trans>
            </Link>
          )}
          {can('audit.read') && (
            <Link to="/access" activeOptions={{ includeSearch: false }}>
              <Trans>Access log</Trans>
            </Link>
          )}
        </nav>
        {can('patients.read') && <Search />}
        {can('minutes.write') && (
          <Suspense fallback={null}>
            <TimerChip />
          </Suspense>
        )}
        <div className="shell-end">
          <Bell />
          {session.sites.length > 1 ? (
            <MenuButton
              name={t`Site`}
              label={session.sites.find((one) => one.id === site)?.name ?? t`All sites`}
              entries={[
                { id: 'all', label: t`All sites` },
                ...session.sites.map((one) => ({ id: one.id, label: one.name })),
              ]}
              single
              selected={[site ?? 'all']}
              onSelect={([id]) => chooseSite(!id || id === 'all' ? null : id)}
            />
          ) : (
            <span className="soft shell-site">{session.sites[0]?.name}</span>
          )}
          <MenuButton
            name={t`Account`}
            label={
              <span>
                {session.user.display_name}
                {role && <span className="soft shell-role"> {word(roleWords, role)}</span>}
              </span>
            }
            entries={[
              { id: 'account', label: t`My account` },
              ...(can('handovers.read') ? [{ id: 'hand-over', label: t`Hand-over` }] : []),
              ...(can('calendar.read') ? [{ id: 'calendar', label: t`Working hours` }] : []),
              ...(can('crisis.write') && !can('feedback.read')
                ? [{ id: 'program', label: t`Help now` }]
                : []),
              { id: 'keys', label: t`All keys` },
              { id: 'out', label: t`Sign out` },
            ]}
            onAct={(id) => {
              if (id === 'account') void navigate({ to: '/account' });
              if (id === 'hand-over') void navigate({ to: '/hand-over' });
              if (id === 'calendar') void navigate({ to: '/calendar' });
              if (id === 'program') void navigate({ to: '/program', search: { show: 'help' } });
              if (id === 'keys') setKeys(true);
              if (id === 'out') leave.save();
            }}
          />
        </div>
      </header>
      {stuck && (
        <StillSignedIn trying={leave.saving} onRetry={() => leave.save()} onStay={() => setStuck(false)} />
      )}
      <main id="main" className="page" tabIndex={-1} hidden={stuck}>
        <OutOfDate />
        <Outlet />
      </main>
      {keys && (
        <Suspense fallback={null}>
          <Keys onClose={() => setKeys(false)} />
        </Suspense>
      )}
    </>
  );
}
