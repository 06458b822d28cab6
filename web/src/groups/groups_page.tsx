// Every group: when it meets next, how many places are free, who waits.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { make } from '../api/ask';
import type { Group } from '../api/patient_side';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { TimeField } from '../messaging/reach_sheet';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf } from '../ui/dates';
import { DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { languageWords, modalityWords, options, word } from '../ui/words';
import { VisitTabs } from '../visits/tabs';
import { clock, minuteOf } from '../visits/words';
import { groupsQuery, refreshGroups } from './queries';
import { everyWords, groupKindWords } from './words';
import './groups.css';

const route = getRouteApi('/groups');

export function GroupsPage() {
  const { can, site, today } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state = search.state ?? 'open';
  const [adding, setAdding] = useState(false);
  const list = useQuery({ ...groupsQuery(state, site ?? undefined), enabled: can('groups.read') });
  useEffect(() => {
    document.title = `${t`Groups`} · Concord`;
  }, []);
  if (!can('groups.read')) return <NoPermission />;
  const items = list.data?.items ?? [];
  return (
    <div className="inbox">
      <VisitTabs />
      <header className="row-apart">
        <h1>
          <Trans>Groups</Trans>
        </h1>
        <div className="row">
          <Choice
            label={t`Which`}
            hideLabel
            quiet
            value={state}
            onChange={(value) =>
              void navigate({ search: { state: value === 'ended' ? 'ended' : undefined } })
            }
            options={[
              { value: 'open', label: t`Running` },
              { value: 'ended', label: t`Ended` },
            ]}
          />
          {can('groups.write') && (
            <Button look="primary" onPress={() => setAdding(true)}>
              <Trans>New group</Trans>
            </Button>
          )}
        </div>
      </header>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={3} widths={[24, 30, 20]} />}
      {list.data && items.length === 0 && (
        <Empty title={state === 'open' ? t`No group is running.` : t`No group has ended.`}>
          {state === 'open' && (
            <p>
              <Trans>
                A group has a roster, a waiting list and sessions; each person’s notes stay their own.
              </Trans>
            </p>
          )}
        </Empty>
      )}
      <ul>
        {items.map((one) => (
          <li key={one.id} className="group-row" data-group={one.id}>
            <div>
              <p>
                <Link to="/groups/$group" params={{ group: one.id }} className="strong">
                  {one.name}
                </Link>
              </p>
              <p className="soft">
                {[
                  word(groupKindWords, one.kind),
                  one.topic,
                  word(modalityWords, one.modality).toLocaleLowerCase(),
                  one.facilitators
                    .map((who) => who?.name)
                    .filter(Boolean)
                    .join(', '),
                ]
                  .filter(Boolean)
                  .join(', ')}
              </p>
            </div>
            <div>
              <p>
                {one.next_session ? (
                  <Trans>
                    Next <When date={dateOf(one.next_session.starts_at)} today={today(one.site_id)} />{' '}
                    {clock(one.start_minute)}
                  </Trans>
                ) : (
                  <span className="soft">
                    <Trans>No session ahead</Trans>
                  </span>
                )}
              </p>
              <p className="soft">
                {t`${one.joined} of ${one.capacity} places`}
                {one.held > 0 && `, ${t`${one.held} kept for an answer`}`}
                {one.waiting > 0 && `, ${plural(one.waiting, { one: '# waits', other: '# wait' })}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {adding && (
        <Sheet title={t`New group`} onClose={() => setAdding(false)}>
          <NewGroup onDone={() => setAdding(false)} />
        </Sheet>
      )}
    </div>
  );
}

function NewGroup({ onDone }: { onDone: () => void }) {
  const { session, site: here, today } = useHere();
  const navigate = useNavigate();
  const [site, setSite] = useState(here ?? session.sites[0]?.id ?? '');
  const [name, setName] = useState('');
  const [topic, setTopic] = useState('');
  const [kind, setKind] = useState('skills');
  const [language, setLanguage] = useState('en');
  const [modality, setModality] = useState('in_person');
  const [place, setPlace] = useState('');
  const [capacity, setCapacity] = useState('8');
  const [first, setFirst] = useState(today(site));
  const [time, setTime] = useState('14:00');
  const [minutes, setMinutes] = useState('60');
  const [every, setEvery] = useState('1');
  const [sessions, setSessions] = useState('8');
  const save = useSave(
    (body: unknown) => make<Group>('/api/v1/groups', body),
    async (made) => {
      const closed = made.warnings?.length ?? 0;
      say(
        closed
          ? plural(closed, {
              one: 'The group is there. # session falls on a day the site is closed.',
              other: 'The group is there. # sessions fall on days the site is closed.',
            })
          : t`The group is there.`,
      );
      await refreshGroups();
      onDone();
      await navigate({ to: '/groups/$group', params: { group: made.id } });
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Make the group</Trans>}
      disabled={!name.trim()}
      onSubmit={() =>
        save.save({
          site_id: site,
          name: name.trim(),
          topic: topic.trim() || undefined,
          kind,
          language,
          modality,
          place: place.trim() || undefined,
          capacity: Number(capacity),
          first_date: first,
          start_minute: minuteOf(time) ?? 0,
          minutes: Number(minutes),
          every_weeks: Number(every),
          sessions: Number(sessions),
        })
      }
      onCancel={onDone}
    >
      <TextField
        label={t`Name`}
        hint={t`Patients read it: no diagnosis.`}
        value={name}
        onChange={setName}
        required
        autoFocus
        error={issueFor(save.error, 'name')}
      />
      <TextField label={t`Topic`} value={topic} onChange={setTopic} error={issueFor(save.error, 'topic')} />
      <Choice label={t`Kind`} value={kind} onChange={setKind} options={options(groupKindWords)} />
      <Choice
        label={t`How`}
        value={modality}
        onChange={setModality}
        options={options(modalityWords, ['in_person', 'video', 'phone'])}
      />
      {modality === 'in_person' && (
        <TextField label={t`Where`} value={place} onChange={setPlace} error={issueFor(save.error, 'place')} />
      )}
      <div className="pair">
        {session.sites.length > 1 && (
          <Select
            label={t`Site`}
            value={site}
            onChange={setSite}
            options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
        <Select
          label={t`Language`}
          value={language}
          onChange={setLanguage}
          options={options(languageWords, ['en', 'es'])}
        />
        <TextField
          label={t`Places`}
          type="number"
          inputMode="numeric"
          short
          min={2}
          max={40}
          value={capacity}
          onChange={setCapacity}
          required
          error={issueFor(save.error, 'capacity')}
        />
      </div>
      <div className="pair">
        <DateField
          label={t`First session`}
          value={first}
          onChange={setFirst}
          required
          error={issueFor(save.error, 'first_date')}
        />
        <TimeField
          label={t`Time`}
          value={time}
          onChange={setTime}
          required
          error={issueFor(save.error, 'start_minute')}
        />
        <TextField
          label={t`Minutes`}
          type="number"
          inputMode="numeric"
          short
          min={15}
          max={240}
          value={minutes}
          onChange={setMinutes}
          required
          error={issueFor(save.error, 'minutes')}
        />
      </div>
      <div className="pair">
        <Select label={t`How often`} value={every} onChange={setEvery} options={options(everyWords)} />
        <TextField
          label={t`How many sessions`}
          type="number"
          inputMode="numeric"
          short
          min={1}
          max={52}
          value={sessions}
          onChange={setSessions}
          required
          error={issueFor(save.error, 'sessions')}
        />
      </div>
    </ShortForm>
  );
}
