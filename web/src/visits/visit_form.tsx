// Booking a visit, or moving it. Two visits at once are said and can be meant; then a reason is written down.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { act, make } from '../api/ask';
import { ApiError } from '../api/client';
import type { NewVisit, Visit } from '../api/patient_side';
import { staffQuery } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { TimeField } from '../messaging/reach_sheet';
import { Choice } from '../ui/choice';
import { dateOf, shortDate, timeOf } from '../ui/dates';
import { Check, DateField, Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor } from '../ui/states';
import { say } from '../ui/toast';
import { options, word } from '../ui/words';
import { refreshVisits } from './queries';
import { clock, minuteOf, purposeWords, visitKindWords, warningWords } from './words';

const MINUTES = ['20', '30', '45', '60', '90'];

interface Overlap {
  of: 'staff' | 'patient';
  starts_at: string;
  ends_at: string;
}
function overlapsIn(error: unknown): Overlap[] {
  if (!(error instanceof ApiError) || error.status !== 409) return [];
  return (error.problem as unknown as { overlaps?: Overlap[] }).overlaps ?? [];
}

export function VisitForm({
  patient,
  name,
  site,
  today,
  visit,
  onDone,
}: {
  patient: string;
  name: string;
  site?: string | null;
  today: string;
  /** the one that moves; without it a new one is booked */
  visit?: Visit;
  onDone: (visit?: Visit) => void;
}) {
  const { can, session, zone } = useHere();
  const staff = useQuery({ ...staffQuery(), enabled: can('staff.read') });
  const [who, setWho] = useState(visit?.staff?.id ?? session.user.id);
  const [date, setDate] = useState(visit?.date ?? today);
  const [time, setTime] = useState(visit ? clock(visit.start_minute) : '');
  const [minutes, setMinutes] = useState(String(visit?.minutes ?? 30));
  const [kind, setKind] = useState<string>(visit?.kind ?? 'phone');
  const [purpose, setPurpose] = useState(visit?.purpose ?? 'follow_up');
  const [place, setPlace] = useState(visit?.place ?? '');
  const [note, setNote] = useState(visit?.note ?? '');
  const [reason, setReason] = useState('');
  const [hidden, setHidden] = useState(false);
  const [tell, setTell] = useState(true);
  const [overlapReason, setOverlapReason] = useState('');
  const save = useSave(
    ({ body, version }: { body: NewVisit; version?: number }) =>
      visit
        ? act<Visit>(
            'PATCH',
            `/api/v1/patients/${patient}/visits/${visit.id}`,
            body,
            version ?? visit.version,
          )
        : make<Visit>(`/api/v1/patients/${patient}/visits`, body),
    async (made) => {
      const warnings = (made.warnings ?? []).map((one) => word(warningWords, one)).join(' ');
      say(
        `${
          visit
            ? t`Moved to ${shortDate(made.date, today)} ${clock(made.start_minute)}.`
            : t`Booked for ${shortDate(made.date, today)} ${clock(made.start_minute)}.`
        } ${warnings}`.trim(),
      );
      await refreshVisits(patient);
      onDone(made);
    },
  );
  const overlaps = overlapsIn(save.error);
  const theirs = save.theirs as unknown as Visit | null;
  const start = minuteOf(time);
  const choices = (staff.data?.items ?? []).filter((one) =>
    one.roles?.some(
      (held) =>
        (!site || held.site_id === site) &&
        ['care_manager', 'psychiatric_consultant', 'pcp', 'bh_specialist', 'community_worker'].includes(
          held.role,
        ),
    ),
  );
  const people = [
    ...(choices.some((one) => one.id === who)
      ? []
      : [{ value: who, label: visit?.staff?.name ?? session.user.display_name }]),
    ...choices.map((one) => ({ value: one.id, label: one.display_name })),
  ];
  return (
    <ShortForm
      state={overlaps.length ? { saving: save.saving, error: null } : save}
      action={visit ? <Trans>Move it</Trans> : <Trans>Book it</Trans>}
      disabled={start === null || (overlaps.length > 0 && overlapReason.trim().length < 3)}
      onSubmit={() =>
        save.save({
          version: theirs?.version,
          body: {
            staff_id: who,
            date,
            start_minute: start ?? 0,
            minutes: Number(minutes),
            kind,
            purpose,
            place: kind === 'in_person' && place.trim() ? place.trim() : undefined,
            note: note.trim() || undefined,
            confidential: visit ? undefined : hidden || undefined,
            overlap_reason: overlaps.length ? overlapReason.trim() : undefined,
            tell_patient: tell,
            reason: visit ? reason.trim() || undefined : undefined,
          },
        })
      }
      onCancel={() => onDone()}
    >
      {theirs && (
        <p className="note" role="alert">
          <Trans>
            Somebody else changed this meanwhile: now {shortDate(theirs.date, today)}{' '}
            {clock(theirs.start_minute)}. Your words are still here.
          </Trans>{' '}
          <Trans>Save again to put yours on top.</Trans>
        </p>
      )}
      {overlaps.length > 0 && (
        <div className="note stack-tight" role="alert">
          <p className="strong">
            <Trans>There is something at that time already.</Trans>
          </p>
          <ul>
            {overlaps.map((one) => (
              <li key={one.of + one.starts_at}>
                {one.of === 'staff' ? people.find((other) => other.value === who)?.label : name}:{' '}
                {shortDate(dateOf(one.starts_at, zone(site)), today)} {timeOf(one.starts_at, zone(site))} –{' '}
                {timeOf(one.ends_at, zone(site))}
              </li>
            ))}
          </ul>
          <TextField
            label={t`Book it all the same, because`}
            value={overlapReason}
            onChange={setOverlapReason}
            error={issueFor(save.error, 'overlap_reason')}
          />
        </div>
      )}
      <div className="pair">
        <DateField
          label={t`Day`}
          value={date}
          onChange={setDate}
          min={today}
          required
          error={issueFor(save.error, 'date')}
        />
        <TimeField
          label={t`Time`}
          value={time}
          onChange={setTime}
          required
          error={issueFor(save.error, 'start_minute') ?? issueFor(save.error, 'starts_at')}
        />
        <Select
          label={t`Minutes`}
          value={minutes}
          onChange={setMinutes}
          options={[...new Set([...MINUTES, minutes])].map((value) => ({ value, label: value }))}
          error={issueFor(save.error, 'minutes')}
        />
      </div>
      <Choice
        label={t`How`}
        value={kind}
        onChange={setKind}
        options={options(visitKindWords)}
        error={issueFor(save.error, 'kind')}
      />
      {kind === 'in_person' && (
        <TextField
          label={t`Where`}
          hint={t`Empty: the site’s own place. The patient reads it.`}
          value={place}
          onChange={setPlace}
          error={issueFor(save.error, 'place')}
        />
      )}
      {kind === 'video' && (
        <p className="soft small">
          <Trans>The link of the clinic’s video service is made by itself and shown to the patient.</Trans>
        </p>
      )}
      <div className="pair">
        <Select
          label={t`With`}
          value={who}
          onChange={setWho}
          options={people}
          error={issueFor(save.error, 'staff_id')}
        />
        <Select label={t`What for`} value={purpose} onChange={setPurpose} options={options(purposeWords)} />
      </div>
      <TextField label={t`Note, for the team only`} value={note} onChange={setNote} />
      {visit && <TextField label={t`Why it moves`} value={reason} onChange={setReason} />}
      <Check label={t`Tell ${name} by message`} value={tell} onChange={setTell} />
      {!visit && <Check label={t`Hide it from trusted persons`} value={hidden} onChange={setHidden} />}
    </ShortForm>
  );
}
