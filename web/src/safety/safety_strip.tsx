// Open safety signals, above everything else. Acknowledging is one press; closing is a clinician's own words.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { SafetyEvent } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import type { PartProps } from '../patients/patient_page';
import { Button } from '../ui/button';
import { clockWords, shortDate, timeOf } from '../ui/dates';
import { NeedIcon } from '../ui/icons';
import { ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { signalWords } from './signal';
import './safety.css';

function useNow() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Signal({
  event,
  patient,
  today,
  open,
}: {
  event: SafetyEvent;
  patient: string;
  today: string;
  open: PartProps['open'];
}) {
  const { can, zone, session } = useHere();
  const now = useNow();
  const acknowledge = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/acknowledge', {
          params: { path: { patient_id: patient, safety_event_id: event.id }, header: ifMatch(version) },
          body: {},
        }),
      ),
    async () => {
      await refreshPatient(patient);
      say(t`You have it. It stays open until it is assessed.`);
    },
  );
  const day = event.signalled_date === today ? t`today` : shortDate(event.signalled_date, today);
  const who =
    event.acknowledged_by?.id === session.user.id
      ? t`You have it`
      : event.acknowledged_by
        ? t`${event.acknowledged_by.name} has it`
        : t`Nobody has it yet`;
  const theirs = acknowledge.theirs as unknown as SafetyEvent | null;
  return (
    <>
      <div className="safety-line">
        <div className="safety-words">
          <NeedIcon need="safety" />
          <div>
            <p>
              <strong>
                <Trans>Safety</Trans>
              </strong>{' '}
              {signalWords(event.signal)}, {day} {timeOf(event.signalled_at, zone())}.{' '}
              <Trans>Not yet assessed.</Trans>
            </p>
            <p className="small">
              {who}, {clockWords(event.due_at, now)}.{' '}
              <Trans>
                In crisis: <a href="tel:988">988</a>, emergency <a href="tel:911">911</a>.
              </Trans>
            </p>
          </div>
        </div>
        <div className="row no-print">
          {!event.acknowledged_at && can('safety.write') && (
            <Button onPress={() => acknowledge.save(event.version)} isPending={acknowledge.saving}>
              <Trans>I have it</Trans>
            </Button>
          )}
          {can('safety.close') && (
            <Button look="safety" onPress={() => open('safety', event.id)}>
              <Trans>Assess now</Trans>
            </Button>
          )}
        </div>
      </div>
      {!!acknowledge.error && <ProblemNote error={acknowledge.error} />}
      {theirs && (
        <p className="note">
          {theirs.acknowledged_by
            ? t`${theirs.acknowledged_by.name} was faster and has it.`
            : t`This changed meanwhile. Look again.`}
        </p>
      )}
    </>
  );
}

export function SafetyStrip({ summary, today, open }: PartProps) {
  const events = summary.safety_events.filter((event) => !event.closed_at);
  if (events.length === 0) return null;
  return (
    <section className="safety-strip" aria-label={t`Safety`}>
      {events.map((event) => (
        <Signal key={event.id} event={event} patient={summary.patient.id} today={today} open={open} />
      ))}
    </section>
  );
}
