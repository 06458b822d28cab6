// The clock of a contact is the server's. Opening the form starts it, unless one runs for this patient already.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Suspense, useEffect, useRef, useState } from 'react';
import { queryClient } from '../api/queries';
import { useHere } from '../app/session';
import { timerQuery } from '../billing/queries';
import { dropTimer, refreshTimer, StopSheet, startTimer, useTimer } from '../billing/timer';
import { Button } from '../ui/button';
import { timeOf } from '../ui/dates';
import type { Keeping } from './note_draft';

type Running = NonNullable<NonNullable<ReturnType<typeof useTimer>['data']>['timer']>;

export function useContactClock(patient: string) {
  const { can } = useHere();
  const timer = useTimer();
  const [opened] = useState(() => Date.now());
  const asked = useRef(false);
  const starting = useRef<Promise<unknown>>(Promise.resolve());
  const running = timer.data?.timer ?? null;
  const mine = running?.patient.id === patient ? running : null;
  useEffect(() => {
    // Once for each visit: stopping the clock by hand is not undone.
    if (asked.current || !can('minutes.write') || !timer.data) return;
    asked.current = true;
    if (!timer.data.timer)
      starting.current = startTimer(patient, 'treatment')
        .catch(() => undefined)
        .then(refreshTimer);
  }, [timer.data, patient, can]);
  return {
    startedAt: mine ? new Date(mine.started_at).getTime() : opened,
    /** a clock that runs for somebody else */
    other: running && !mine ? running : null,
    /** the contact keeps the minutes, the clock none */
    done: async () => {
      if (!can('minutes.write')) return;
      // Saved before the clock was read or had started: it must not start now, nor run on.
      asked.current = true;
      await starting.current;
      const now = await queryClient.ensureQueryData(timerQuery).catch(() => null);
      if (now?.timer?.patient.id !== patient) return;
      await dropTimer().catch(() => undefined);
      await refreshTimer();
    },
  };
}

export function OtherClock({ running }: { running: Running }) {
  const [stopping, setStopping] = useState(false);
  return (
    <div className="note row-apart">
      <p>{t`A clock runs for ${running.patient.name}. One person has one clock.`}</p>
      <Button small onPress={() => setStopping(true)}>
        <Trans>Stop it</Trans>
      </Button>
      {stopping && (
        <Suspense fallback={null}>
          <StopSheet running={running} onClose={() => setStopping(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Whether what is typed is safe, in words. */
export function KeptWords({ state, at }: { state: Keeping; at: string | null }) {
  const { zone } = useHere();
  return (
    <span className="small soft" role="status">
      {state === 'kept' && at && t`Draft kept at ${timeOf(at, zone())}.`}
      {state === 'failed' && (
        <span className="need-overdue hue">{t`The draft could not be kept. Your words are only here.`}</span>
      )}
    </span>
  );
}
