// The clock is the server's: a reload, another page or another browser loses nothing. One per person.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { call, client, create } from '../api/client';
import { queryClient } from '../api/queries';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Select } from '../ui/field';
import { ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { options } from '../ui/words';
import { clockText } from './clock';
import { timerQuery } from './queries';
import { ACTIVITIES, activityWord, activityWords } from './words';
import './billing.css';

export const StopSheet = lazy(() => import('./stop_sheet'));

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
      {stopping && (
        <Suspense fallback={null}>
          <StopSheet running={running} onClose={() => setStopping(false)} />
        </Suspense>
      )}
    </div>
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
