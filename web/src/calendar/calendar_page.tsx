// Working hours and holidays of a site. Safety clocks, due dates and reminders count by them.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, ifMatch, readHeaders } from '../api/client';
import { queryClient } from '../api/queries';
import type { SiteCalendar } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, fullDate } from '../ui/dates';
import { Check, DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { calendarBody, calendarDraft, type DayDraft, type WeekDay, weekdayName, weekOrder } from './draft';
import './calendar.css';

const route = getRouteApi('/calendar');

const calendarQuery = (site: string) =>
  queryOptions({
    queryKey: ['calendar', site],
    queryFn: () =>
      call(
        client.GET('/api/v1/sites/{site_id}/calendar', {
          headers: readHeaders(),
          params: { path: { site_id: site } },
        }),
      ),
  });

export function CalendarPage() {
  const { can, session, site: here, today: todayAt } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const site = search.site ?? here ?? session.sites[0]?.id ?? '';
  const read = useQuery({ ...calendarQuery(site), enabled: can('calendar.read') && !!site });
  const [editing, setEditing] = useState(false);
  useEffect(() => {
    document.title = `${t`Calendar`} · Concord`;
  }, []);
  if (!can('calendar.read')) return <NoPermission />;
  const today = todayAt(site);
  return (
    <div className="calendar">
      <header className="row-apart">
        <div>
          <p className="soft">{session.sites.find((one) => one.id === site)?.name}</p>
          <h1>
            <Trans>Working hours and holidays</Trans>
          </h1>
        </div>
        {read.data && can('calendar.write') && !editing && (
          <Button look="primary" onPress={() => setEditing(true)}>
            <Trans>Change</Trans>
          </Button>
        )}
      </header>
      {session.sites.length > 1 && (
        <Select
          label={t`Site`}
          value={site}
          onChange={(next) => void navigate({ search: { site: next } })}
          options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      {unreadable(read) && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <Skeleton rows={7} widths={[20, 20]} />}
      {read.data &&
        (editing ? (
          <Edit calendar={read.data} today={today} onDone={() => setEditing(false)} />
        ) : (
          <Shown calendar={read.data} today={today} />
        ))}
    </div>
  );
}

function Shown({ calendar, today }: { calendar: SiteCalendar; today: string }) {
  return (
    <>
      <dl className="facts">
        {weekOrder.map((day) => {
          const hours = calendar.week[day];
          return (
            <div key={day} style={{ display: 'contents' }}>
              <dt>{weekdayName(day)}</dt>
              <dd>
                {hours ? `${hours.opens} – ${hours.closes}` : <span className="soft">{t`closed`}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="soft">
        {calendar.holidays === 'us_federal' ? t`Closed on federal holidays.` : t`No holidays by themselves.`}{' '}
        {t`Time zone ${calendar.time_zone}.`}
      </p>
      {calendar.special_days.length > 0 && (
        <section>
          <h2>
            <Trans>Special days</Trans>
          </h2>
          <ul>
            {calendar.special_days.map((day) => (
              <li key={day.date}>
                {fullDate(day.date)}: {day.name}
                <span className="soft">
                  , {day.opens ? t`open ${day.opens} – ${day.closes ?? ''}` : t`closed`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!!calendar.next_closed?.length && (
        <section>
          <h2>
            <Trans>Next days closed</Trans>
          </h2>
          <ul>
            {calendar.next_closed.slice(0, 6).map((day) => (
              <li key={day.date}>
                <When date={day.date} today={today} /> <span className="soft">{day.name}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {calendar.changed_by && calendar.changed_at && (
        <p className="small soft">
          <Trans>
            Last changed by {calendar.changed_by.name},{' '}
            <When date={dateOf(calendar.changed_at, calendar.time_zone)} today={today} />
          </Trans>
        </p>
      )}
    </>
  );
}

function Edit({
  calendar: now,
  today,
  onDone,
}: {
  calendar: SiteCalendar;
  today: string;
  onDone: () => void;
}) {
  // As it was when the form was opened: a live update must not make somebody else's words look read.
  const [calendar] = useState(now);
  const [draft, setDraft] = useState(() => calendarDraft(calendar));
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.PUT('/api/v1/sites/{site_id}/calendar', {
          params: { path: { site_id: calendar.site_id }, header: ifMatch(version) },
          body: { ...calendarBody(draft), reason: reason.trim() || undefined },
        }),
      ),
    async (saved) => {
      queryClient.setQueryData(['calendar', calendar.site_id], saved);
      await queryClient.invalidateQueries({ queryKey: ['caseload'] });
      say(t`Saved. Due dates and clocks count by it from now on.`);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as SiteCalendar | null;
  const day = (index: number, change: Partial<WeekDay>) =>
    setDraft({ ...draft, week: draft.week.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  const special = (index: number, change: Partial<DayDraft>) =>
    setDraft({
      ...draft,
      special: draft.special.map((one, at) => (at === index ? { ...one, ...change } : one)),
    });
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Save mine on top of theirs</Trans> : <Trans>Save</Trans>}
      onSubmit={() => save.save(theirs?.version ?? calendar.version)}
      onCancel={onDone}
    >
      {theirs && (
        <div className="note" role="alert">
          <p className="strong">
            <Trans>Somebody else changed the calendar while you were writing. Theirs:</Trans>
          </p>
          <Shown calendar={theirs} today={today} />
        </div>
      )}
      <fieldset className="stack-tight">
        <legend>
          <Trans>Every week</Trans>
        </legend>
        {issueFor(save.error, 'week') && <span className="field-error">{issueFor(save.error, 'week')}</span>}
        {weekOrder.map((index) => {
          const one = draft.week[index]!;
          return (
            <div key={index} className="week-day">
              <Check label={weekdayName(index)} value={one.open} onChange={(open) => day(index, { open })} />
              {one.open ? (
                <>
                  <input
                    type="time"
                    className="input"
                    value={one.opens}
                    required
                    aria-label={t`${weekdayName(index)}, opens`}
                    onChange={(event) => day(index, { opens: event.target.value })}
                  />
                  <input
                    type="time"
                    className="input"
                    value={one.closes}
                    required
                    aria-label={t`${weekdayName(index)}, closes`}
                    onChange={(event) => day(index, { closes: event.target.value })}
                  />
                </>
              ) : (
                <span className="soft">
                  <Trans>closed</Trans>
                </span>
              )}
            </div>
          );
        })}
      </fieldset>
      <Choice
        label={t`Holidays`}
        value={draft.holidays}
        onChange={(holidays) => setDraft({ ...draft, holidays: holidays as 'none' })}
        options={[
          { value: 'us_federal', label: t`Federal holidays` },
          { value: 'none', label: t`None by themselves` },
        ]}
      />
      <fieldset className="stack-tight">
        <legend>
          <Trans>Special days</Trans>
        </legend>
        {issueFor(save.error, 'special_days') && (
          <span className="field-error">{issueFor(save.error, 'special_days')}</span>
        )}
        {draft.special.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is all a new day has
          <div key={index} className="special-day">
            <DateField
              label={t`Day`}
              value={one.date}
              onChange={(date) => special(index, { date })}
              required
            />
            <TextField
              label={t`Name`}
              value={one.name}
              onChange={(name) => special(index, { name })}
              required
            />
            <Check label={t`open`} value={one.open} onChange={(open) => special(index, { open })} />
            {one.open && (
              <span className="row">
                <input
                  type="time"
                  className="input"
                  value={one.opens}
                  required
                  aria-label={t`${one.name}, opens`}
                  onChange={(event) => special(index, { opens: event.target.value })}
                />
                <input
                  type="time"
                  className="input"
                  value={one.closes}
                  required
                  aria-label={t`${one.name}, closes`}
                  onChange={(event) => special(index, { closes: event.target.value })}
                />
              </span>
            )}
            <Button
              small
              look="quiet"
              onPress={() => setDraft({ ...draft, special: draft.special.filter((_, at) => at !== index) })}
              aria-label={t`Remove ${one.name || one.date}`}
            >
              <Trans>Remove</Trans>
            </Button>
          </div>
        ))}
        <div>
          <Button
            small
            onPress={() =>
              setDraft({
                ...draft,
                special: [
                  ...draft.special,
                  { date: '', name: '', open: false, opens: '08:00', closes: '12:00' },
                ],
              })
            }
          >
            <Trans>One more day</Trans>
          </Button>
        </div>
      </fieldset>
      <TextField label={t`Because`} value={reason} onChange={setReason} />
    </ShortForm>
  );
}
