// Language first, then who is here, then the pages. A lost session is asked for again on top of the page,
// so that nothing typed is lost; another person signing in gets a fresh start.
import { I18nProvider } from '@lingui/react';
import { Trans } from '@lingui/react/macro';
import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { I18nProvider as AriaI18nProvider } from 'react-aria-components/I18nProvider';
import { ApiError, onSignedOut } from '../api/client';
import { queryClient, sessionQuery } from '../api/queries';
import type { Session } from '../api/types';
import { SignInForm, SignInPage } from '../identity/sign_in';
import { Sheet } from '../ui/sheet';
import { ProblemNote, Skeleton } from '../ui/states';
import { Toasts } from '../ui/toast';
import { useLiveUpdates } from './events';
import { activate, browserLanguage, i18n, type Language } from './i18n';
import { IdleWarning } from './idle';
import { router } from './router';
import { HereProvider } from './session';

function SignedIn({ session }: { session: Session }) {
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => onSignedOut(() => setSignedOut(true)), []);
  useLiveUpdates(!signedOut && session.permissions.includes('events.read'));

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
      {signedOut ? (
        <Sheet
          shape="box"
          role="alertdialog"
          title={<Trans>Your session has ended</Trans>}
          subtitle={<Trans>Sign in to go on where you were. What you typed is still here.</Trans>}
        >
          <SignInForm onSignedIn={back} />
        </Sheet>
      ) : (
        <IdleWarning />
      )}
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
