/** @jsxImportSource preact */
// How we may reach you, and how you sign in.
import { t } from '@lingui/core/macro';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { ApiError, put } from './api';
import { ChoosePage } from './choose';
import { CodeForm } from './code_form';
import { addPasskey, passkeysWork } from './passkey';
import { Link, stepped } from './router';
import { auth, readSession, useHere } from './session';
import { useStepUp } from './step_up';
import { changed, useView } from './store';
import type { Preferences } from './types';
import { Button, Choices, Done, H2, More, Notice, Page, Shown, Sure, TextField, Trouble } from './ui';

export default function SettingsPage({ id }: { id?: string }) {
  const here = useHere();
  if (id === 'whose') return <ChoosePage session={here.session} onChosen={here.took} />;
  return (
    <Page title={t`Settings`}>
      {here.isSelf && <Reach />}
      <SignIn />
      {here.session.can_act_for.length > 1 && (
        <section>
          <H2>{t`Another page`}</H2>
          <p>
            <Link to="/portal/settings/whose">{t`Open another page`}</Link>
          </p>
        </section>
      )}
    </Page>
  );
}

function Reach() {
  const preferences = useView<Preferences>('contact-preferences');
  const [kept, setKept] = useState(0);
  return (
    <section>
      <H2>{t`How may we reach you?`}</H2>
      {kept > 0 && (
        <Done key={kept}>
          <p>{t`Saved.`}</p>
        </Done>
      )}
      <Shown of={preferences}>
        {(data) => <ReachForm data={data} onKept={() => setKept((n) => n + 1)} key={data.version} />}
      </Shown>
    </section>
  );
}

function ReachForm({ data, onKept }: { data: Preferences; onKept: () => void }) {
  const [form, setForm] = useState({
    channel: data.channel ?? '',
    quiet: data.quiet_from ? 'own' : 'usual',
    from: data.quiet_from ?? data.effective.quiet_from,
    until: data.quiet_until ?? data.effective.quiet_until,
    told: data.tell_when_read ? 'yes' : 'no',
    mail: data.mail_stopped,
    sms: data.sms_stopped,
  });
  const act = useAct({ channel: 'channel', quiet_from: 'quiet-from', quiet_until: 'quiet-until' });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const byReply = !!data.sms_stopped_by_reply_at;
  const save = () =>
    void act
      .run(() =>
        put(
          'contact-preferences',
          {
            channel: form.channel || null,
            language: data.language,
            quiet_from: form.quiet === 'own' ? form.from : null,
            quiet_until: form.quiet === 'own' ? form.until : null,
            tell_when_read: form.told === 'yes',
            mail_stopped: form.mail,
            sms_stopped: form.sms,
          },
          data.version,
        ),
      )
      .then((ok) => {
        if (!ok) return;
        onKept();
        changed('contact-preferences');
      });
  const [usualFrom, usualUntil] = [data.effective.quiet_from, data.effective.quiet_until];
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        save();
      }}
    >
      <Trouble act={act} again={save} />
      <Choices
        id="channel"
        label={t`Messages from the clinic come`}
        hint={t`They never say anything personal.`}
        issues={act.issues}
        choices={[
          { value: '', words: t`As the clinic does it` },
          { value: 'mail', words: t`By email` },
          { value: 'sms', words: t`By text message` },
          { value: 'none', words: t`Not at all` },
        ]}
        value={[form.channel]}
        onValue={([channel]) => set({ channel: (channel ?? '') as typeof form.channel })}
      />
      {(data.mail_stopped || data.sms_stopped || byReply) && (
        <Notice>
          {byReply ? (
            <p>{t`You sent STOP from your phone. To get texts again, send START to the same number.`}</p>
          ) : (
            <>
              <p>{t`You have stopped some messages.`}</p>
              <Choices
                id="stopped"
                label={t`Stopped`}
                many
                choices={[
                  { value: 'mail', words: t`No email` },
                  { value: 'sms', words: t`No text messages` },
                ]}
                value={[...(form.mail ? ['mail'] : []), ...(form.sms ? ['sms'] : [])]}
                onValue={(value) => set({ mail: value.includes('mail'), sms: value.includes('sms') })}
              />
            </>
          )}
        </Notice>
      )}
      <Choices
        id="quiet"
        label={t`Quiet hours: no messages then`}
        choices={[
          {
            value: 'usual',
            words: data.quiet_from
              ? t`The clinic's usual hours`
              : t`The clinic's: ${usualFrom} to ${usualUntil}`,
          },
          { value: 'own', words: t`My own hours` },
        ]}
        value={[form.quiet]}
        onValue={([quiet]) => set({ quiet: quiet === 'own' ? 'own' : 'usual' })}
      />
      {form.quiet === 'own' && (
        <div class="row">
          <TextField
            id="quiet-from"
            label={t`From`}
            type="time"
            issues={act.issues}
            value={form.from}
            onValue={(from) => set({ from })}
          />
          <TextField
            id="quiet-until"
            label={t`Until`}
            type="time"
            issues={act.issues}
            value={form.until}
            onValue={(until) => set({ until })}
          />
        </div>
      )}
      <Choices
        id="told"
        label={t`Tell me when my team has read my answers`}
        choices={[
          { value: 'yes', words: t`Yes` },
          { value: 'no', words: t`No, I look here` },
        ]}
        value={[form.told]}
        onValue={([told]) => set({ told: told ?? 'yes' })}
      />
      <div>
        <Button type="submit" look="main" busy={act.saving}>
          {t`Save`}
        </Button>
      </div>
    </form>
  );
}

function SignIn() {
  const here = useHere();
  const { account } = here.session;
  const proof = useStepUp();
  const act = useAct();
  const [done, setDone] = useState('');
  const fresh = async (words: string) => {
    here.took(await readSession());
    setDone(words);
  };
  const run = (work: () => Promise<unknown>, words: string) =>
    void act.run(() =>
      proof.guard(async () => {
        await work();
        await fresh(words);
      }),
    );
  return (
    <section>
      <H2>{t`How you sign in`}</H2>
      <p>
        {t`With a code to:`} {[account.mail, account.phone].filter(Boolean).join(', ')}
      </p>
      {done && (
        <Done key={done}>
          <p>{done}</p>
        </Done>
      )}
      <Trouble act={act} />
      {proof.panel}
      <More words={t`Change my email address or phone number`}>
        <NewAddress guard={proof.guard} onDone={() => void fresh(t`Changed.`)} />
      </More>
      {passkeysWork() && (
        <More words={account.passkeys.length ? t`Passkeys (you have one)` : t`Sign in with a passkey`}>
          <p>{t`A passkey is your face, your finger or the lock of your phone. It is the safest way.`}</p>
          {account.passkeys.length > 0 && (
            <ul class="rows">
              {account.passkeys.map((one) => (
                <li key={one.id} class="row">
                  {one.name}
                  <Sure
                    look="small"
                    act={t`Remove`}
                    ask={t`This passkey will not work here any more.`}
                    yes={t`Remove`}
                    onYes={() => run(() => auth('passkeys/remove', { id: one.id }), t`The passkey is gone.`)}
                  />
                </li>
              ))}
            </ul>
          )}
          <Button
            busy={act.saving}
            onClick={() =>
              run(async () => {
                if (!(await addPasskey(t`My phone`)))
                  throw new ApiError(400, { code: 'cancelled', title: '', status: 400 });
              }, t`The passkey works now.`)
            }
          >
            {t`Add a passkey on this phone`}
          </Button>
        </More>
      )}
      <More
        words={account.has_totp ? t`App codes and password (on)` : t`Sign in with a password and an app code`}
      >
        {account.has_totp ? (
          <>
            <Password has={account.has_password} run={run} busy={act.saving} />
            <Sure
              act={t`Stop using app codes`}
              ask={t`The password stops working too. You sign in with a code by email or text.`}
              yes={t`Stop using app codes`}
              onYes={() => run(() => auth('totp/remove'), t`App codes are off.`)}
            />
          </>
        ) : (
          <AppCodes
            guard={proof.guard}
            onDone={() => void fresh(t`App codes work now. Next, choose a password.`)}
          />
        )}
      </More>
    </section>
  );
}

function NewAddress({
  guard,
  onDone,
}: {
  guard: (work: () => Promise<unknown>) => Promise<void>;
  onDone: () => void;
}) {
  const here = useHere();
  const [channel, setChannel] = useState('mail');
  const [address, setAddress] = useState('');
  const [digits, setDigits] = useState<number | null>(null);
  const act = useAct({ address: 'address' });
  if (digits !== null)
    return (
      <CodeForm
        digits={digits}
        onAnother={() => setDigits(null)}
        onDone={(session) => {
          here.took(session);
          setDigits(null);
          setAddress('');
          onDone();
        }}
      />
    );
  const save = () =>
    void act.run(
      () =>
        guard(async () => {
          const sent = await auth<{ digits?: number }>('contact', { channel, address: address.trim() });
          stepped();
          setDigits(sent.digits ?? 8);
        }),
      address.trim() ? [] : [{ field: 'address', text: t`Enter the new address or number.` }],
    );
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        save();
      }}
    >
      <Trouble act={act} again={save} />
      <Choices
        id="new-channel"
        label={t`What is new?`}
        choices={[
          { value: 'mail', words: t`Email address` },
          { value: 'sms', words: t`Phone number` },
        ]}
        value={[channel]}
        onValue={([value]) => setChannel(value ?? 'mail')}
      />
      <TextField
        id="address"
        label={channel === 'mail' ? t`New email address` : t`New phone number`}
        type={channel === 'mail' ? 'email' : 'tel'}
        issues={act.issues}
        value={address}
        onValue={setAddress}
        maxLength={200}
      />
      <div>
        <Button type="submit" busy={act.saving}>{t`Send a code there`}</Button>
      </div>
    </form>
  );
}

function Password({
  has,
  run,
  busy,
}: {
  has: boolean;
  run: (work: () => Promise<unknown>, words: string) => void;
  busy: boolean;
}) {
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<Issue[]>([]);
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (password.length < 8)
          return setWrong([{ field: 'new-password', text: t`Use 8 letters or more.` }]);
        setWrong([]);
        run(() => auth('password', { new_password: password }), t`The password is set.`);
        setPassword('');
      }}
    >
      <TextField
        id="new-password"
        label={has ? t`New password` : t`Choose a password`}
        hint={t`8 letters or more. Four words are easy to remember.`}
        type="password"
        autocomplete="new-password"
        issues={wrong}
        value={password}
        onValue={setPassword}
      />
      <div class="row">
        <Button type="submit" busy={busy}>{t`Save the password`}</Button>
        {has && (
          <Button
            look="quiet"
            busy={busy}
            onClick={() => run(() => auth('password/remove'), t`The password is gone.`)}
          >
            {t`Remove the password`}
          </Button>
        )}
      </div>
    </form>
  );
}

function AppCodes({
  guard,
  onDone,
}: {
  guard: (work: () => Promise<unknown>) => Promise<void>;
  onDone: () => void;
}) {
  const [secret, setSecret] = useState<{ secret: string; uri: string } | null>(null);
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<Issue[]>([]);
  const act = useAct();
  const begin = () =>
    void act.run(() =>
      guard(async () => setSecret(await auth<{ secret: string; uri: string }>('totp/begin'))),
    );
  if (!secret)
    return (
      <>
        <p>{t`An app on your phone shows 6 numbers that change. You need it together with a password.`}</p>
        <Trouble act={act} again={begin} />
        <Button busy={act.saving} onClick={begin}>{t`Set up app codes`}</Button>
      </>
    );
  const groups = secret.secret.match(/.{1,4}/g)?.join(' ') ?? secret.secret;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        const plain = code.replace(/\s/g, '');
        if (!/^\d{6}$/.test(plain))
          return setWrong([{ field: 'app-code', text: t`Enter the 6 numbers that your app shows.` }]);
        setWrong([]);
        void act.run(() =>
          guard(async () => {
            try {
              await auth('totp/confirm', { code: plain });
            } catch (error) {
              if (error instanceof ApiError && [401, 422].includes(error.status))
                return setWrong([
                  { field: 'app-code', text: t`These numbers do not fit. Wait for the next ones.` },
                ]);
              throw error;
            }
            onDone();
          }),
        );
      }}
    >
      <p>
        <a class="button" href={secret.uri}>{t`Open my code app`}</a>
      </p>
      <p>
        {t`Or type this into the app:`} <code>{groups}</code>
      </p>
      <Trouble act={act} />
      <TextField
        id="app-code"
        label={t`The 6 numbers in the app`}
        issues={wrong}
        value={code}
        onValue={setCode}
        short
        inputMode="numeric"
        autocomplete="one-time-code"
      />
      <div>
        <Button type="submit" look="main" busy={act.saving}>{t`Turn on`}</Button>
      </div>
    </form>
  );
}
