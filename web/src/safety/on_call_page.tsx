// Who is asked when something happens: now, this week, and where nobody is. The clinic's own words for the hours
// when nobody works.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient, staffQuery } from '../api/queries';
import type { OnCall, Shift } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { dateOf, plainDate, shortDate, timeOf } from '../ui/dates';
import { DateField, Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { options, word } from '../ui/words';
import { onCallQuery } from './queries';
import { channelNames, rungWords } from './words';
import './event.css';

const route = getRouteApi('/on-call');
const RUNGS = ['care_manager', 'on_call', 'consultant'];
const WEEK = [1, 2, 3, 4, 5, 6, 7];
const EVENING = '17:00';
const MORNING = '08:00';

/** "Mon" for 1 ... "Sun" for 7, in the page's language. */
export function dayName(day: number, style: 'short' | 'long' = 'short') {
  const locale = document.documentElement.lang === 'es' ? 'es' : 'en-US';
  // 5 January 1970 was a Monday.
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: style }).format(
    new Date(Date.UTC(1970, 0, 4 + day)),
  );
}
/** "every day", "Mon to Fri", "Sat, Sun" */
export function daysWords(days: number[]) {
  const sorted = [...days].sort((a, b) => a - b);
  if (sorted.length === 0 || sorted.length === 7) return t`every day`;
  const inRow = sorted.every((day, index) => index === 0 || day === sorted[index - 1]! + 1);
  if (inRow && sorted.length > 2) return t`${dayName(sorted[0]!)} to ${dayName(sorted.at(-1)!)}`;
  return sorted.map((day) => dayName(day)).join(', ');
}

export function OnCallPage() {
  const { can, site: chosen, session } = useHere();
  const search = route.useSearch();
  const site = search.site ?? chosen ?? session.sites[0]?.id ?? '';
  const board = useQuery({ ...onCallQuery(site), enabled: can('oncall.read') && !!site });
  useEffect(() => {
    document.title = `${t`On call`} · Concord`;
  }, []);
  if (!can('oncall.read')) return <NoPermission />;
  if (unreadable(board)) return <ProblemNote error={board.error} onRetry={() => void board.refetch()} />;
  if (board.isPending) return <Skeleton rows={5} widths={[20, 30, 20]} />;
  return <Rota board={board.data} site={site} />;
}

const refresh = () => queryClient.invalidateQueries({ queryKey: ['on-call'] });

function Rota({ board, site }: { board: OnCall; site: string }) {
  const { can, session, zone: zoneAt, today: todayAt } = useHere();
  const search = route.useSearch();
  const navigate = useNavigate();
  const zone = zoneAt(site);
  const today = todayAt(site);
  const may = can('oncall.write');
  const go = (act?: string) =>
    void navigate({ to: '/on-call', search: { site: search.site, do: act }, resetScroll: false });
  const when = (instant: string) => {
    const day = dateOf(instant, zone);
    return `${day === today ? '' : `${shortDate(day, today)} `}${timeOf(instant, zone)}`;
  };
  return (
    <div className="stack">
      <div className="row-apart">
        <div>
          <h1>
            <Trans>On call</Trans>
          </h1>
          <p className="soft">
            {board.in_hours ? <Trans>Working hours now.</Trans> : <Trans>Outside working hours now.</Trans>}
          </p>
        </div>
        <div className="row">
          {session.sites.length > 1 && (
            <Select
              label={t`Site`}
              value={site}
              onChange={(next) => void navigate({ to: '/on-call', search: { site: next } })}
              options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
            />
          )}
          {may && (
            <Button look="primary" onPress={() => go('shift')}>
              <Trans>Add a shift</Trans>
            </Button>
          )}
        </div>
      </div>
      {board.gaps.length > 0 && (
        <div className="note need-overdue">
          <p className="strong hue">
            {plural(board.gaps.length, {
              one: 'Nobody is on call at one time in the next two weeks',
              other: 'Nobody is on call at # times in the next two weeks',
            })}
          </p>
          <ul>
            {board.gaps.slice(0, 6).map((gap) => (
              <li key={gap.from}>{t`${when(gap.from)} until ${when(gap.until)}`}</li>
            ))}
          </ul>
        </div>
      )}
      <section className="stack-tight">
        <h2>
          <Trans>Asked now, in this order</Trans>
        </h2>
        {board.on_duty.length === 0 ? (
          <p className="need-overdue hue strong">
            <Trans>
              Nobody has a shift now. A signal goes to the patient's consultant, then to every clinician of
              the site.
            </Trans>
          </p>
        ) : (
          <ol className="trail">
            {board.on_duty.map((one, index) => (
              <li key={one.rung + one.user.id}>
                <span className="soft">{index + 1}.</span>
                <span>
                  <span className="strong">{one.user.name}</span>{' '}
                  <span className="soft">
                    {[
                      word(rungWords, one.rung),
                      (one.channels ?? []).map((channel) => word(channelNames, channel)).join(', '),
                    ]
                      .filter(Boolean)
                      .join(', ')}
                  </span>
                </span>
              </li>
            ))}
          </ol>
        )}
        <p className="small soft">
          {t`Without an answer the next one is asked after ${board.settings.escalate_after_minutes} minutes.`}
        </p>
      </section>
      <section className="stack-tight">
        <h2>
          <Trans>Shifts</Trans>
        </h2>
        {board.shifts.length === 0 && (
          <p className="soft">
            <Trans>No shift yet. In working hours the patient's care manager is asked first.</Trans>
          </p>
        )}
        {board.shifts.length > 0 && (
          <TableScroll label={t`Shifts`}>
            <table className="board-table">
              <thead>
                <tr>
                  <th scope="col">
                    <Trans>Who</Trans>
                  </th>
                  <th scope="col">
                    <Trans>As</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Days</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Hours</Trans>
                  </th>
                  <th scope="col">
                    <Trans>From, until</Trans>
                  </th>
                  {may && (
                    <th scope="col">
                      <span className="hidden-text">
                        <Trans>Remove</Trans>
                      </span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {board.shifts.map((shift) => (
                  <ShiftRow key={shift.id} shift={shift} may={may} />
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
      </section>
      <section className="stack-tight">
        <div className="row-apart">
          <h2>
            <Trans>What patients read outside hours</Trans>
          </h2>
          {may && (
            <Button small onPress={() => go('settings')}>
              <Trans>Change</Trans>
            </Button>
          )}
        </div>
        {board.settings.outside_text.en ? (
          <>
            <p>{board.settings.outside_text.en}</p>
            <p lang="es">{board.settings.outside_text.es}</p>
          </>
        ) : (
          <p className="soft">
            <Trans>Nothing of your own yet: patients read when the clinic is open, 988 and 911.</Trans>
          </p>
        )}
        <p className="soft">{board.settings.numbers.map((one) => `${one.label} ${one.number}`).join(', ')}</p>
      </section>
      {search.do === 'shift' && may && (
        <Sheet title={t`Add a shift`} onClose={() => go()}>
          <ShiftForm site={site} today={today} onDone={() => go()} />
        </Sheet>
      )}
      {search.do === 'settings' && may && (
        <Sheet title={t`Outside working hours`} onClose={() => go()}>
          <SettingsForm board={board} onDone={() => go()} />
        </Sheet>
      )}
    </div>
  );
}

function ShiftRow({ shift, may }: { shift: Shift; may: boolean }) {
  const remove = useSave(
    () =>
      call(
        client.POST('/api/v1/on-call/shifts/{shift_id}/remove', {
          params: { path: { shift_id: shift.id } },
          body: {},
        }),
      ),
    async () => {
      await refresh();
      say(t`Shift removed. It stays in the history.`);
    },
  );
  const night = shift.ends <= shift.starts;
  return (
    <tr>
      <th scope="row">{shift.user.name}</th>
      <td>
        {word(rungWords, shift.rung)}
        {shift.place > 1 && <span className="soft">, {shift.place}.</span>}
      </td>
      <td>{daysWords(shift.weekdays)}</td>
      <td>
        {shift.starts}–{shift.ends} {night && <span className="soft small">{t`next morning`}</span>}
      </td>
      <td className="soft">
        {plainDate(shift.from_date)}
        {shift.to_date && ` – ${plainDate(shift.to_date)}`}
      </td>
      {may && (
        <td>
          <Button
            small
            look="quiet"
            isPending={remove.saving}
            aria-label={t`Remove the shift of ${shift.user.name}`}
            onPress={() => remove.save(undefined)}
          >
            <Trans>Remove</Trans>
          </Button>
          {!!remove.error && <ProblemNote error={remove.error} />}
        </td>
      )}
    </tr>
  );
}

function ShiftForm({ site, today, onDone }: { site: string; today: string; onDone: () => void }) {
  const [rung, setRung] = useState('on_call');
  const [user, setUser] = useState('');
  const [place, setPlace] = useState('1');
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState('');
  const [days, setDays] = useState<string[]>(WEEK.map(String));
  const [starts, setStarts] = useState(EVENING);
  const [ends, setEnds] = useState(MORNING);
  const staff = useQuery(staffQuery());
  const clinicians = (staff.data?.items ?? []).filter((one) =>
    one.roles.some((held) =>
      ['care_manager', 'psychiatric_consultant', 'pcp', 'bh_specialist'].includes(held.role),
    ),
  );
  const save = useSave(
    () => {
      const body = {
        rung,
        user_id: user || clinicians[0]?.id || '',
        place: Number(place) || 1,
        from_date: from,
        to_date: to || undefined,
        weekdays: days.length === WEEK.length ? undefined : days.map(Number),
        starts,
        ends,
      };
      return create(`${site}/on-call/shifts`, body, (key) =>
        client.POST('/api/v1/sites/{site_id}/on-call/shifts', {
          params: { path: { site_id: site }, header: key },
          body,
        }),
      );
    },
    async () => {
      await refresh();
      say(t`Shift added.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Add the shift</Trans>}
      disabled={clinicians.length === 0 || days.length === 0}
      onSubmit={() => save.save(undefined)}
      onCancel={onDone}
    >
      <Select
        label={t`Who`}
        value={user || clinicians[0]?.id || ''}
        onChange={setUser}
        options={clinicians.map((one) => ({ value: one.id, label: one.display_name }))}
        error={issueFor(save.error, 'user_id')}
      />
      <Choice
        label={t`As`}
        value={rung}
        onChange={setRung}
        options={options(rungWords, RUNGS)}
        error={issueFor(save.error, 'rung')}
      />
      <TextField
        label={t`Asked as number`}
        hint={t`1 is asked first among those of the same kind.`}
        type="number"
        inputMode="numeric"
        short
        min={1}
        max={9}
        value={place}
        onChange={setPlace}
        error={issueFor(save.error, 'place')}
      />
      <Choices
        label={t`Days`}
        value={days}
        onChange={setDays}
        options={WEEK.map((day) => ({ value: String(day), label: dayName(day) }))}
        error={issueFor(save.error, 'weekdays')}
      />
      <div className="pair">
        <Time label={t`From`} value={starts} onChange={setStarts} error={issueFor(save.error, 'starts')} />
        <Time
          label={t`Until`}
          hint={ends <= starts ? t`next morning` : undefined}
          value={ends}
          onChange={setEnds}
          error={issueFor(save.error, 'ends')}
        />
      </div>
      <div className="pair">
        <DateField
          label={t`First day`}
          value={from}
          onChange={setFrom}
          required
          error={issueFor(save.error, 'from_date')}
        />
        <DateField
          label={t`Last day (optional)`}
          value={to}
          onChange={setTo}
          min={from}
          error={issueFor(save.error, 'to_date')}
        />
      </div>
    </ShortForm>
  );
}

function Time({
  label,
  hint,
  value,
  onChange,
  error,
}: {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input input-short"
        type="time"
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && <span className="hint">{hint}</span>}
      {error && <span className="field-error">{error}</span>}
    </label>
  );
}

function SettingsForm({ board, onDone }: { board: OnCall; onDone: () => void }) {
  const { settings } = board;
  const [minutes, setMinutes] = useState(String(settings.escalate_after_minutes));
  const [en, setEn] = useState(settings.outside_text.en ?? '');
  const [es, setEs] = useState(settings.outside_text.es ?? '');
  const [numbers, setNumbers] = useState(
    settings.numbers.length ? settings.numbers : [{ label: '', number: '' }],
  );
  const save = useSave(
    (version: number) =>
      call(
        client.PATCH('/api/v1/sites/{site_id}/on-call/settings', {
          params: { path: { site_id: board.site_id }, header: ifMatch(version) },
          body: {
            escalate_after_minutes: Number(minutes),
            outside_text: { en: en.trim(), es: es.trim() },
            numbers: numbers.filter((one) => one.label.trim() && one.number.trim()),
          },
        }),
      ),
    async () => {
      await refresh();
      say(t`Saved.`);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as OnCall['settings'] | null;
  const set = (index: number, part: Partial<{ label: string; number: string }>) =>
    setNumbers((old) => old.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Save mine on top</Trans> : <Trans>Save</Trans>}
      onSubmit={() => save.save(theirs?.version ?? settings.version)}
      onCancel={onDone}
    >
      {theirs && (
        <div className="note" role="alert">
          <p>
            <Trans>Somebody else changed this meanwhile. Theirs:</Trans>
          </p>
          <p>{theirs.outside_text.en}</p>
          <p lang="es">{theirs.outside_text.es}</p>
        </div>
      )}
      <TextField
        label={t`Minutes without an answer until the next one is asked`}
        type="number"
        inputMode="numeric"
        short
        min={1}
        max={240}
        value={minutes}
        onChange={setMinutes}
        required
        error={issueFor(save.error, 'escalate_after_minutes')}
      />
      <TextArea
        label={t`What patients read in English`}
        hint={t`Say when somebody reads answers. 988 and 911 always stand beside it.`}
        value={en}
        onChange={setEn}
        required
        error={issueFor(save.error, 'outside_text')}
      />
      <TextArea label={t`What patients read in Spanish`} value={es} onChange={setEs} required />
      <fieldset className="stack-tight">
        <legend>
          <Trans>Numbers of the clinic and the county</Trans>
        </legend>
        {numbers.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row may be empty
          <div key={index} className="pair">
            <TextField label={t`Name`} value={one.label} onChange={(label) => set(index, { label })} />
            <TextField label={t`Phone`} value={one.number} onChange={(number) => set(index, { number })} />
          </div>
        ))}
        <div>
          <Button small look="quiet" onPress={() => setNumbers((old) => [...old, { label: '', number: '' }])}>
            <Trans>One more</Trans>
          </Button>
        </div>
      </fieldset>
    </ShortForm>
  );
}
