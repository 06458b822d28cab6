// Language first, then who is here, then the pages. A lost session is asked for again on top of the page,
// so that nothing typed is lost; another person signing in gets a fresh start.
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { I18nProvider as AriaI18nProvider } from 'react-aria-components/I18nProvider';
import { ApiError, onSignedOut } from '../api/client';
import { queryClient, sessionQuery } from '../api/queries';
import type { Session } from '../api/types';
import { SignInPage } from '../identity/sign_in';
import { ProblemNote, Skeleton } from '../ui/states';
import { Toasts } from '../ui/toast';
import { useLiveUpdates } from './events';
import { activate, browserLanguage, i18n, type Language } from './i18n';
import { useIdle } from './idle';
import { router } from './router';
import { HereProvider } from './session';

const SignInAgain = lazy(() => import('../identity/sign_in_again'));
const IdleWarning = lazy(() => import('./idle_warning'));

function SignedIn({ session }: { session: Session }) {
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => onSignedOut(() => setSignedOut(true)), []);
  useLiveUpdates(!signedOut && session.permissions.includes('events.read'));

  const idle = useIdle(session, !signedOut);

  const back = (next: Session) => {
    if (next.user.id === session.user.id) {
      setSignedOut(false);
      queryClient.setQueryData(sessionQuery.queryKey, next);
      void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    } else {
      window.location.assign('/');
    }
  };
  return (
    <HereProvider session={session}>
      <RouterProvider router={router} />
      <Suspense fallback={null}>
        {signedOut ? (
          <SignInAgain onSignedIn={back} />
        ) : (
          idle.left !== null && <IdleWarning left={idle.left} onStay={idle.stay} />
        )}
      </Suspense>
    </HereProvider>
  );
}

function Gate() {
  const session = useQuery(sessionQuery);
  const [language, setLanguage] = useState<Language | null>(null);
  const wanted = session.data?.user.language ?? browserLanguage();
  useEffect(() => {
    if (!session.isPending) void activate(wanted).then(() => setLanguage(wanted));
  }, [wanted, session.isPending]);

  if (!language || session.isPending) return null;
  // Words are read when a page renders: a new language is a new tree.
  return (
    <AriaI18nProvider locale={language === 'es' ? 'es-ES' : 'en-US'} key={language}>
      <I18nProvider i18n={i18n}>
        {session.data ? (
          <SignedIn session={session.data} key={session.data.user.id} />
        ) : session.error instanceof ApiError && session.error.code === 'not_signed_in' ? (
          <SignInPage
            language={language}
            onLanguage={(next) => void activate(next).then(() => setLanguage(next))}
            onSignedIn={(next) => queryClient.setQueryData(sessionQuery.queryKey, next)}
          />
        ) : (
          <main style={{ maxWidth: 640, margin: '10vh auto', padding: 16 }} className="stack">
            <ProblemNote error={session.error} onRetry={() => void session.refetch()} />
            <Skeleton rows={3} />
          </main>
        )}
        <Toasts />
      </I18nProvider>
    </AriaI18nProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Gate />
    </QueryClientProvider>
  );
}
