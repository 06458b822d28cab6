// Every address of the care-team pages. Search parameters are typed; none ever holds personal data.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { readCaseloadSearch } from '../caseload/search';
import { Missing, RouteProblem } from './missing';
import { Shell } from './shell';

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: RouteProblem });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/caseload' });
  },
});

const caseload = createRoute({
  getParentRoute: () => root,
  path: '/caseload',
  validateSearch: readCaseloadSearch,
  component: lazyRouteComponent(() => import('../caseload/caseload_page'), 'CaseloadPage'),
});

const referrals = createRoute({
  getParentRoute: () => root,
  path: '/referrals',
  validateSearch: (
    search: Record<string, unknown>,
  ): { status?: 'closed' | 'all'; open?: string; act?: string } => ({
    status: search.status === 'closed' || search.status === 'all' ? search.status : undefined,
    open: text(search.open),
    act: text(search.act),
  }),
  component: lazyRouteComponent(() => import('../referrals/referrals_page'), 'ReferralsPage'),
});

const newReferral = createRoute({
  getParentRoute: () => root,
  path: '/referrals/new',
  validateSearch: (search: Record<string, unknown>): { patient?: string } => ({
    patient: text(search.patient),
  }),
  component: lazyRouteComponent(() => import('../referrals/new_referral'), 'NewReferralPage'),
});

const newPatient = createRoute({
  getParentRoute: () => root,
  path: '/patients/new',
  validateSearch: (search: Record<string, unknown>): { next?: 'referral' } => ({
    next: search.next === 'referral' ? 'referral' : undefined,
  }),
  component: lazyRouteComponent(() => import('../patients/new_patient'), 'NewPatientPage'),
});

export const SHOWS = ['all', 'contacts', 'scores', 'reviews', 'treatments', 'safety'] as const;
export interface PatientSearch {
  /** the sheet that is open */
  do?: string;
  /** the row the sheet is about */
  id?: string;
  /** what the timeline shows */
  show?: (typeof SHOWS)[number];
  chart?: string;
}

const patient = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient',
  validateSearch: (search: Record<string, unknown>): PatientSearch => ({
    do: text(search.do),
    id: text(search.id),
    show: SHOWS.find((show) => show === search.show),
    chart: text(search.chart),
  }),
  component: lazyRouteComponent(() => import('../patients/patient_page'), 'PatientPage'),
});

const contact = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/contact',
  component: lazyRouteComponent(() => import('../contacts/contact_page'), 'ContactPage'),
});

const intake = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/intake',
  component: lazyRouteComponent(() => import('../episodes/intake_page'), 'IntakePage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('../identity/account_page'), 'AccountPage'),
});

const showcase = createRoute({
  getParentRoute: () => root,
  path: '/ui',
  component: lazyRouteComponent(() => import('../ui/showcase'), 'Showcase'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    caseload,
    referrals,
    newReferral,
    newPatient,
    patient,
    contact,
    intake,
    account,
    showcase,
  ]),
  scrollRestoration: false,
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
