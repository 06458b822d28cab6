// Open safety signals, above everything else. Taking one is a single press; the rest is on its own page.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { call, client, ifMatch } from '../api/client';
import type { SafetyEvent } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import type { PartProps } from '../patients/patient_page';
import { Button, LinkButton } from '../ui/button';
import { clockWords, shortDate, timeOf } from '../ui/dates';
import { NeedIcon } from '../ui/icons';
import { ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { levelWords, word } from '../ui/words';
import { refreshSafety } from './queries';
import { signalWords } from './signal';
import './safety.css';

export function useNow() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Signal({ event, patient, today }: { event: SafetyEvent; patient: string; today: string }) {
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
      await refreshSafety(patient);
      say(t`You have it. It stays open until it is assessed.`);
    },
  );
  const day = event.signalled_date === today ? t`today` : shortDate(event.signalled_date, today);
  const holder = event.has_it ?? event.acknowledged_by;
  const who =
    holder?.id === session.user.id
      ? t`You have it`
      : holder
        ? t`${holder.name} has it`
        : t`Nobody has it yet`;
  const theirs = acknowledge.theirs as unknown as SafetyEvent | null;
  const level = word(levelWords, event.level).toLocaleLowerCase();
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
              {event.assessed_at ? (
                t`Assessed, level ${level}. Not yet closed.`
              ) : (
                <Trans>Not yet assessed.</Trans>
              )}
            </p>
            <p className="small">
              {who}
              {!event.assessed_at && `, ${clockWords(event.due_at, now)}`}.{' '}
              <Trans>
                In crisis: <a href="tel:988">988</a>, emergency <a href="tel:911">911</a>.
              </Trans>
            </p>
          </div>
        </div>
        <div className="row no-print">
          {!event.acknowledged_at && can('safety.close') && (
            <Button onPress={() => acknowledge.save(event.version)} isPending={acknowledge.saving}>
              <Trans>I have it</Trans>
            </Button>
          )}
          {can('safety.close') && (
            <LinkButton
              look="safety"
              to="/patients/$patient/safety"
              params={{ patient }}
              search={{ event: event.id }}
            >
              {event.assessed_at ? <Trans>Go on</Trans> : <Trans>Assess now</Trans>}
            </LinkButton>
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

export function SafetyStrip({ summary, today }: Pick<PartProps, 'summary' | 'today'>) {
  const events = summary.safety_events.filter((event) => !event.closed_at);
  if (events.length === 0) return null;
  return (
    <section className="safety-strip" aria-label={t`Safety`}>
      {events.map((event) => (
        <Signal key={event.id} event={event} patient={summary.patient.id} today={today} />
      ))}
    </section>
  );
}
