// The clock is the server's: a reload, another page or another browser loses nothing. One per person.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, create } from '../api/client';
import { queryClient, refreshPatient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { options } from '../ui/words';
import { clockText, ranMinutes } from './month';
import { timerQuery } from './queries';
import { ACTIVITIES, activityWord, activityWords, minutesWords, notCounted } from './words';
import './billing.css';

export function useTimer() {
  const { can } = useHere();
  return useQuery({ ...timerQuery, enabled: can('minutes.write') });
}

export const startTimer = (patient: string, activity: string) => {
  const body = { patient_id: patient, activity };
  return create('timer', body, (key) => client.POST('/api/v1/timer', { params: { header: key }, body }));
};
/** Ends the clock and stores nothing: the contact form writes the minutes itself. */
export const dropTimer = () => call(client.POST('/api/v1/timer/stop', { body: { keep: false } }));
export const refreshTimer = () => queryClient.invalidateQueries({ queryKey: timerQuery.queryKey });

export function Clock({ since, label }: { since: string; label: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="timer" aria-live="off" aria-label={label} className="clock">
      {clockText((now - new Date(since).getTime()) / 1000)}
    </span>
  );
}

/** In the frame of every page, only while a clock runs. */
export default function TimerChip() {
  const timer = useTimer();
  const [stopping, setStopping] = useState(false);
  const { pathname } = useLocation();
  const running = timer.data?.timer;
  // The contact form shows the same clock, larger.
  if (!running || pathname === `/patients/${running.patient.id}/contact`) return null;
  return (
    <div className="timer-chip">
      <Clock since={running.started_at} label={t`Time on ${running.patient.name}`} />
      <Link to="/patients/$patient" params={{ patient: running.patient.id }}>
        {running.patient.name}
      </Link>
      <Button small onPress={() => setStopping(true)}>
        <Trans>Stop</Trans>
      </Button>
      {stopping && <StopSheet running={running} onClose={() => setStopping(false)} />}
    </div>
  );
}

export function StopSheet({
  running,
  onClose,
}: {
  running: {
    patient: { id: string; name: string };
    activity: string;
    note?: string | null;
    started_at: string;
  };
  onClose: () => void;
}) {
  const [ran] = useState(() => ranMinutes(running.started_at, Date.now()));
  const [minutes, setMinutes] = useState(() => String(ran));
  const [activity, setActivity] = useState(running.activity);
  const [note, setNote] = useState(running.note ?? '');
  const stop = useSave(
    (body: { keep: boolean; minutes?: number; activity?: string; note?: string }) =>
      call(client.POST('/api/v1/timer/stop', { body })),
    async (stopped) => {
      const entry = stopped.entry;
      say(
        entry
          ? entry.reason
            ? `${minutesWords(entry.minutes)}, ${notCounted(entry.reason)}.`
            : t`${minutesWords(entry.minutes)} stored.`
          : t`The clock is off; nothing was stored.`,
      );
      await Promise.all([refreshTimer(), refreshPatient(running.patient.id)]);
      onClose();
    },
  );
  if (ran < 1)
    return (
      <Sheet title={t`Stop the clock`} subtitle={running.patient.name} onClose={onClose}>
        <div className="stack">
          {!!stop.error && <ProblemNote error={stop.error} focus />}
          <p>
            <Trans>Less than a minute has passed: there is nothing to store.</Trans>
          </p>
          <div className="row">
            <Button look="primary" isPending={stop.saving} onPress={() => stop.save({ keep: false })}>
              <Trans>Stop it</Trans>
            </Button>
            <Button look="quiet" onPress={onClose}>
              <Trans>Let it run</Trans>
            </Button>
          </div>
        </div>
      </Sheet>
    );
  return (
    <Sheet title={t`Stop the clock`} subtitle={running.patient.name} onClose={onClose}>
      <ShortForm
        state={stop}
        action={<Trans>Keep the minutes</Trans>}
        onSubmit={() =>
          stop.save({ keep: true, minutes: Number(minutes), activity, note: note.trim() || undefined })
        }
        onCancel={onClose}
      >
        <div className="pair">
          <TextField
            label={t`Minutes`}
            hint={t`The clock ran ${minutesWords(ran)}; less is allowed.`}
            type="number"
            inputMode="numeric"
            short
            min={1}
            max={ran}
            value={minutes}
            onChange={setMinutes}
            required
            error={issueFor(stop.error, 'minutes')}
          />
          <Select
            label={t`What for`}
            value={activity}
            onChange={setActivity}
            options={options(activityWords, ACTIVITIES)}
          />
        </div>
        <TextField label={t`Note`} value={note} onChange={setNote} />
        <div>
          <Button small look="quiet" isPending={stop.saving} onPress={() => stop.save({ keep: false })}>
            <Trans>Throw the minutes away</Trans>
          </Button>
        </div>
      </ShortForm>
    </Sheet>
  );
}

/** On the patient's page: start a clock for work beside a contact. */
export function StartTimer({ patient }: { patient: string }) {
  const { can } = useHere();
  const timer = useTimer();
  const [activity, setActivity] = useState('care_coordination');
  const [asking, setAsking] = useState(false);
  const start = useSave(
    (what: string) => startTimer(patient, what),
    async () => {
      await refreshTimer();
      setAsking(false);
      say(t`The clock runs. It goes on when you leave this page.`);
    },
  );
  if (!can('minutes.write') || !timer.data) return null;
  const running = timer.data.timer;
  if (running)
    return (
      <p className="small soft">
        {running.patient.id === patient
          ? t`The clock runs: ${activityWord(running.activity).toLocaleLowerCase()}.`
          : t`A clock runs for ${running.patient.name}.`}
      </p>
    );
  if (!asking)
    return (
      <Button small onPress={() => setAsking(true)}>
        <Trans>Start a clock</Trans>
      </Button>
    );
  return (
    <div className="stack-tight">
      {!!start.error && <ProblemNote error={start.error} focus />}
      <Select
        label={t`What for`}
        value={activity}
        onChange={setActivity}
        options={options(activityWords, ACTIVITIES)}
      />
      <div className="row">
        <Button small look="primary" isPending={start.saving} onPress={() => start.save(activity)}>
          <Trans>Start</Trans>
        </Button>
        <Button small look="quiet" onPress={() => setAsking(false)}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </div>
  );
}
