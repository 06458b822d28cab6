// Leave with cover, or a caseload that moves for good. Nothing lies about until somebody is back.
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { caseloadQuery, queryClient, staffQuery } from '../api/queries';
import type { HandOver } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { addDays } from '../ui/dates';
import { Check, DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { type Words, word } from '../ui/words';
import { handOversQuery } from './queries';
import './tasks.css';

const stateWords: Words = {
  planned: msg`planned`,
  running: msg`running now`,
  ended: msg`ended`,
  for_good: msg`for good`,
};

const refresh = () =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: ['handovers'] }),
    queryClient.invalidateQueries({ queryKey: ['tasks'] }),
    queryClient.invalidateQueries({ queryKey: ['caseload'] }),
    queryClient.invalidateQueries({ queryKey: ['patient'] }),
  ]);

export function HandOverPage() {
  const { can, today: todayAt, site: here, session } = useHere();
  const [state, setState] = useState('current');
  const [site, setSite] = useState(here ?? session.sites[0]?.id ?? '');
  const list = useQuery({
    ...handOversQuery({ site: site || undefined, state }),
    enabled: can('handovers.read'),
  });
  const today = todayAt(site);
  useEffect(() => {
    document.title = `${t`Hand-over`} · Concord`;
  }, []);
  if (!can('handovers.read')) return <NoPermission />;
  return (
    <div className="tasks">
      <header className="row-apart">
        <h1>
          <Trans>Hand-over</Trans>
        </h1>
        <Choice
          label={t`Which`}
          hideLabel
          quiet
          value={state}
          onChange={setState}
          options={[
            { value: 'current', label: t`Now and planned` },
            { value: 'all', label: t`All` },
          ]}
        />
      </header>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={3} widths={[30, 20]} />}
      {list.data?.items.length === 0 && (
        <Empty title={t`Nobody is covered for right now.`}>
          <p>
            <Trans>During cover both see the patients; safety and tasks go to the one who covers.</Trans>
          </p>
        </Empty>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <Row key={one.id} one={one} today={today} />
        ))}
      </ul>
      {can('handovers.write') && (
        <section className="stack" aria-labelledby="new-hand-over">
          <h2 id="new-hand-over">
            <Trans>Hand over a caseload</Trans>
          </h2>
          {session.sites.length > 1 && (
            <Select
              label={t`Site`}
              value={site}
              onChange={setSite}
              options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
            />
          )}
          <NewHandOver key={site} site={site} today={today} />
        </section>
      )}
    </div>
  );
}

function Row({ one, today }: { one: HandOver; today: string }) {
  const { can } = useHere();
  const end = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/handovers/{hand_over_id}/end', {
          params: { path: { hand_over_id: one.id }, header: ifMatch(version) },
          body: { on: today },
        }),
      ),
    async () => {
      say(t`Cover ends today.`);
      await refresh();
    },
  );
  return (
    <li className="task">
      <span className={one.state === 'running' ? 'strong' : 'soft'}>{word(stateWords, one.state)}</span>
      <div className="task-what">
        <p>
          <span className="strong">{one.to?.name}</span>{' '}
          {one.until_date || one.planned_until_date ? t`covers for` : t`took over from`}{' '}
          <span className="strong">{one.from?.name}</span>
        </p>
        <p className="small soft">
          <When date={one.from_date} today={today} />
          {one.until_date && (
            <>
              {' '}
              – <When date={one.until_date} today={today} />
            </>
          )}
          {one.patients != null && `, ${plural(one.patients, { one: '# patient', other: '# patients' })}`}
          {!!one.tasks && `, ${plural(one.tasks, { one: '# open task', other: '# open tasks' })}`}
          {one.reason && `. ${one.reason}`}
        </p>
        {(!!end.error || end.theirs) && (
          <ProblemNote error={end.error ?? t`Somebody else changed this meanwhile.`} />
        )}
      </div>
      {can('handovers.write') && (one.state === 'running' || one.state === 'planned') && (
        <Button small isPending={end.saving} onPress={() => end.save(one.version ?? 1)}>
          <Trans>End it</Trans>
        </Button>
      )}
    </li>
  );
}

function NewHandOver({ site, today }: { site: string; today: string }) {
  const { can, session, hasRole } = useHere();
  const staff = useQuery({ ...staffQuery('care_manager'), enabled: can('staff.read') });
  const people = (staff.data?.items ?? [])
    .filter((one) => one.roles?.some((held) => held.role === 'care_manager' && held.site_id === site))
    .map((one) => ({ value: one.id, label: one.display_name }));
  const [from, setFrom] = useState(hasRole('care_manager') ? session.user.id : '');
  const [to, setTo] = useState('');
  const [kind, setKind] = useState<'cover' | 'good'>('cover');
  const [start, setStart] = useState(today);
  const [until, setUntil] = useState(addDays(today, 7));
  const [some, setSome] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const rows = useQuery({
    ...caseloadQuery({ care_manager: from, site }),
    enabled: some && !!from && can('caseload.read'),
  });
  const save = useSave(
    (body: {
      site_id: string;
      from_user_id: string;
      to_user_id: string;
      patients?: string[];
      from_date?: string;
      until_date?: string;
      reason: string;
    }) =>
      create('handovers', body, (key) => client.POST('/api/v1/handovers', { params: { header: key }, body })),
    async (made) => {
      say(
        made.state === 'for_good'
          ? plural(made.patients ?? 0, { one: '# patient moved.', other: '# patients moved.' })
          : t`Cover is set.`,
      );
      setTo('');
      setReason('');
      setChosen([]);
      setSome(false);
      await refresh();
    },
  );
  return (
    <ShortForm
      state={save}
      action={kind === 'cover' ? <Trans>Set the cover</Trans> : <Trans>Move for good</Trans>}
      disabled={!from || !to || (some && chosen.length === 0)}
      onSubmit={() =>
        save.save({
          site_id: site,
          from_user_id: from,
          to_user_id: to,
          patients: some ? chosen : undefined,
          from_date: kind === 'cover' ? start : today,
          until_date: kind === 'cover' ? until : undefined,
          reason,
        })
      }
    >
      <Choice
        label={t`How`}
        value={kind}
        onChange={(value) => setKind(value as 'cover')}
        options={[
          { value: 'cover', label: t`Leave, with cover` },
          { value: 'good', label: t`For good` },
        ]}
      />
      <p className="soft">
        {kind === 'cover'
          ? t`Nothing is rewritten. Until the last day the other one answers for these patients; then it ends by itself.`
          : t`The patients get a new care manager today, and their open tasks go with them.`}
      </p>
      <div className="pair">
        <Select
          label={t`From`}
          value={from}
          onChange={(value) => {
            setFrom(value);
            setChosen([]);
          }}
          blank={t`Choose`}
          options={people}
          error={issueFor(save.error, 'from_user_id')}
        />
        <Select
          label={t`To`}
          value={to}
          onChange={setTo}
          blank={t`Choose`}
          options={people.filter((one) => one.value !== from)}
          error={issueFor(save.error, 'to_user_id')}
        />
      </div>
      {staff.data && people.filter((one) => one.value !== from).length === 0 && (
        <p className="note">
          <Trans>Nobody else is a care manager at this site. An administrator can add somebody.</Trans>
        </p>
      )}
      {kind === 'cover' && (
        <div className="pair">
          <DateField
            label={t`First day`}
            value={start}
            onChange={setStart}
            min={today}
            required
            error={issueFor(save.error, 'from_date')}
          />
          <DateField
            label={t`Last day`}
            value={until}
            onChange={setUntil}
            min={start}
            required
            error={issueFor(save.error, 'until_date')}
          />
        </div>
      )}
      {can('caseload.read') && (
        <Choice
          label={t`Which patients`}
          value={some ? 'some' : 'all'}
          onChange={(value) => setSome(value === 'some')}
          options={[
            { value: 'all', label: t`The whole caseload` },
            { value: 'some', label: t`Some of them` },
          ]}
          error={issueFor(save.error, 'patients')}
        />
      )}
      {some && from && (
        <fieldset>
          <legend>
            {plural(chosen.length, { 0: 'Nobody chosen yet', one: '# chosen', other: '# chosen' })}
          </legend>
          {rows.isPending && <Skeleton rows={4} widths={[40]} />}
          {unreadable(rows) && <ProblemNote error={rows.error} onRetry={() => void rows.refetch()} />}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
          <div className="pick-patients" tabIndex={0}>
            {rows.data?.items.map((row) => (
              <Check
                key={row.patient_id}
                label={row.name}
                value={chosen.includes(row.patient_id)}
                onChange={(on) =>
                  setChosen(on ? [...chosen, row.patient_id] : chosen.filter((id) => id !== row.patient_id))
                }
              />
            ))}
          </div>
        </fieldset>
      )}
      <TextField
        label={t`Because`}
        hint={t`Leave, training, a new position`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}
