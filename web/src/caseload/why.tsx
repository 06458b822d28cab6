// Why this line is here: the rule, its evidence, its source; and "not now", with until and why.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, Fragment, lazy, Suspense, useState } from 'react';
import { call, client, create } from '../api/client';
import { attentionQuery, refreshPatient } from '../api/queries';
import type { CaseloadRow, Line } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { addDays, shortDate } from '../ui/dates';
import { DateField, TextField } from '../ui/field';
import { ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { roleWords, ruleWords, word } from '../ui/words';
import './why.css';

const TaskOfLine = lazy(() =>
  import('../tasks/task_forms').then((module) => ({ default: module.TaskOfLine })),
);
const DAYS_OFF = 7;

/** Takes "not now" back; a failure is said, because the line stays away otherwise. */
async function withdraw(episode: string, rule: string, patient: string) {
  try {
    await call(
      client.POST('/api/v1/episodes/{episode_id}/deferrals/withdraw', {
        params: { path: { episode_id: episode } },
        body: { rule },
      }),
    );
    say(t`It is back.`);
  } catch {
    say(t`It could not be taken back. It stays put off.`);
  }
  await refreshPatient(patient);
}

function NotNow({
  line,
  patient,
  episode,
  today,
}: {
  line: Line;
  patient: string;
  episode: string;
  today: string;
}) {
  const [open, setOpen] = useState(false);
  const [until, setUntil] = useState(addDays(today, DAYS_OFF));
  const [reason, setReason] = useState('');
  const path = `/api/v1/episodes/${episode}/deferrals`;
  const defer = useSave(
    (body: { rule: string; until: string; reason: string }) =>
      create(path, body, (key) =>
        client.POST('/api/v1/episodes/{episode_id}/deferrals', {
          params: { path: { episode_id: episode }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Put off until ${shortDate(until, today)}. It stays on the patient's page.`, {
        label: t`Undo`,
        act: () => withdraw(episode, line.rule, patient),
      });
      await refreshPatient(patient);
    },
  );
  if (!open)
    return (
      <Button small onPress={() => setOpen(true)}>
        <Trans>Not now</Trans>
      </Button>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    defer.save({ rule: line.rule, until, reason });
  };
  return (
    <form className="not-now" onSubmit={submit}>
      {!!defer.error && <ProblemNote error={defer.error} focus />}
      <DateField label={t`Not before`} value={until} onChange={setUntil} min={addDays(today, 1)} required />
      <TextField label={t`Because`} value={reason} onChange={setReason} required autoFocus />
      <div className="row">
        <Button look="primary" type="submit" isPending={defer.saving}>
          <Trans>Put off</Trans>
        </Button>
        <Button look="quiet" onPress={() => setOpen(false)}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}

export function Why({
  line,
  patient,
  episode,
  today,
}: {
  line: Line;
  patient: string;
  episode?: string | null;
  today: string;
}) {
  const { can } = useHere();
  const [tasking, setTasking] = useState(false);
  return (
    <div className="why">
      <dl className="facts">
        <dt>
          <Trans>Rule</Trans>
        </dt>
        <dd>
          {word(ruleWords, line.rule)} <span className="soft small">{line.rule}</span>
        </dd>
        <dt>
          <Trans>Owner</Trans>
        </dt>
        <dd>
          {line.owner
            .split(/[ ,+]+/)
            .map((role) => word(roleWords, role))
            .join(', ')}
        </dd>
        <dt>
          <Trans>Evidence</Trans>
        </dt>
        <dd>
          {line.evidence.length === 0 && '–'}
          <ul>
            {line.evidence.map((item) => (
              <li key={item.kind + (item.id ?? '') + (item.date ?? '') + item.text}>
                {item.date && (
                  <>
                    <When date={item.date} today={today} />{' '}
                  </>
                )}
                {item.text}
              </li>
            ))}
          </ul>
        </dd>
        <dt>
          <Trans>Source</Trans>
        </dt>
        <dd>{line.citation}</dd>
      </dl>
      {episode && can('attention.defer') && !line.rule.startsWith('safety.') && !line.deferred_until && (
        <NotNow line={line} patient={patient} episode={episode} today={today} />
      )}
      {episode && can('attention.defer') && line.deferred_until && (
        <Button small onPress={() => void withdraw(episode, line.rule, patient)}>
          <Trans>Bring it back now</Trans>
        </Button>
      )}
      {can('checkins.write') && ['measure.stale', 'pathway.measure'].includes(line.rule) && (
        <LinkButton small to="/patients/$patient" params={{ patient }} search={{ do: 'check_in' }}>
          <Trans>Send a check-in</Trans>
        </LinkButton>
      )}
      {episode &&
        can('tasks.write') &&
        line.rule !== 'task.due' &&
        (tasking ? (
          <Suspense fallback={null}>
            <TaskOfLine
              line={line}
              episode={episode}
              patient={patient}
              today={today}
              onDone={() => setTasking(false)}
            />
          </Suspense>
        ) : (
          <Button small onPress={() => setTasking(true)}>
            <Trans>Make it a task</Trans>
          </Button>
        ))}
    </div>
  );
}

/** Every line of a caseload row with its reasons, asked for when the row is opened. */
export function WhyLines({ row, today }: { row: CaseloadRow; today: string }) {
  const lines = useQuery(attentionQuery(row.patient_id));
  if (lines.error) return <ProblemNote error={lines.error} />;
  if (!lines.data) return <p className="soft">{row.why?.text}</p>;
  return lines.data.items
    .filter((line) => !line.deferred_until)
    .map((line, index) => (
      <Fragment key={line.rule + line.text}>
        {index > 0 && <p className="strong detail-title">{line.text}</p>}
        <Why line={line} patient={row.patient_id} episode={row.episode_id} today={today} />
      </Fragment>
    ));
}
