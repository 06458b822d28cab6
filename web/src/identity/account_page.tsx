// My own things: name, language, password, where I am signed in.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { accountQuery, queryClient, sessionQuery } from '../api/queries';
import type { Account } from '../api/types';
import { LANGUAGES, type Language } from '../app/i18n';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { ContactPoints } from '../notices/contact_points';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { dateOf, shortDate, timeOf } from '../ui/dates';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { roleWords, word } from '../ui/words';
import '../referrals/referrals.css';

const MIN_PASSWORD = 15;

export function AccountPage() {
  const account = useQuery(accountQuery);
  useEffect(() => {
    document.title = `${t`My account`} · Concord`;
  }, []);
  return (
    <div className="narrow-page">
      <h1>
        <Trans>My account</Trans>
      </h1>
      {account.isPending && <Skeleton rows={4} widths={[40, 30]} />}
      {unreadable(account) && <ProblemNote error={account.error} onRetry={() => void account.refetch()} />}
      {account.data && <Own account={account.data} key={account.data.version} />}
    </div>
  );
}

function Own({ account }: { account: Account }) {
  return (
    <>
      <Profile account={account} />
      <hr />
      <ContactPoints />
      <hr />
      <Password />
      <hr />
      <Sessions account={account} />
    </>
  );
}

function Profile({ account }: { account: Account }) {
  const { session } = useHere();
  const [name, setName] = useState(account.display_name);
  const [language, setLanguage] = useState<Language>(account.language);
  const save = useSave(
    ({ version, ...body }: { version: number; display_name: string; language: Language }) =>
      call(client.PATCH('/api/v1/account', { params: { header: ifMatch(version) }, body })),
    async (saved) => {
      queryClient.setQueryData(accountQuery.queryKey, saved);
      say(t`Saved.`);
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  );
  const theirs = save.theirs as unknown as Account | null;
  if (theirs)
    return (
      <Conflict
        fields={[
          { key: 'name', label: t`Name`, theirs: theirs.display_name, yours: name },
          {
            key: 'language',
            label: t`Language`,
            theirs: LANGUAGES[theirs.language],
            yours: LANGUAGES[language],
          },
        ]}
        onResolve={(values) =>
          save.save({
            version: theirs.version,
            display_name: values.name ?? name,
            language: values.language === LANGUAGES[theirs.language] ? theirs.language : language,
          })
        }
        onCancel={save.reset}
      />
    );
  return (
    <ShortForm
      state={save}
      action={<Trans>Save</Trans>}
      onSubmit={() => save.save({ version: account.version, display_name: name, language })}
    >
      <p className="soft">
        {account.sign_in_name}, {session.organization.name}.{' '}
        {session.roles
          .map((held) => word(roleWords, held.role))
          .filter((role, index, all) => all.indexOf(role) === index)
          .join(', ')}
      </p>
      <TextField
        label={t`Name`}
        value={name}
        onChange={setName}
        required
        autoComplete="name"
        error={issueFor(save.error, 'display_name')}
      />
      <Choice
        label={t`Language`}
        value={language}
        onChange={(value) => setLanguage(value as Language)}
        options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
      />
      {language === 'es' && (
        <p className="soft small">
          <Trans>The Spanish text awaits clinical review.</Trans>
        </p>
      )}
    </ShortForm>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = useSave(
    (body: { current_password: string; new_password: string }) =>
      call(client.POST('/api/v1/account/password', { body })),
    async () => {
      setCurrent('');
      setNext('');
      say(t`Password changed. Other sessions were ended.`);
      await queryClient.invalidateQueries({ queryKey: accountQuery.queryKey });
    },
  );
  return (
    <section className="stack">
      <h2>
        <Trans>Password</Trans>
      </h2>
      <ShortForm
        state={save}
        action={<Trans>Change the password</Trans>}
        onSubmit={() => save.save({ current_password: current, new_password: next })}
      >
        <TextField
          label={t`Password now`}
          type="password"
          value={current}
          onChange={setCurrent}
          required
          autoComplete="current-password"
          error={issueFor(save.error, 'current_password')}
        />
        <TextField
          label={t`New password`}
          hint={t`At least ${MIN_PASSWORD} characters. A few words are fine; paste is fine.`}
          type="password"
          value={next}
          onChange={setNext}
          required
          autoComplete="new-password"
          error={issueFor(save.error, 'new_password') ?? issueFor(save.error, 'password')}
        />
      </ShortForm>
    </section>
  );
}

function Sessions({ account }: { account: Account }) {
  const { today, zone } = useHere();
  const when = (instant: string) =>
    `${shortDate(dateOf(instant, zone()), today())} ${timeOf(instant, zone())}`;
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Signed in</Trans>
      </h2>
      <ul className="stack-tight">
        {account.sessions.map((one) => (
          <li key={one.created_at}>
            {t`since ${when(one.created_at)}, last active ${when(one.last_active_at)}`}{' '}
            {one.current && (
              <span className="soft">
                <Trans>this one</Trans>
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className="soft small">
        <Trans>Changing the password ends every other session.</Trans>
      </p>
    </section>
  );
}
