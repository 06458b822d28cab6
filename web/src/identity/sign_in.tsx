import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { call, client } from '../api/client';
import type { Session } from '../api/types';
import { LANGUAGES, type Language } from '../app/i18n';
import { useSave } from '../app/save';
import { Button } from '../ui/button';
import { TextField } from '../ui/field';
import { Mark } from '../ui/icons';
import { ProblemNote } from '../ui/states';
import './sign_in.css';

export function SignInForm({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSave(
    (body: { sign_in_name: string; password: string }) => call(client.POST('/auth/sign-in', { body })),
    onSignedIn,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.save({ sign_in_name: name.trim(), password });
  };
  return (
    <form className="stack" onSubmit={submit}>
      {!!signIn.error && <ProblemNote error={signIn.error} focus />}
      <TextField
        label={t`Sign-in name`}
        value={name}
        onChange={setName}
        name="username"
        autoComplete="username"
        required
      />
      <TextField
        label={t`Password`}
        type="password"
        value={password}
        onChange={setPassword}
        name="password"
        autoComplete="current-password"
        required
      />
      <Button look="primary" type="submit" isPending={signIn.saving}>
        {signIn.saving ? <Trans>Signing in</Trans> : <Trans>Sign in</Trans>}
      </Button>
    </form>
  );
}

export function SignInPage({
  language,
  onLanguage,
  onSignedIn,
}: {
  language: Language;
  onLanguage: (language: Language) => void;
  onSignedIn: (session: Session) => void;
}) {
  const other: Language = language === 'en' ? 'es' : 'en';
  return (
    <main className="sign-in">
      <div className="sign-in-head">
        <span className="wordmark">
          <Mark />
          Concord
        </span>
        <Button look="quiet" small onPress={() => onLanguage(other)}>
          <span lang={other}>{LANGUAGES[other]}</span>
        </Button>
      </div>
      <div>
        <h1>
          <Trans>Sign in</Trans>
        </h1>
        <p className="soft">
          <Trans>For the care team.</Trans>
        </p>
      </div>
      <SignInForm onSignedIn={onSignedIn} />
      <p className="small soft sign-in-foot">
        <Trans>
          Not for patients. In a crisis call or text <a href="tel:988">988</a>, in an emergency{' '}
          <a href="tel:911">911</a>.
        </Trans>
      </p>
    </main>
  );
}
