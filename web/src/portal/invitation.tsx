/** @jsxImportSource preact */
// The first visit: a link from the clinic or from somebody who trusts you.
import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { ApiError } from './api';
import { CodeForm } from './code_form';
import { activate, isLanguage, language } from './i18n';
import { go, HOME, stepped } from './router';
import { scopeWords } from './scopes';
import { auth } from './session';
import { invitationToken, spendToken } from './token';
import type { Clinic, Scope, Session } from './types';
import { Button, Choices, LinkButton, Loading, Notice, Page, setClinicName, TextField, Trouble } from './ui';

interface Invitation {
  kind: 'patient' | 'trusted_person';
  clinic: Clinic;
  language: string;
  asks_birth_date: boolean;
  channels: ('mail' | 'sms')[];
  from?: string;
  scopes?: Scope[];
}

/** What people type: 3/9/1991, 03-09-1991, 1991-03-09. Month first in English, day first in Spanish. */
export function birthDate(day: string, month: string, year: string): string | null {
  const [d, m, y] = [Number(day), Number(month), Number(year)];
  if (!Number.isInteger(d) || !Number.isInteger(m) || !/^\d{4}$/.test(year.trim())) return null;
  const date = new Date(Date.UTC(y, m - 1, d));
  if (date.getUTCFullYear() !== y || date.getUTCMonth() !== m - 1 || date.getUTCDate() !== d) return null;
  return date.toISOString().slice(0, 10);
}

export default function InvitationPage({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [found, setFound] = useState<Invitation | null>(null);
  const [gone, setGone] = useState(!invitationToken());
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState(false);
  const [digits, setDigits] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the person says so
  useEffect(() => {
    if (!invitationToken()) return;
    setFailed(false);
    auth<Invitation>('invitation', { token: invitationToken() }).then(
      (invitation) => {
        setClinicName(invitation.clinic.name);
        if (isLanguage(invitation.language) && invitation.language !== language())
          void activate(invitation.language);
        setFound(invitation);
      },
      (error: unknown) => {
        if (error instanceof ApiError && error.status === 404) setGone(true);
        else setFailed(true);
      },
    );
  }, [attempt]);
  if (gone)
    return (
      <Page title={t`This link does not work any more`} key="gone">
        <p>{t`It may be too old, or it was used already. If you joined before, just sign in. If not, ask your clinic for a new link.`}</p>
        <LinkButton look="main" to={HOME}>{t`Go to sign in`}</LinkButton>
      </Page>
    );
  if (!found)
    return (
      <Page title={t`Welcome`} key="wait">
        {failed ? (
          <Notice kind="care" live>
            <p>{t`There is no connection right now.`}</p>
            <Button onClick={() => setAttempt((n) => n + 1)}>{t`Try again`}</Button>
          </Notice>
        ) : (
          <Loading />
        )}
      </Page>
    );
  if (digits !== null)
    return (
      <CodeForm
        key="code"
        digits={digits}
        onAnother={() => setDigits(null)}
        onDone={(session) => {
          spendToken();
          go(HOME, true);
          onSignedIn(session);
        }}
        page={(form, issues) => (
          <Page title={t`Enter your code`} issues={issues}>
            <p>{t`We have sent you a code. It can take a minute.`}</p>
            {form}
          </Page>
        )}
      />
    );
  return (
    <Welcome
      invitation={found}
      onSent={(length) => {
        stepped();
        setDigits(length);
      }}
      onGone={() => {
        stepped();
        setGone(true);
      }}
    />
  );
}

function Welcome({
  invitation,
  onSent,
  onGone,
}: {
  invitation: Invitation;
  onSent: (digits: number) => void;
  onGone: () => void;
}) {
  const [day, setDay] = useState('');
  const [month, setMonth] = useState('');
  const [year, setYear] = useState('');
  const [channel, setChannel] = useState<string>(invitation.channels[0] ?? 'mail');
  const [wrong, setWrong] = useState<Issue[]>([]);
  const act = useAct();
  const send = () => {
    setWrong([]);
    const date = birthDate(day, month, year);
    if (invitation.asks_birth_date && !date)
      return setWrong([
        { field: 'birth', text: t`Enter the day you were born, for example 14, 9 and 1985.` },
      ]);
    return act.run(async () => {
      try {
        const sent = await auth<{ digits: number }>('invitation/confirm', {
          token: invitationToken(),
          channel,
          language: language(),
          ...(invitation.asks_birth_date && { birth_date: date }),
        });
        onSent(sent.digits ?? 8);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) onGone();
        else if (error instanceof ApiError && error.problem.issues?.some((one) => one.path === 'birth_date'))
          setWrong([
            { field: 'birth', text: t`This is not the birth date that the clinic has. Please check it.` },
          ]);
        else throw error;
      }
    });
  };
  const clinic = invitation.clinic.name;
  const from = invitation.from ?? '';
  const parts = language() === 'es' ? ['day', 'month', 'year'] : ['month', 'day', 'year'];
  const field = {
    day: (
      <TextField
        id="birth-day"
        label={t`Day`}
        value={day}
        onValue={setDay}
        inputMode="numeric"
        autocomplete="bday-day"
      />
    ),
    month: (
      <TextField
        id="birth-month"
        label={t`Month`}
        value={month}
        onValue={setMonth}
        inputMode="numeric"
        autocomplete="bday-month"
      />
    ),
    year: (
      <TextField
        id="birth-year"
        label={t`Year`}
        value={year}
        onValue={setYear}
        inputMode="numeric"
        autocomplete="bday-year"
      />
    ),
  };
  return (
    <Page
      key="welcome"
      title={invitation.kind === 'patient' ? t`Welcome to ${clinic}` : t`${from} would like your help`}
      issues={wrong}
    >
      {invitation.kind === 'patient' ? (
        <p>{t`Here you can see your plan and your scores, write to your team, and get ready for your visits.`}</p>
      ) : (
        <>
          <p>{t`You were invited to help with the care at ${clinic}. You would see only these parts:`}</p>
          <ul class="points">
            {(invitation.scopes ?? []).map((scope) => (
              <li key={scope}>{scopeWords(scope)}</li>
            ))}
          </ul>
          <p>{t`You can stop at any time, and so can ${from}.`}</p>
        </>
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
        {invitation.asks_birth_date && (
          <fieldset id="birth" class={wrong.length ? 'field bad' : 'field'}>
            <legend class="label">{t`When were you born?`}</legend>
            <p class="hint">{t`So that we know it is you.`}</p>
            {wrong.map((issue) => (
              <p class="wrong" key={issue.text}>
                {issue.text}
              </p>
            ))}
            <div class="row date">{parts.map((part) => field[part as keyof typeof field])}</div>
          </fieldset>
        )}
        {invitation.channels.length > 1 && (
          <Choices
            id="channel"
            label={t`Where should we send your code?`}
            choices={[
              { value: 'mail', words: t`By email` },
              { value: 'sms', words: t`By text message` },
            ]}
            value={[channel]}
            onValue={(value) => setChannel(value[0] ?? 'mail')}
          />
        )}
        <div>
          <Button type="submit" look="main" busy={act.saving}>
            {t`Send me a code`}
          </Button>
        </div>
      </form>
    </Page>
  );
}
