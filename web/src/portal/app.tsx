/** @jsxImportSource preact */
// The frame around every page, and which page an address is.
import { t } from '@lingui/core/macro';
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ApiError, onSignedOut, setSessionEnds } from './api';
import { ChoosePage } from './choose';
import { plainDate } from './dates';
import { HelpPage, HelpPanel, helpAtHand, Phone } from './help';
import HomePage from './home';
import {
  activate,
  browserLanguage,
  isLanguage,
  LANGUAGES,
  type Language,
  language,
  onLanguage,
} from './i18n';
import { IdleWarning } from './idle';
import { go, HOME, Link, usePath } from './router';
import { auth, type Here, HereContext, readSession } from './session';
import { SignInPage } from './sign_in';
import { forgetAll, forgetFreshness, readAgain, somethingBegun } from './store';
import { invitationToken } from './token';
import type { Scope, Session } from './types';
import { Button, Loading, Notice, Page, setClinicName, setPaperLine } from './ui';

type Screen = ComponentType<{ id?: string; step?: string }>;
const screens: Record<string, () => Promise<{ default: Screen }>> = {
  scores: () => import('./scores'),
  plan: () => import('./plan'),
  team: () => import('./team'),
  medicines: () => import('./medicines'),
  goals: () => import('./goals'),
  diary: () => import('./diary'),
  choices: () => import('./choices'),
  messages: () => import('./messages'),
  'check-ins': () => import('./check_ins'),
  visits: () => import('./visits'),
  groups: () => import('./groups'),
  community: () => import('./community'),
  learn: () => import('./learn'),
  'safety-plan': () => import('./safety_plan'),
  questions: () => import('./surveys'),
  feedback: () => import('./feedback'),
  people: () => import('./people'),
  seen: () => import('./accesses'),
  record: () => import('./record'),
  settings: () => import('./settings'),
  pages: () => import('./pages'),
};
// Addresses in letters of the clinic that have another name here.
const ALSO: Record<string, string> = {
  education: 'learn',
  surveys: 'questions',
  decisions: 'choices',
  treatments: 'medicines',
  'trusted-persons': 'people',
};

function ScreenOf({ name, id, step }: { name: string; id?: string; step?: string }) {
  const [screen, setScreen] = useState<{ name: string; part: Screen } | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: tried again when the person says so
  useEffect(() => {
    let wanted = true;
    setFailed(false);
    screens[name]!().then(
      (loaded) => wanted && setScreen({ name, part: loaded.default }),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [name, attempt]);
  if (failed)
    return (
      <Page title={t`This page did not load`}>
        <p>{t`There is no connection right now.`}</p>
        <Button look="main" onClick={() => setAttempt((n) => n + 1)}>{t`Try again`}</Button>
      </Page>
    );
  if (!screen || screen.name !== name)
    return (
      <main id="main" class="page">
        <Loading />
      </main>
    );
  const Part = screen.part;
  return <Part id={id} step={step} key={`${name}/${id ?? ''}/${step ?? ''}`} />;
}

type State =
  | { is: 'asking' }
  | { is: 'offline' }
  | { is: 'out' }
  /** Signing out; `failed`: nobody knows whether the session has ended, so nothing may look signed out. */
  | { is: 'leaving'; failed: boolean }
  | { is: 'in'; session: Session; ended: boolean };

export function App() {
  const [state, setState] = useState<State>({ is: 'asking' });
  const [, written] = useState(0);
  const [help, setHelp] = useState(false);
  const helpButton = useRef<HTMLDivElement>(null);
  const chosen = useRef(false);
  const titleBefore = useRef('');
  const [name = '', id, step] = usePath();

  const ask = () => {
    readSession().then(
      (session) => void came(session),
      (error: unknown) => setState({ is: error instanceof ApiError && error.unsent ? 'offline' : 'out' }),
    );
  };
  const came = async (session: Session, keep = false) => {
    setClinicName(session.clinic?.name ?? '');
    if (!keep) forgetAll();
    if (chosen.current && session.account.language !== language()) {
      void auth('language', { language: language() }).catch(() => undefined);
    } else if (isLanguage(session.account.language))
      await activate(session.account.language).catch(() => undefined);
    setState({ is: 'in', session, ended: false });
  };
  /** What was read is gone from the page at once; it says signed out when the server has said so. */
  const leave = async () => {
    setState({ is: 'leaving', failed: false });
    try {
      await auth('sign-out');
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'not_signed_in'))
        return setState({ is: 'leaving', failed: true });
    }
    setState({ is: 'out' });
  };
  /** Somebody signed in on top of an ended session: the same person goes on, anybody else starts anew. */
  const cameBack = async (before: Session, session: Session) => {
    if (before.account.id !== session.account.id) return came(session);
    const grant = before.acting?.grant_id ?? null;
    if (before.acting && session.acting?.grant_id !== grant)
      try {
        return await came(await auth<Session>('act-for', { grant_id: grant }), true);
      } catch {
        return came(session);
      }
    return came(session, true);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    ask();
    const stop = [
      onLanguage(() => {
        written((n) => n + 1);
        readAgain();
      }),
      onSignedOut(() => {
        titleBefore.current ||= document.title;
        setState((now) => (now.is === 'in' ? { ...now, ended: true } : now));
      }),
    ];
    const leaving = (event: BeforeUnloadEvent) => {
      if (somethingBegun()) event.preventDefault();
    };
    addEventListener('beforeunload', leaving);
    return () => {
      removeEventListener('beforeunload', leaving);
      for (const one of stop) one();
    };
  }, []);
  // A page opened again says what is true now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the address changes
  useEffect(() => {
    forgetFreshness();
    setHelp(false);
  }, [name, id, step]);

  const session = state.is === 'in' ? state.session : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session is all that changes it
  const here = useMemo<Here | null>(() => {
    if (!session?.acting) return null;
    const acting = session.acting;
    const isSelf = acting.kind === 'self';
    const { given_name, family_name, birth_date } = acting.patient;
    const who = [given_name, family_name].filter(Boolean).join(' ');
    const printed = plainDate(session.clinic.today);
    setPaperLine(
      birth_date
        ? t`${who}, born ${plainDate(birth_date)}. Printed on ${printed}.`
        : t`${who}. Printed on ${printed}.`,
    );
    return {
      session,
      isSelf,
      sees: (view) => session.views.includes(view),
      may: (scope: Scope) => isSelf || acting.scopes.includes(scope),
      name: acting.patient.given_name,
      today: session.clinic.today,
      zone: session.clinic.time_zone,
      took: (next) => void came(next, next.acting?.grant_id === acting.grant_id),
      signOut: () => {
        setSessionEnds(null);
        forgetAll();
        setClinicName('');
        setPaperLine('');
        void leave();
        go(HOME);
      },
    };
  }, [session, language()]);

  const speak = (next: Language) => {
    chosen.current = true;
    if (session && !(state.is === 'in' && state.ended))
      void auth('language', { language: next }).catch(() => undefined);
    void activate(next);
  };
  const closeHelp = () => {
    setHelp(false);
    helpButton.current?.querySelector('button')?.focus();
  };

  const ended = state.is === 'in' && state.ended;
  // Signed in again on top of what was being written: back to it, with its name in the tab.
  useEffect(() => {
    if (ended || !titleBefore.current) return;
    document.title = titleBefore.current;
    titleBefore.current = '';
    document.querySelector<HTMLElement>('main h1')?.focus();
  }, [ended]);
  // Somebody who is signed in already may be invited to help somebody else.
  const invited =
    (name === 'i' || name === 'invitation') &&
    !ended &&
    (state.is === 'out' || (state.is === 'in' && !!invitationToken()));
  const open = !!here && !ended;
  return (
    <div class="portal" key={undefined}>
      <a class="skip" href="#main">
        {t`Skip to the page`}
      </a>
      <header class="top">
        <p class="clinic">{session?.clinic?.name || t`Your care`}</p>
        <div ref={helpButton}>
          <button
            type="button"
            class="button help-button"
            aria-expanded={help}
            aria-controls={help ? 'help-now' : undefined}
            onClick={() => (help ? closeHelp() : setHelp(true))}
          >
            {helpAtHand().title}
          </button>
        </div>
      </header>
      {help && <HelpPanel signedIn={open} clinic={session?.clinic} onClose={closeHelp} />}
      {open && !invited && <Navigation here={here} name={name} />}
      {open && !invited && !here.isSelf && <ActingBanner here={here} />}
      {here && !invited && (
        <HereContext.Provider value={here}>
          <div hidden={ended} key={`${session?.account.id}/${session?.acting?.grant_id}`}>
            <Shown name={name} id={id} step={step} here={here} />
          </div>
        </HereContext.Provider>
      )}
      {invited && <Invited onSignedIn={(next) => void came(next)} />}
      {(state.is === 'out' || ended) &&
        !invited &&
        (name === 'help' && !ended ? (
          <HelpPage signedIn={false} />
        ) : (
          <SignInPage
            ended={ended}
            onSignedIn={(next) => void (state.is === 'in' ? cameBack(state.session, next) : came(next))}
          />
        ))}
      {state.is === 'in' && !ended && !invited && !state.session.acting && (
        <ChoosePage session={state.session} onChosen={(next) => void came(next)} />
      )}
      {(state.is === 'asking' || (state.is === 'leaving' && !state.failed)) && (
        <main id="main" class="page">
          <Loading />
        </main>
      )}
      {state.is === 'offline' && (
        <Page title={t`No connection`}>
          <p>{t`Your page needs the internet. Nothing was lost.`}</p>
          <Button
            look="main"
            onClick={() => {
              setState({ is: 'asking' });
              ask();
            }}
          >{t`Try again`}</Button>
          <Notice>
            <p>{t`“Get help now” works without the internet: your phone can still call.`}</p>
          </Notice>
        </Page>
      )}
      {state.is === 'leaving' && state.failed && (
        <Page title={t`You are still signed in`}>
          <p>{t`Signing out did not work. Somebody else who uses this phone or computer now could see your page.`}</p>
          <Button look="main" onClick={leave}>{t`Try again`}</Button>
        </Page>
      )}
      <Footer session={session} open={open} speak={speak} signOut={here?.signOut} />
      <IdleWarning watching={state.is === 'in' && !ended} />
    </div>
  );
}

function Invited({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [Part, setPart] = useState<ComponentType<{ onSignedIn: (session: Session) => void }> | null>(null);
  useEffect(() => {
    void import('./invitation').then((loaded) => setPart(() => loaded.default));
  }, []);
  return Part ? (
    <Part onSignedIn={onSignedIn} />
  ) : (
    <main id="main" class="page">
      <Loading />
    </main>
  );
}

function Shown({ name, id, step, here }: { name: string; id?: string; step?: string; here: Here }) {
  if (name === '') return <HomePage />;
  if (name === 'help') return <HelpPage signedIn clinic={here.session.clinic} />;
  const screen = ALSO[name] ?? name;
  if (Object.hasOwn(screens, screen)) return <ScreenOf name={screen} id={id} step={step} />;
  return (
    <Page title={t`This page is not here`}>
      <p>
        <Link to={HOME}>{t`Go to the first page`}</Link>
      </p>
    </Page>
  );
}

function Navigation({ here, name }: { here: Here; name: string }) {
  const items = [
    { to: HOME, words: t`Home`, on: name === '', see: true },
    { to: '/portal/messages', words: t`Messages`, on: name === 'messages', see: here.sees('messages') },
    { to: '/portal/goals', words: t`Goals`, on: name === 'goals', see: here.sees('goals') },
    { to: '/portal/pages', words: t`All pages`, on: name === 'pages', see: true },
  ];
  return (
    <nav class="places" aria-label={t`Pages`}>
      <ul>
        {items
          .filter((item) => item.see)
          .map((item) => (
            <li key={item.to}>
              <Link to={item.to} current={item.on}>
                {item.words}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

function ActingBanner({ here }: { here: Here }) {
  const { acting, can_act_for } = here.session;
  const until = acting?.expires_on;
  return (
    <section class="acting" aria-label={t`Acting for somebody`}>
      <p>
        <strong>{t`You are acting for ${here.name}.`}</strong>{' '}
        {until
          ? t`What you send is marked with your name. This ends on ${plainDate(until)}.`
          : t`What you send is marked with your name.`}
      </p>
      {can_act_for.length > 1 && <Link to="/portal/settings/whose">{t`Open another page`}</Link>}
    </section>
  );
}

function Footer({
  session,
  open,
  speak,
  signOut,
}: {
  session: Session | null;
  open: boolean;
  speak: (language: Language) => void;
  signOut?: () => void;
}) {
  const clinic = session?.clinic;
  const [phone, hours] = [clinic?.phone, clinic?.hours];
  return (
    <footer class="foot">
      {phone && (
        <p>
          {t`Your clinic:`} <Phone number={phone} />
          {hours ? `, ${hours}` : ''}
        </p>
      )}
      <p>{t`Nobody is watching this page now. Your team reads it in working hours.`}</p>
      <div class="row">
        <fieldset class="languages">
          <legend class="hidden-text">{t`Language`}</legend>
          {(Object.keys(LANGUAGES) as Language[]).map((one) => (
            <button
              key={one}
              type="button"
              class="button small"
              lang={one}
              aria-pressed={language() === one}
              onClick={() => speak(one)}
            >
              {LANGUAGES[one]}
            </button>
          ))}
        </fieldset>
        {open && (
          <Button look="small" onClick={signOut}>
            {t`Sign out`}
          </Button>
        )}
      </div>
    </footer>
  );
}

export const firstLanguage = () => activate(browserLanguage());
