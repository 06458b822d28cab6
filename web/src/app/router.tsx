// Every address of the care-team pages. Search parameters are typed; none ever holds personal data.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readCaseloadSearch } from '../caseload/search';
import { readReportSearch } from '../reports/search';
import { Missing, RouteProblem } from './missing';
import { Shell } from './shell';

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: RouteProblem });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home'), 'Home'),
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

export const SHOWS = ['all', 'contacts', 'scores', 'reviews', 'treatments', 'safety', 'team'] as const;
export interface PatientSearch {
  /** the sheet that is open */
  do?: string;
  /** the row the sheet is about */
  id?: string;
  /** the recommendation that a treatment puts into effect */
  rec?: string;
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
    rec: text(search.rec),
    show: SHOWS.find((show) => show === search.show),
    chart: text(search.chart),
  }),
  component: lazyRouteComponent(() => import('../patients/patient_page'), 'PatientPage'),
});

const contact = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/contact',
  validateSearch: (search: Record<string, unknown>): { visit?: string } => ({ visit: text(search.visit) }),
  component: lazyRouteComponent(() => import('../contacts/contact_page'), 'ContactPage'),
});

const intake = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/intake',
  component: lazyRouteComponent(() => import('../episodes/intake_page'), 'IntakePage'),
});

const plan = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/plan',
  component: lazyRouteComponent(() => import('../plans/plan_page'), 'PlanPage'),
});

const decide = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/decide/$aid',
  component: lazyRouteComponent(() => import('../plans/decision_page'), 'DecisionPage'),
});

const paper = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/paper/$what',
  validateSearch: (search: Record<string, unknown>): { id?: string; draft?: true } => ({
    id: text(search.id),
    draft: search.draft === true || search.draft === 'true' ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('../plans/paper_page'), 'PaperPage'),
});

const minutes = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/minutes',
  validateSearch: (search: Record<string, unknown>): { month?: string } => ({ month: text(search.month) }),
  component: lazyRouteComponent(() => import('../billing/minutes_page'), 'MinutesPage'),
});

export interface BillingSearch {
  month?: string;
  site?: string;
  show?: string;
  part?: 'charges' | 'payers';
}
const billing = createRoute({
  getParentRoute: () => root,
  path: '/billing',
  validateSearch: (search: Record<string, unknown>): BillingSearch => ({
    month: text(search.month),
    site: text(search.site),
    show: text(search.show),
    part: search.part === 'charges' || search.part === 'payers' ? search.part : undefined,
  }),
  component: lazyRouteComponent(() => import('../billing/billing_page'), 'BillingPage'),
});

export interface TasksSearch {
  who?: 'team';
  state?: 'closed';
  open?: string;
}
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: (search: Record<string, unknown>): TasksSearch => ({
    who: search.who === 'team' ? 'team' : undefined,
    state: search.state === 'closed' ? 'closed' : undefined,
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import('../tasks/tasks_page'), 'TasksPage'),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../inbox/inbox_page'), 'InboxPage'),
});

const inboxAnswers = createRoute({
  getParentRoute: () => root,
  path: '/inbox/answers',
  validateSearch: (search: Record<string, unknown>): { state?: 'open' | 'doubted'; open?: string } => ({
    state: search.state === 'open' || search.state === 'doubted' ? search.state : undefined,
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import('../inbox/answers_page'), 'InboxAnswersPage'),
});

const inboxMessages = createRoute({
  getParentRoute: () => root,
  path: '/inbox/messages',
  validateSearch: (search: Record<string, unknown>): { state?: 'mine' | 'all' } => ({
    state: search.state === 'mine' || search.state === 'all' ? search.state : undefined,
  }),
  component: lazyRouteComponent(() => import('../inbox/messages_page'), 'InboxMessagesPage'),
});

export interface VisitsSearch {
  day?: string;
  view?: 'week';
  who?: 'all';
  open?: string;
}
const visits = createRoute({
  getParentRoute: () => root,
  path: '/visits',
  validateSearch: (search: Record<string, unknown>): VisitsSearch => ({
    day: /^\d{4}-\d{2}-\d{2}$/.test(String(search.day)) ? String(search.day) : undefined,
    view: search.view === 'week' ? 'week' : undefined,
    who: search.who === 'all' ? 'all' : undefined,
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => import('../visits/visits_page'), 'VisitsPage'),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  validateSearch: (search: Record<string, unknown>): { state?: 'ended' } => ({
    state: search.state === 'ended' ? 'ended' : undefined,
  }),
  component: lazyRouteComponent(() => import('../groups/groups_page'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/groups/$group',
  validateSearch: (search: Record<string, unknown>): { session?: string; do?: string } => ({
    session: text(search.session),
    do: text(search.do),
  }),
  component: lazyRouteComponent(() => import('../groups/group_page'), 'GroupPage'),
});

const community = createRoute({
  getParentRoute: () => root,
  path: '/community',
  validateSearch: (search: Record<string, unknown>): { show?: 'wanted' | 'services' } => ({
    show: search.show === 'wanted' || search.show === 'services' ? search.show : undefined,
  }),
  component: lazyRouteComponent(() => import('../community/community_page'), 'CommunityPage'),
});

export interface ProgramSearch {
  show?: 'surveys' | 'feedback' | 'help' | 'visits' | 'time' | 'rules';
}
const program = createRoute({
  getParentRoute: () => root,
  path: '/program',
  validateSearch: (search: Record<string, unknown>): ProgramSearch => ({
    show: (['surveys', 'feedback', 'help', 'visits', 'time', 'rules'] as const).find(
      (show) => show === search.show,
    ),
  }),
  component: lazyRouteComponent(() => import('../program/program_page'), 'ProgramPage'),
});

const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/overview_page'), 'OverviewPage'),
});

const reportFigure = createRoute({
  getParentRoute: () => root,
  path: '/reports/figures/$figure',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/figure_page'), 'FigurePage'),
});

const reportEquity = createRoute({
  getParentRoute: () => root,
  path: '/reports/equity',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/equity_page'), 'EquityPage'),
});

const reportCosts = createRoute({
  getParentRoute: () => root,
  path: '/reports/costs',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/costs_page'), 'CostsPage'),
});

const reportPublished = createRoute({
  getParentRoute: () => root,
  path: '/reports/published',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/published_page'), 'PublishedPage'),
});

const reportState = createRoute({
  getParentRoute: () => root,
  path: '/reports/state',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/state_page'), 'StatePage'),
});

const reportMeasures = createRoute({
  getParentRoute: () => root,
  path: '/reports/measures',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/measures_page'), 'MeasuresPage'),
});

const reportLetter = createRoute({
  getParentRoute: () => root,
  path: '/reports/letter',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/letter_page'), 'LetterPage'),
});

const reportWhatIf = createRoute({
  getParentRoute: () => root,
  path: '/reports/what-if',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../reports/what_if_page'), 'WhatIfPage'),
});

const handOver = createRoute({
  getParentRoute: () => root,
  path: '/hand-over',
  component: lazyRouteComponent(() => import('../tasks/hand_over_page'), 'HandOverPage'),
});

const calendar = createRoute({
  getParentRoute: () => root,
  path: '/calendar',
  validateSearch: (search: Record<string, unknown>): { site?: string } => ({ site: text(search.site) }),
  component: lazyRouteComponent(() => import('../calendar/calendar_page'), 'CalendarPage'),
});

const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  validateSearch: (search: Record<string, unknown>): { patient?: string } => ({
    patient: text(search.patient),
  }),
  component: lazyRouteComponent(() => import('../audit/access_page'), 'AccessPage'),
});

export interface DoSearch {
  do?: string;
  id?: string;
}
const readDo = (search: Record<string, unknown>): DoSearch => ({ do: text(search.do), id: text(search.id) });

const reviews = createRoute({
  getParentRoute: () => root,
  path: '/reviews',
  validateSearch: readDo,
  component: lazyRouteComponent(() => import('../reviews/reviews_page'), 'ReviewsPage'),
});

const agenda = createRoute({
  getParentRoute: () => root,
  path: '/reviews/$session',
  validateSearch: readDo,
  component: lazyRouteComponent(() => import('../reviews/agenda_page'), 'AgendaPage'),
});

const hour = createRoute({
  getParentRoute: () => root,
  path: '/reviews/$session/hour',
  validateSearch: (search: Record<string, unknown>): { patient?: string } => ({
    patient: text(search.patient),
  }),
  component: lazyRouteComponent(() => import('../reviews/hour_page'), 'HourPage'),
});

const recommendations = createRoute({
  getParentRoute: () => root,
  path: '/recommendations',
  component: lazyRouteComponent(() => import('../reviews/recommendations_page'), 'RecommendationsPage'),
});

const recommendation = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/recommendations/$recommendation',
  validateSearch: readDo,
  component: lazyRouteComponent(() => import('../reviews/recommendation_page'), 'RecommendationPage'),
});

/** The short address of a letter or a message. */
const recommendationLink = createRoute({
  getParentRoute: () => root,
  path: '/recommendations/$recommendation',
  component: lazyRouteComponent(() => import('../reviews/recommendation_link'), 'RecommendationLink'),
});

const safetyBoard = createRoute({
  getParentRoute: () => root,
  path: '/safety',
  component: lazyRouteComponent(() => import('../safety/board_page'), 'SafetyBoardPage'),
});

const safetyEvent = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/safety',
  validateSearch: (search: Record<string, unknown>): { event?: string } => ({ event: text(search.event) }),
  component: lazyRouteComponent(() => import('../safety/event_page'), 'SafetyEventPage'),
});

const safetyPlan = createRoute({
  getParentRoute: () => root,
  path: '/patients/$patient/safety-plan',
  validateSearch: (search: Record<string, unknown>): { view?: 'write' | 'paper' } => ({
    view: search.view === 'write' || search.view === 'paper' ? search.view : undefined,
  }),
  component: lazyRouteComponent(() => import('../safety/plan_page'), 'SafetyPlanPage'),
});

const onCall = createRoute({
  getParentRoute: () => root,
  path: '/on-call',
  validateSearch: (search: Record<string, unknown>): { site?: string; do?: string } => ({
    site: text(search.site),
    do: text(search.do),
  }),
  component: lazyRouteComponent(() => import('../safety/on_call_page'), 'OnCallPage'),
});

const notices = createRoute({
  getParentRoute: () => root,
  path: '/notices',
  component: lazyRouteComponent(() => import('../notices/notices_page'), 'NoticesPage'),
});

const notice = createRoute({
  getParentRoute: () => root,
  path: '/notices/$notice',
  component: lazyRouteComponent(() => import('../notices/notice_link'), 'NoticeLink'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  validateSearch: (
    search: Record<string, unknown>,
  ): { state?: 'dead' | 'retrying' | 'queued' | 'sent'; to?: 'staff' | 'patients' } => ({
    state: (['dead', 'retrying', 'queued', 'sent'] as const).find((state) => state === search.state),
    to: search.to === 'staff' || search.to === 'patients' ? search.to : undefined,
  }),
  component: lazyRouteComponent(() => import('../notices/messages_page'), 'MessagesPage'),
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
    plan,
    decide,
    paper,
    minutes,
    billing,
    tasks,
    inbox,
    inboxAnswers,
    inboxMessages,
    visits,
    groups,
    group,
    community,
    program,
    reports,
    reportFigure,
    reportEquity,
    reportCosts,
    reportPublished,
    reportState,
    reportMeasures,
    reportLetter,
    reportWhatIf,
    handOver,
    calendar,
    access,
    reviews,
    agenda,
    hour,
    recommendations,
    recommendation,
    recommendationLink,
    safetyBoard,
    safetyEvent,
    safetyPlan,
    onCall,
    notices,
    notice,
    messages,
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
