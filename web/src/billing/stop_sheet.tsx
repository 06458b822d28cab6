// Stopping the clock: keep the minutes, fewer of them, or none.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { call, client } from '../api/client';
import { refreshPatient } from '../api/queries';
import { useSave } from '../app/save';
import { Button } from '../ui/button';
import { Select, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { Sheet } from '../ui/sheet';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { options } from '../ui/words';
import { ranMinutes } from './clock';
import { refreshTimer } from './timer';
import { ACTIVITIES, activityWords, minutesWords, notCounted } from './words';

export default function StopSheet({
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
