// One patient, one month: every minute, whether it counts and why not, and what that makes.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient, refreshPatient } from '../api/queries';
import type { MinutesEntry, PatientMinutes } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { Check, DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { addMonths, isMonth, monthIn, monthOf, monthWords } from '../ui/months';
import { Sheet } from '../ui/sheet';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, payerWords, roleWords, word } from '../ui/words';
import { BillingFacts } from './facts';
import { OverlapNote } from './overlap';
import { patientNameQuery } from './patient_name';
import { minutesQuery } from './queries';
import { StartTimer } from './timer';
import {
  ACTIVITIES,
  activityWord,
  activityWords,
  codesWords,
  confirmWords,
  missingWords,
  nextWords,
  notCounted,
  sourceWords,
} from './words';
import './billing.css';

const route = getRouteApi('/patients/$patient/minutes');

export async function refreshMinutes(patient: string) {
  await Promise.all([refreshPatient(patient), queryClient.invalidateQueries({ queryKey: ['billing'] })]);
}

export function MinutesPage() {
  const { patient } = route.useParams();
  const search = route.useSearch();
  const { can, today: todayAt } = useHere();
  const today = todayAt();
  const month = isMonth(search.month) ? search.month : monthOf(today);
  const read = useQuery({ ...minutesQuery(patient, month), enabled: can('minutes.read') });
  const who = useQuery({ ...patientNameQuery(patient), enabled: can('patients.read') });
  const [doing, setDoing] = useState<null | { act: 'add' | 'correct' | 'remove'; entry?: MinutesEntry }>(
    null,
  );
  useEffect(() => {
    document.title = `${t`Minutes`} · Concord`;
  }, []);
  if (!can('minutes.read')) return <NoPermission />;
  const name = who.data ? `${who.data.given_name} ${who.data.family_name}` : '';
  const close = () => setDoing(null);
  return (
    <div className="minutes">
      <header className="row-apart">
        <div>
          <p className="soft small">
            {name && can('episodes.read') ? (
              <Link to="/patients/$patient" params={{ patient }}>
                {name}
              </Link>
            ) : (
              name
            )}
          </p>
          <h1>
            <Trans>Minutes in {monthIn(month)}</Trans>
          </h1>
        </div>
        <div className="row no-print">
          <LinkButton
            small
            look="quiet"
            to="/patients/$patient/minutes"
            params={{ patient }}
            search={{ month: addMonths(month, -1) }}
          >
            {monthWords(addMonths(month, -1))}
          </LinkButton>
          {month < monthOf(today) && (
            <LinkButton
              small
              look="quiet"
              to="/patients/$patient/minutes"
              params={{ patient }}
              search={{ month: addMonths(month, 1) }}
            >
              {monthWords(addMonths(month, 1))}
            </LinkButton>
          )}
          {can('minutes.write') && !read.data?.closed && (
            <Button look="primary" onPress={() => setDoing({ act: 'add' })}>
              <Trans>Add minutes</Trans>
            </Button>
          )}
          <StartTimer patient={patient} />
        </div>
      </header>
      {unreadable(read) && <ProblemNote error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <Skeleton rows={6} widths={[12, 10, 24, 20, 10]} />}
      {read.data && (
        <>
          <Total ledger={read.data} patient={patient} month={month} />
          <Ledger
            ledger={read.data}
            today={today}
            onDo={(act, entry) => setDoing({ act, entry })}
            writes={can('minutes.write') && !read.data.closed}
          />
        </>
      )}
      {can('billing.read') && <BillingFacts patient={patient} month={month} today={today} />}
      {doing && (
        <Sheet
          title={
            doing.act === 'add'
              ? t`Add minutes`
              : doing.act === 'correct'
                ? t`Correct the minutes`
                : t`Take the minutes out`
          }
          subtitle={name}
          onClose={close}
        >
          {doing.act === 'add' && <AddMinutes patient={patient} today={today} onDone={close} />}
          {doing.act === 'correct' && doing.entry && (
            <CorrectMinutes patient={patient} entry={doing.entry} today={today} onDone={close} />
          )}
          {doing.act === 'remove' && doing.entry && (
            <RemoveMinutes patient={patient} entry={doing.entry} onDone={close} />
          )}
        </Sheet>
      )}
    </div>
  );
}

/** "52 minutes count. 99492. 8 minutes to 99494." and what is missing before it can be billed. */
function Total({ ledger, patient, month }: { ledger: PatientMinutes; patient: string; month: string }) {
  const { can } = useHere();
  // How far it is to the next code stands above already.
  const missing = ledger.missing.filter((one) => one.kind !== 'minutes');
  return (
    <section className="minutes-total">
      <p className="minutes-sum">
        <span className="strong">{t`${ledger.minutes_counted} minutes count`}</span>
        {ledger.minutes_not_counted > 0 && (
          <span className="soft">, {t`${ledger.minutes_not_counted} do not`}</span>
        )}
        {ledger.closed && <span className="soft">. {t`${monthWords(month)} is closed.`}</span>}
      </p>
      <dl className="facts">
        <dt>
          <Trans>Proposed</Trans>
        </dt>
        <dd>
          {ledger.codes.length ? (
            <span className="strong">{codesWords(ledger.codes)}</span>
          ) : (
            <span className="soft">{t`no code yet`}</span>
          )}
          {ledger.codes.some((one) => one.code.startsWith('9949')) && (
            <span className="soft">, {ledger.initial ? t`first month of care` : t`later month`}</span>
          )}
          {ledger.codes
            .filter((one) => one.confirm)
            .map((one) => (
              <p key={one.code} className="need-overdue hue">
                {one.code}: {word(confirmWords, one.confirm!.code)}
              </p>
            ))}
        </dd>
        {ledger.next && (
          <>
            <dt>
              <Trans>Next</Trans>
            </dt>
            <dd>{nextWords(ledger.next, ledger.codes)}</dd>
          </>
        )}
        <dt>
          <Trans>Payer</Trans>
        </dt>
        <dd>
          {ledger.payer?.category ? (
            ledger.payer.plan_name || word(payerWords, ledger.payer.category)
          ) : (
            <span className="soft">{t`not recorded`}</span>
          )}
        </dd>
      </dl>
      {missing.length > 0 && (
        <ul className="minutes-missing">
          {missing.map((one) => (
            <li
              key={one.kind + (one.code ?? '')}
              className={one.kind === 'minutes' ? '' : 'need-overdue hue'}
            >
              {missingWords(one)}
              {one.kind === 'consent' && can('episodes.write') && (
                <>
                  {' '}
                  <Link to="/patients/$patient" params={{ patient }} search={{ do: 'consent' }}>
                    <Trans>Record it</Trans>
                  </Link>
                </>
              )}
              {one.kind === 'review' && can('reviews.write') && (
                <>
                  {' '}
                  <Link to="/patients/$patient" params={{ patient }} search={{ do: 'review' }}>
                    <Trans>Record it</Trans>
                  </Link>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Ledger({
  ledger,
  today,
  writes,
  onDo,
}: {
  ledger: PatientMinutes;
  today: string;
  writes: boolean;
  onDo: (act: 'correct' | 'remove', entry: MinutesEntry) => void;
}) {
  if (ledger.items.length === 0)
    return (
      <Empty title={t`No minutes this month.`}>
        <p>
          <Trans>A contact with minutes is counted here by itself.</Trans>
        </p>
      </Empty>
    );
  return (
    <TableScroll label={t`Minutes`}>
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">{t`Day`}</th>
            <th scope="col">{t`Time`}</th>
            <th scope="col">{t`Who`}</th>
            <th scope="col">{t`What`}</th>
            <th scope="col" className="number">{t`Minutes`}</th>
            <th scope="col">{t`Counts`}</th>
            {writes && (
              <th scope="col">
                <span className="hidden-text">{t`What to do`}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {ledger.items.map((entry) => (
            <tr key={entry.id} className={entry.corrected ? 'gone-row' : ''}>
              <td>
                <When date={entry.date} today={today} />
              </td>
              <td className="nowrap">
                {entry.start ? `${entry.start}–${entry.end ?? ''}` : <span className="soft">–</span>}
              </td>
              <td>
                {entry.staff?.name ?? entry.staff_name}{' '}
                <span className="soft small">{word(roleWords, entry.staff_role)}</span>
              </td>
              <td>
                {activityWord(entry.activity)}{' '}
                <span className="soft small">{word(sourceWords, entry.source)}</span>
                {entry.note && <p className="small">{entry.note}</p>}
                {entry.corrected && (
                  <p className="small ledger-why">
                    {entry.corrected.replaced_by ? t`corrected` : t`taken out`}
                    {entry.corrected.by && ` ${t`by ${entry.corrected.by.name}`}`}
                    {entry.corrected.reason && `: ${entry.corrected.reason}`}
                  </p>
                )}
              </td>
              <td className="number">{entry.minutes}</td>
              <td>
                {entry.corrected ? (
                  <span className="soft">–</span>
                ) : entry.reason ? (
                  <>
                    {entry.minutes_counted > 0 && <span>{t`${entry.minutes_counted} count. `}</span>}
                    <span className="need-overdue hue">{notCounted(entry.reason)}</span>
                  </>
                ) : (
                  <span>{entry.minutes_counted === entry.minutes ? t`yes` : entry.minutes_counted}</span>
                )}
              </td>
              {writes && (
                <td>
                  {!entry.corrected && !entry.contact_id && (
                    <span className="row ledger-acts">
                      <Button
                        small
                        look="quiet"
                        onPress={() => onDo('correct', entry)}
                        aria-label={t`Correct ${entry.minutes} minutes of ${entry.date}`}
                      >
                        <Trans>Correct</Trans>
                      </Button>
                      <Button
                        small
                        look="quiet"
                        onPress={() => onDo('remove', entry)}
                        aria-label={t`Take out ${entry.minutes} minutes of ${entry.date}`}
                      >
                        <Trans>Take out</Trans>
                      </Button>
                    </span>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

interface MinutesDraft {
  date: string;
  start: string;
  minutes: string;
  activity: string;
  note: string;
  separately: boolean;
}

function MinutesFields({
  draft,
  set,
  error,
  today,
}: {
  draft: MinutesDraft;
  set: (change: Partial<MinutesDraft>) => void;
  error: unknown;
  today: string;
}) {
  return (
    <>
      <div className="pair">
        <DateField
          label={t`On`}
          value={draft.date}
          onChange={(date) => set({ date })}
          max={today}
          required
          error={issueFor(error, 'date')}
        />
        <TextField
          label={t`From`}
          hint={t`As 09:05; may be left blank`}
          value={draft.start}
          onChange={(start) => set({ start })}
          short
          error={issueFor(error, 'start')}
        />
        <TextField
          label={t`Minutes`}
          type="number"
          inputMode="numeric"
          short
          min={1}
          max={1440}
          value={draft.minutes}
          onChange={(minutes) => set({ minutes })}
          required
          error={issueFor(error, 'minutes')}
        />
      </div>
      <Select
        label={t`What for`}
        value={draft.activity}
        onChange={(activity) => set({ activity })}
        options={options(activityWords, ACTIVITIES)}
        error={issueFor(error, 'activity')}
      />
      <TextField
        label={t`Note`}
        value={draft.note}
        onChange={(note) => set({ note })}
        error={issueFor(error, 'note')}
      />
      <Check
        label={t`Used for a service that is billed separately`}
        value={draft.separately}
        onChange={(separately) => set({ separately })}
      />
    </>
  );
}

function AddMinutes({ patient, today, onDone }: { patient: string; today: string; onDone: () => void }) {
  const [draft, setDraft] = useState<MinutesDraft>({
    date: today,
    start: '',
    minutes: '',
    activity: 'care_coordination',
    note: '',
    separately: false,
  });
  const save = useSave(
    (body: {
      date: string;
      start?: string;
      minutes: number;
      activity: string;
      note?: string;
      separately_billed: boolean;
    }) =>
      create(`${patient}/minutes`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/minutes', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (entry) => {
      say(entry.reason ? t`Stored; ${notCounted(entry.reason)}.` : t`Stored.`);
      await refreshMinutes(patient);
      onDone();
    },
  );
  return (
    <div className="stack">
      {!!save.error && <OverlapNote error={save.error} />}
      <ShortForm
        state={{ saving: save.saving, error: null }}
        action={<Trans>Add</Trans>}
        onSubmit={() =>
          save.save({
            date: draft.date,
            start: draft.start.trim() || undefined,
            minutes: Number(draft.minutes),
            activity: draft.activity,
            note: draft.note.trim() || undefined,
            separately_billed: draft.separately,
          })
        }
        onCancel={onDone}
      >
        <MinutesFields
          draft={draft}
          set={(change) => setDraft({ ...draft, ...change })}
          error={save.error}
          today={today}
        />
      </ShortForm>
    </div>
  );
}

function CorrectMinutes({
  patient,
  entry,
  today,
  onDone,
}: {
  patient: string;
  entry: MinutesEntry;
  today: string;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState<MinutesDraft>({
    date: entry.date,
    start: entry.start ?? '',
    minutes: String(entry.minutes),
    activity: entry.activity,
    note: entry.note ?? '',
    separately: !!entry.separately_billed,
  });
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/minutes/{entry_id}/corrections', {
          params: { path: { patient_id: patient, entry_id: entry.id }, header: ifMatch(version) },
          body: {
            date: draft.date,
            start: draft.start.trim() || null,
            minutes: Number(draft.minutes),
            activity: draft.activity,
            note: draft.note,
            separately_billed: draft.separately,
            reason,
          },
        }),
      ),
    async () => {
      say(t`Corrected. The old entry stays, struck through.`);
      await refreshMinutes(patient);
      onDone();
    },
  );
  return (
    <div className="stack">
      {(!!save.error || save.theirs) && (
        <OverlapNote error={save.error ?? t`Somebody else changed this meanwhile.`} />
      )}
      <ShortForm
        state={{ saving: save.saving, error: null }}
        action={<Trans>Correct</Trans>}
        onSubmit={() => save.save(entry.version)}
        onCancel={onDone}
      >
        <MinutesFields
          draft={draft}
          set={(change) => setDraft({ ...draft, ...change })}
          error={save.error}
          today={today}
        />
        <TextField
          label={t`Why it is corrected`}
          value={reason}
          onChange={setReason}
          required
          error={issueFor(save.error, 'reason')}
        />
      </ShortForm>
    </div>
  );
}

function RemoveMinutes({
  patient,
  entry,
  onDone,
}: {
  patient: string;
  entry: MinutesEntry;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/minutes/{entry_id}/removal', {
          params: { path: { patient_id: patient, entry_id: entry.id }, header: ifMatch(version) },
          body: { reason },
        }),
      ),
    async () => {
      say(t`Taken out. It stays readable and counts nothing.`);
      await refreshMinutes(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={{
        saving: save.saving,
        error: save.error ?? (save.theirs ? t`Somebody else changed this meanwhile.` : null),
      }}
      action={<Trans>Take out</Trans>}
      onSubmit={() => save.save(entry.version)}
      onCancel={onDone}
    >
      <p>
        {activityWord(entry.activity)}, {entry.minutes} {t`min`}
      </p>
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}
