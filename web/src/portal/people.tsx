/** @jsxImportSource preact */
// People who help: what they may see is shown exactly before it is given, and can be taken back at once.
import { plural, t } from '@lingui/core/macro';
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { patch, post } from './api';
import { plainDate } from './dates';
import { FrameContext } from './frame';
import { isLanguage, LANGUAGES, language } from './i18n';
import { go, Link } from './router';
import { SCOPES, scopeWords, VIEWS_OF } from './scopes';
import { HereContext, useHere } from './session';
import { useStepUp } from './step_up';
import { changed, useDraft, useView } from './store';
import type { Scope, Trusted } from './types';
import {
  Button,
  Choices,
  Done,
  Gone,
  H2,
  LinkButton,
  Loading,
  More,
  Notice,
  Page,
  Shown,
  Sure,
  TextField,
  Trouble,
} from './ui';

export default function PeoplePage({ id, step }: { id?: string; step?: string }) {
  const here = useHere();
  if (!here.isSelf)
    return (
      <Page title={t`People who help you`}>
        <p>{t`Only ${here.name} can see and change this.`}</p>
      </Page>
    );
  if (id === 'new') return <Invite step={step} />;
  if (id) return <Change id={id} />;
  return <List />;
}

interface People {
  items: Trusted[];
}

const stateWords = (one: Trusted, today: string) => {
  const until = plainDate(one.expires_on, today);
  switch (one.state) {
    case 'invited':
      return t`Invited, not here yet`;
    case 'active':
      return t`Helps you until ${until}`;
    case 'ask_again':
      return t`Stopped until you say yes again`;
    case 'expired':
      return t`Ended on ${until}`;
    default:
      return one.ended_by === 'they' ? t`Ended by them` : t`Ended`;
  }
};

function List() {
  const here = useHere();
  const people = useView<People>('trusted-persons');
  const [stopped, setStopped] = useState('');
  return (
    <Page title={t`People who help you`}>
      <p>{t`You can let somebody you trust see parts of your page and act for you. They sign in by themselves. You choose the parts, and you can stop it at any time.`}</p>
      {stopped && (
        <Done key={stopped}>
          <p>{t`Stopped. ${stopped} sees nothing more.`}</p>
        </Done>
      )}
      <Shown of={people}>
        {(data) => {
          const live = data.items.filter((one) => ['active', 'invited', 'ask_again'].includes(one.state));
          const over = data.items.filter((one) => !live.includes(one));
          return (
            <>
              {live.length === 0 && <p>{t`Nobody now.`}</p>}
              {live.map((one) => (
                <Person key={one.id} person={one} onStopped={() => setStopped(one.name)} />
              ))}
              <LinkButton look={live.length ? 'plain' : 'main'} to="/portal/people/new">
                {t`Invite somebody`}
              </LinkButton>
              {over.length > 0 && (
                <More words={t`Before`}>
                  <ul class="rows">
                    {over.map((one) => (
                      <li key={one.id}>
                        {one.name}
                        <span class="soft block">{stateWords(one, here.today)}</span>
                      </li>
                    ))}
                  </ul>
                </More>
              )}
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

function Person({ person, onStopped }: { person: Trusted; onStopped: () => void }) {
  const here = useHere();
  const act = useAct();
  const { name } = person;
  return (
    <section class="card">
      <H2>{name}</H2>
      <p class="soft">
        {person.relationship && `${person.relationship}. `}
        {stateWords(person, here.today)}.
      </p>
      <p>{t`${name} may see and do:`}</p>
      <ul class="points">
        {person.scopes.map((scope) => (
          <li key={scope}>{scopeWords(scope)}</li>
        ))}
      </ul>
      {person.last_used_at && (
        <p class="soft">{t`Last here: ${plainDate(person.last_used_at.slice(0, 10), here.today)}`}</p>
      )}
      <Trouble act={act} />
      <div class="row">
        <LinkButton to={`/portal/people/${person.id}`}>
          {person.state === 'ask_again' ? t`Say yes again, or change` : t`See or change`}{' '}
          <span class="hidden-text">{name}</span>
        </LinkButton>
        <Sure
          act={t`Stop now`}
          ask={t`${name} will see nothing more from this moment.`}
          yes={t`Stop now`}
          onYes={() =>
            void act
              .run(() => post(`trusted-persons/${person.id}/stop`, {}))
              .then((ok) => {
                if (!ok) return;
                changed('trusted-persons');
                onStopped();
              })
          }
        />
      </div>
    </section>
  );
}

const screens: Record<string, () => Promise<{ default: ComponentType<{ id?: string; step?: string }> }>> = {
  visits: () => import('./visits'),
  groups: () => import('./groups'),
  community: () => import('./community'),
  goals: () => import('./goals'),
  plan: () => import('./plan'),
  treatments: () => import('./medicines'),
  team: () => import('./team'),
  decisions: () => import('./choices'),
  scores: () => import('./scores'),
  'check-ins': () => import('./check_ins'),
  messages: () => import('./messages'),
  education: () => import('./learn'),
  'safety-plan': () => import('./safety_plan'),
};

/** The very pages, from the very answers, that the other person would get. Nothing in it can be pressed. */
function Preview({ scopes, name }: { scopes: Scope[]; name: string }) {
  const here = useHere();
  const [parts, setParts] = useState<Record<string, ComponentType<{ id?: string; step?: string }>>>({});
  const sorted = [...scopes].sort();
  const views = SCOPES.filter((scope) => scopes.includes(scope)).flatMap((scope) => VIEWS_OF[scope]);
  const wanted = views.join();
  useEffect(() => {
    let alive = true;
    for (const view of wanted.split(',').filter(Boolean))
      void screens[view]!().then((loaded) => {
        if (alive) setParts((now) => ({ ...now, [view]: loaded.default }));
      });
    return () => {
      alive = false;
    };
  }, [wanted]);
  const asked = sorted.join(',');
  const frame = useMemo(
    () => ({
      level: 2,
      address: (view: string) => {
        const [path, search] = view.split('?');
        return `trusted-persons/preview/${path}?scopes=${encodeURIComponent(asked)}&language=${language()}${search ? `&${search}` : ''}`;
      },
    }),
    [asked],
  );
  const theirs = useMemo(
    () => ({
      ...here,
      isSelf: false,
      sees: (view: string) => wanted.split(',').includes(view),
      may: (scope: Scope) => asked.split(',').includes(scope),
    }),
    [here, asked, wanted],
  );
  return (
    <section class="preview" aria-labelledby="preview-heading">
      <h2 id="preview-heading">{t`What ${name} will see`}</h2>
      {views.length === 0 ? (
        <p>{t`Nothing: no part is chosen.`}</p>
      ) : (
        <fieldset disabled>
          <legend class="hidden-text">{t`A preview. Nothing here can be pressed.`}</legend>
          <FrameContext.Provider value={frame}>
            <HereContext.Provider value={theirs}>
              {views.map((view) => {
                const Part = parts[view];
                return Part ? <Part key={view} /> : <Loading key={view} />;
              })}
            </HereContext.Provider>
          </FrameContext.Provider>
        </fieldset>
      )}
    </section>
  );
}

interface Draft {
  name: string;
  relationship: string;
  channel: 'mail' | 'sms';
  address: string;
  scopes: Scope[];
  months: string;
  language: string;
}
const EMPTY: Draft = {
  name: '',
  relationship: '',
  channel: 'mail',
  address: '',
  scopes: [],
  months: '12',
  language: '',
};

const monthChoices = () =>
  [3, 6, 12, 24].map((n) => ({ value: `${n}`, words: plural(n, { one: '# month', other: '# months' }) }));

function Invite({ step }: { step?: string }) {
  const [draft, setDraft, forget] = useDraft<Draft>('invite', EMPTY);
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const act = useAct({ address: 'address', name: 'name', scopes: 'scopes' });
  const proof = useStepUp();
  const [wrong, setWrong] = useState<Issue[]>([]);
  const name = draft.name.trim() || t`this person`;
  const speaks = draft.language || language();
  const at = step === 'parts' ? 1 : step === 'look' ? 2 : 0;
  const to = (index: number) =>
    ['/portal/people/new', '/portal/people/new/parts', '/portal/people/new/look'][index]!;
  const next = () => {
    const missing: Issue[] = [];
    if (at === 0) {
      if (!draft.name.trim()) missing.push({ field: 'name', text: t`Enter a name.` });
      if (!draft.address.trim())
        missing.push({
          field: 'address',
          text: draft.channel === 'mail' ? t`Enter their email address.` : t`Enter their phone number.`,
        });
    }
    if (at === 1 && !draft.scopes.length)
      missing.push({ field: 'scopes', text: t`Choose at least one part.` });
    setWrong(missing);
    if (missing.length) return;
    if (at < 2) return go(to(at + 1));
    if (!draft.scopes.length || !draft.address.trim()) return go(to(0));
    void act.run(() =>
      proof.guard(async () => {
        await post('trusted-persons', {
          name: draft.name.trim(),
          ...(draft.relationship.trim() && { relationship: draft.relationship.trim() }),
          channel: draft.channel,
          address: draft.address.trim(),
          scopes: [...draft.scopes].sort(),
          months: Number(draft.months),
          language: speaks,
        });
        forget();
        changed('trusted-persons');
        go('/portal/people', true);
      }),
    );
  };
  const place = at + 1;
  return (
    <Page
      title={
        at === 0 ? t`Invite somebody` : at === 1 ? t`What may ${name} see and do?` : t`Look before you send`
      }
      issues={wrong.length ? wrong : act.issues}
      back={{
        to: at === 0 ? '/portal/people' : to(at - 1),
        words: at === 0 ? t`People who help you` : t`Back`,
      }}
      key={at}
    >
      <p class="soft">{t`Step ${place} of 3`}</p>
      <form
        class="stack"
        noValidate
        onSubmit={(event: Event) => {
          event.preventDefault();
          next();
        }}
      >
        {at === 0 && (
          <>
            <TextField
              id="name"
              label={t`Name`}
              issues={wrong}
              value={draft.name}
              onValue={(name) => set({ name })}
              maxLength={120}
            />
            <TextField
              id="relation"
              label={t`Who is this to you?`}
              hint={t`For example: my sister.`}
              optional
              value={draft.relationship}
              onValue={(relationship) => set({ relationship })}
              maxLength={80}
            />
            <Choices
              id="channel"
              label={t`How do we reach this person?`}
              choices={[
                { value: 'mail', words: t`By email` },
                { value: 'sms', words: t`By text message` },
              ]}
              value={[draft.channel]}
              onValue={([channel]) => set({ channel: channel === 'sms' ? 'sms' : 'mail' })}
            />
            <TextField
              id="address"
              label={draft.channel === 'mail' ? t`Their email address` : t`Their phone number`}
              hint={t`Their own, not yours.`}
              type={draft.channel === 'mail' ? 'email' : 'tel'}
              issues={wrong.length ? wrong : act.issues}
              value={draft.address}
              onValue={(address) => set({ address })}
              maxLength={200}
            />
            <Choices
              id="speaks"
              label={t`Which language do they read?`}
              choices={Object.entries(LANGUAGES).map(([value, words]) => ({ value, words }))}
              value={[speaks]}
              onValue={([value]) => set({ language: isLanguage(value) ? value : '' })}
            />
          </>
        )}
        {at === 1 && (
          <>
            <Choices
              id="scopes"
              label={t`Choose the parts`}
              hint={t`Never shown: notes of counseling, and the step of your safety plan about safer surroundings.`}
              many
              issues={wrong}
              choices={SCOPES.map((scope) => ({ value: scope, words: scopeWords(scope) }))}
              value={draft.scopes}
              onValue={(scopes) => set({ scopes: scopes as Scope[] })}
            />
            <Choices
              id="months"
              label={t`For how long?`}
              choices={monthChoices()}
              value={[draft.months]}
              onValue={([months]) => set({ months: months ?? '12' })}
            />
          </>
        )}
        {at === 2 && (
          <>
            <p>{t`Below is exactly what ${name} would see today. Later things in these parts are seen too.`}</p>
            <Trouble act={act} again={next} />
          </>
        )}
        <div class="row">
          <Button type="submit" look="main" busy={act.saving}>
            {at < 2 ? t`Continue` : t`Send the invitation`}
          </Button>
          {at === 2 && <LinkButton to={to(1)}>{t`Change the parts`}</LinkButton>}
        </div>
      </form>
      {proof.panel}
      {at === 2 && <Preview scopes={draft.scopes} name={name} />}
    </Page>
  );
}

function Change({ id }: { id: string }) {
  const people = useView<People>('trusted-persons');
  const person = people.data?.items.find((one) => one.id === id);
  const back = { to: '/portal/people', words: t`People who help you` };
  if (!person)
    return (
      <Page title={t`People who help you`} back={back}>
        <Gone of={people}>{t`This is not here any more.`}</Gone>
      </Page>
    );
  return <ChangeForm person={person} back={back} />;
}

function ChangeForm({ person, back }: { person: Trusted; back: { to: string; words: string } }) {
  const [scopes, setScopes] = useState<Scope[]>(person.scopes);
  const [months, setMonths] = useState('12');
  const [version] = useState(person.version);
  const act = useAct({ scopes: 'scopes' });
  const proof = useStepUp();
  const { name } = person;
  const save = () =>
    void act.run(
      () =>
        proof.guard(async () => {
          await patch(
            `trusted-persons/${person.id}`,
            { scopes: [...scopes].sort(), months: Number(months) },
            version,
          );
          changed('trusted-persons');
          go('/portal/people', true);
        }),
      scopes.length ? [] : [{ field: 'scopes', text: t`Choose at least one part, or stop it.` }],
    );
  return (
    <Page title={name} issues={act.issues} back={back}>
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
          id="scopes"
          label={t`What may ${name} see and do?`}
          many
          issues={act.issues}
          choices={SCOPES.map((scope) => ({ value: scope, words: scopeWords(scope) }))}
          value={scopes}
          onValue={(value) => setScopes(value as Scope[])}
        />
        <Choices
          id="months"
          label={t`From now, for how long?`}
          choices={monthChoices()}
          value={[months]}
          onValue={([value]) => setMonths(value ?? '12')}
        />
        <div>
          <Button type="submit" look="main" busy={act.saving}>
            {t`Save`}
          </Button>
        </div>
      </form>
      {proof.panel}
      <Preview scopes={scopes} name={name} />
      <Notice>
        <p>
          <Link to="/portal/people">{t`To stop it at once, go back to the list.`}</Link>
        </p>
      </Notice>
    </Page>
  );
}
