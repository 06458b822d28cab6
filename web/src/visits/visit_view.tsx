// One visit: when, how, with whom; what happened to it; and what can be done now.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { act } from '../api/ask';
import type { Visit } from '../api/patient_side';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, fullDate, shortDate, timeOf } from '../ui/dates';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { word } from '../ui/words';
import { refreshVisits, visitQuery } from './queries';
import { VisitForm } from './visit_form';
import { answerWords, clock, historyWords, purposeWords, visitKindWords, visitState } from './words';

type Act = 'arrive' | 'done' | 'no_show' | 'cancel' | 'reopen' | 'settle';

export function VisitView({
  patient,
  id,
  today,
  onDone,
}: {
  patient: string;
  id: string;
  today: string;
  onDone: () => void;
}) {
  const visit = useQuery(visitQuery(patient, id));
  if (visit.isPending) return <Skeleton rows={4} widths={[50]} />;
  if (unreadable(visit)) return <ProblemNote error={visit.error} onRetry={() => void visit.refetch()} />;
  return <One visit={visit.data} patient={patient} today={today} onDone={onDone} />;
}

function One({
  visit,
  patient,
  today,
  onDone,
}: {
  visit: Visit;
  patient: string;
  today: string;
  onDone: () => void;
}) {
  const { can, zone: zoneAt } = useHere();
  const navigate = useNavigate();
  const [form, setForm] = useState<'move' | 'cancel' | 'settle' | null>(null);
  const zone = visit.zone || zoneAt(visit.site_id);
  const name = visit.patient.given_name;
  const begun = new Date(visit.starts_at).getTime() <= Date.now();
  const save = useSave(
    (what: Act) =>
      act<Visit>('POST', `/api/v1/patients/${patient}/visits/${visit.id}/acts`, { act: what }, visit.version),
    async (after) => {
      await refreshVisits(patient);
      if (after.contact_prefill) {
        await navigate({
          to: '/patients/$patient/contact',
          params: { patient },
          search: { visit: visit.id },
        });
        return;
      }
      say(t`Kept: ${visitState(after.state)}.`);
    },
  );
  const answer = answerWords(visit);
  if (form === 'move')
    return (
      <VisitForm
        patient={patient}
        name={name}
        site={visit.site_id}
        today={today}
        visit={visit}
        onDone={() => setForm(null)}
      />
    );
  return (
    <div className="stack">
      <div>
        <p className="strong">
          {fullDate(visit.date)}, {clock(visit.start_minute)}{' '}
          <span className="soft">{t`${visit.minutes} min`}</span>
        </p>
        <p>
          {word(visitKindWords, visit.kind)}, {word(purposeWords, visit.purpose).toLocaleLowerCase()},{' '}
          {visit.staff && t`with ${visit.staff.name}`}
        </p>
        {visit.place && <p className="soft">{visit.place}</p>}
        {visit.video_link && (
          <p>
            <a href={visit.video_link} target="_blank" rel="noreferrer">
              <Trans>Open the video call</Trans>
            </a>
          </p>
        )}
        <p className={visit.state === 'no_show' ? 'need-overdue hue strong' : 'soft'}>
          {visitState(visit.state)}
          {visit.reason && `: ${visit.reason}`}
        </p>
        {answer && (
          <p className={visit.answer === 'change_asked' ? 'need-overdue hue strong' : 'soft'}>{answer}</p>
        )}
        {visit.note && <p className="talk-words">{visit.note}</p>}
      </div>
      {!!save.error && <ProblemNote error={save.error} focus />}
      {save.theirs && <ProblemNote error={t`Somebody else changed this meanwhile.`} />}
      {can('visits.write') && form === null && (
        <div className="row">
          {['booked', 'arrived'].includes(visit.state) && begun && (
            <Button look="primary" isPending={save.saving} onPress={() => save.save('done')}>
              <Trans>It took place: write the contact</Trans>
            </Button>
          )}
          {visit.state === 'booked' && (
            <Button small isPending={save.saving} onPress={() => save.save('arrive')}>
              {visit.kind === 'in_person' ? <Trans>{name} is here</Trans> : <Trans>It has begun</Trans>}
            </Button>
          )}
          {visit.state === 'booked' && begun && (
            <Button small isPending={save.saving} onPress={() => save.save('no_show')}>
              <Trans>Did not come</Trans>
            </Button>
          )}
          {visit.state === 'booked' && (
            <>
              <Button small onPress={() => setForm('move')}>
                <Trans>Move</Trans>
              </Button>
              <Button small onPress={() => setForm('cancel')}>
                <Trans>Call off</Trans>
              </Button>
            </>
          )}
          {visit.answer === 'change_asked' && visit.state === 'booked' && (
            <Button small onPress={() => setForm('settle')}>
              <Trans>It stays as it is</Trans>
            </Button>
          )}
          {(visit.state === 'no_show' || (visit.state === 'cancelled' && !begun)) && (
            <Button small isPending={save.saving} onPress={() => save.save('reopen')}>
              {visit.state === 'no_show' ? <Trans>They did come</Trans> : <Trans>Book it again</Trans>}
            </Button>
          )}
        </div>
      )}
      {(form === 'cancel' || form === 'settle') && (
        <Reasoned act={form} visit={visit} patient={patient} onDone={() => setForm(null)} />
      )}
      <p className="row small">
        <a href={`/api/v1/patients/${patient}/visits/${visit.id}/calendar.ics`} download>
          <Trans>Calendar file</Trans>
        </a>
        <Link to="/patients/$patient" params={{ patient }} onClick={onDone}>
          <Trans>Open the patient</Trans>
        </Link>
      </p>
      {!!visit.history?.length && (
        <details>
          <summary className="soft small">
            <Trans>What happened to it</Trans>
          </summary>
          <ol className="small">
            {visit.history.map((one) => (
              <li key={one.at + one.kind}>
                {shortDate(dateOf(one.at, zone), today)} {timeOf(one.at, zone)}:{' '}
                {word(historyWords, one.kind)}
                {one.by && `, ${one.by.name}`}
                {!one.by && one.by_kind === 'patient' && `, ${name}`}
                {!one.by && one.by_kind === 'trusted_person' && `, ${t`a trusted person`}`}
                {one.starts_before &&
                  `, ${t`before: ${shortDate(dateOf(one.starts_before, zone), today)} ${timeOf(one.starts_before, zone)}`}`}
                {one.reason && `. ${one.reason}`}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function Reasoned({
  act: what,
  visit,
  patient,
  onDone,
}: {
  act: 'cancel' | 'settle';
  visit: Visit;
  patient: string;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const [by, setBy] = useState('staff');
  const save = useSave(
    (version: number) =>
      act<Visit>(
        'POST',
        `/api/v1/patients/${patient}/visits/${visit.id}/acts`,
        what === 'cancel'
          ? { act: what, reason: reason.trim(), cancelled_by: by }
          : { act: what, reason: reason.trim() || undefined },
        version,
      ),
    async () => {
      say(what === 'cancel' ? t`Called off. The patient is told.` : t`It stays as it is.`);
      await refreshVisits(patient);
      onDone();
    },
  );
  const theirs = save.theirs?.version as number | undefined;
  return (
    <ShortForm
      state={save}
      action={what === 'cancel' ? <Trans>Call it off</Trans> : <Trans>It stays as it is</Trans>}
      disabled={what === 'cancel' && !reason.trim()}
      onSubmit={() => save.save(theirs ?? visit.version)}
      onCancel={onDone}
    >
      {theirs !== undefined && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
        </p>
      )}
      {what === 'cancel' && (
        <Choice
          label={t`Who calls it off`}
          value={by}
          onChange={setBy}
          options={[
            { value: 'staff', label: t`We do` },
            { value: 'patient', label: t`The patient does` },
          ]}
        />
      )}
      <TextField
        label={t`Because`}
        hint={t`Only the team reads it.`}
        value={reason}
        onChange={setReason}
        required={what === 'cancel'}
        autoFocus
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}
