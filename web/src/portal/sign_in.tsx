/** @jsxImportSource preact */
// Signing in: a code by email or text, or a password with a second factor, or a passkey. Nothing to remember is asked first.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { ApiError } from './api';
import { CodeForm } from './code_form';
import { passkeysWork, signInByPasskey } from './passkey';
import { stepped } from './router';
import { auth } from './session';
import type { Session } from './types';
import { Button, More, Notice, Page, TextField, Trouble } from './ui';

type Way = 'name' | 'code' | 'password';

export function SignInPage({
  ended,
  onSignedIn,
}: {
  ended: boolean;
  onSignedIn: (session: Session) => void;
}) {
  const [way, setStep] = useState<Way>('name');
  const setWay = (next: Way) => {
    stepped();
    setStep(next);
  };
  const [name, setName] = useState('');
  const [digits, setDigits] = useState(8);
  if (way === 'code')
    return (
      <CodeForm
        key="code"
        digits={digits}
        onDone={onSignedIn}
        onAnother={() => setWay('name')}
        page={(form, issues) => (
          <Page title={t`Enter your code`} issues={issues}>
            <p>{t`If we know ${name}, we have sent a code there. It can take a minute.`}</p>
            {form}
            <More words={t`No code came`}>
              <ul class="points">
                <li>{t`Look in the spam folder of your email.`}</li>
                <li>{t`Use the email address or phone number that your clinic has.`}</li>
                <li>{t`No page of your own yet? Ask your clinic for an invitation.`}</li>
              </ul>
            </More>
          </Page>
        )}
      />
    );
  if (way === 'password')
    return <PasswordPage name={name} onBack={() => setWay('name')} onSignedIn={onSignedIn} />;
  return (
    <NamePage
      ended={ended}
      name={name}
      onName={setName}
      onPassword={() => setWay('password')}
      onSignedIn={onSignedIn}
      onSent={(length) => {
        setDigits(length);
        setWay('code');
      }}
    />
  );
}

function NamePage({
  ended,
  name,
  onName,
  onSent,
  onPassword,
  onSignedIn,
}: {
  ended: boolean;
  name: string;
  onName: (name: string) => void;
  onSent: (digits: number) => void;
  onPassword: () => void;
  onSignedIn: (session: Session) => void;
}) {
  const act = useAct({ name: 'name' });
  const [closed, setClosed] = useState<string | null>(null);
  const issues: Issue[] = act.issues;
  const send = () =>
    act.run(
      async () => {
        const sent = await auth<{ digits: number }>('code', { name: name.trim() });
        onSent(sent.digits ?? 8);
      },
      name.trim() ? [] : [{ field: 'name', text: t`Enter your email address or phone number.` }],
    );
  const passkey = () =>
    act.run(async () => {
      setClosed(null);
      try {
        const session = await signInByPasskey();
        if (session) onSignedIn(session);
        else setClosed(t`No passkey was used. You can try again, or use a code.`);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401)
          setClosed(t`This passkey does not work here. Please use a code.`);
        else throw error;
      }
    });
  return (
    <Page title={ended ? t`Sign in again` : t`Sign in`} issues={issues} key="name">
      {ended && (
        <Notice>
          <p>{t`You were signed out to keep your page private. What you wrote is kept: sign in and go on.`}</p>
        </Notice>
      )}
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Trouble act={act} again={send} />
        {closed && (
          <Notice live>
            <p>{closed}</p>
          </Notice>
        )}
        <TextField
          id="name"
          label={t`Your email address or phone number`}
          hint={t`We send you a code. There is no password to remember.`}
          issues={issues}
          value={name}
          onValue={onName}
          autocomplete="username"
          name="username"
        />
        <div>
          <Button type="submit" look="main" busy={act.saving}>
            {t`Send me a code`}
          </Button>
        </div>
      </form>
      <More words={t`Other ways to sign in`}>
        {passkeysWork() && (
          <Button onClick={passkey} busy={act.saving}>
            {t`Use a passkey (your face, finger or phone lock)`}
          </Button>
        )}
        <Button onClick={onPassword}>{t`Use a password and an app code`}</Button>
      </More>
    </Page>
  );
}

function PasswordPage({
  name: known,
  onBack,
  onSignedIn,
}: {
  name: string;
  onBack: () => void;
  onSignedIn: (session: Session) => void;
}) {
  const [name, setName] = useState(known);
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [wrong, setWrong] = useState<Issue[]>([]);
  const act = useAct();
  const send = () => {
    const missing: Issue[] = [];
    if (!name.trim()) missing.push({ field: 'name', text: t`Enter your email address or phone number.` });
    if (!password) missing.push({ field: 'password', text: t`Enter your password.` });
    if (!/^\d{6}$/.test(totp.replace(/\s/g, '')))
      missing.push({ field: 'totp', text: t`Enter the 6 numbers that your app shows.` });
    setWrong(missing);
    if (missing.length) return;
    return act.run(async () => {
      try {
        onSignedIn(
          await auth<Session>('sign-in', { name: name.trim(), password, totp: totp.replace(/\s/g, '') }),
        );
      } catch (error) {
        if (error instanceof ApiError && error.status === 401)
          setWrong([
            { field: 'password', text: t`This did not fit. Check all three, or use a code by email.` },
          ]);
        else throw error;
      }
    });
  };
  return (
    <Page title={t`Sign in with a password`} issues={wrong} key="password">
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Trouble act={act} again={send} />
        <TextField
          id="name"
          label={t`Your email address or phone number`}
          issues={wrong}
          value={name}
          onValue={setName}
          autocomplete="username"
          name="username"
        />
        <TextField
          id="password"
          label={t`Password`}
          issues={wrong}
          value={password}
          onValue={setPassword}
          type="password"
          autocomplete="current-password"
          name="password"
        />
        <TextField
          id="totp"
          label={t`Code from your app`}
          hint={t`6 numbers from the app on your phone.`}
          issues={wrong}
          value={totp}
          onValue={setTotp}
          short
          inputMode="numeric"
          autocomplete="one-time-code"
        />
        <div class="row">
          <Button type="submit" look="main" busy={act.saving}>
            {t`Sign in`}
          </Button>
          <Button look="quiet" onClick={onBack}>
            {t`Use a code by email or text`}
          </Button>
        </div>
      </form>
    </Page>
  );
}
