// Why this line is here: the rule, its evidence, its source; and "not now", with until and why.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, Fragment, useState } from 'react';
import { client, create } from '../api/client';
import { attentionQuery, refreshPatient } from '../api/queries';
import type { CaseloadRow, Line } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { addDays, shortDate } from '../ui/dates';
import { DateField, TextField } from '../ui/field';
import { ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { roleWords, ruleWords, word } from '../ui/words';
import './why.css';

const DAYS_OFF = 7;

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
      say(t`Put off until ${shortDate(until, today)}. It stays on the patient's page.`);
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
    </div>
  );
}

/** Every line of a caseload row with its reasons, asked for when the row is opened. */
export function WhyLines({ row, today }: { row: CaseloadRow; today: string }) {
  const lines = useQuery(attentionQuery(row.patient_id));
  if (lines.error) return <ProblemNote error={lines.error} />;
  if (!lines.data) return <p className="soft">{row.attention[0]?.text}</p>;
  return lines.data.items
    .filter((line) => !line.deferred_until)
    .map((line, index) => (
      <Fragment key={line.rule + line.text}>
        {index > 0 && <p className="strong detail-title">{line.text}</p>}
        <Why line={line} patient={row.patient_id} episode={row.episode_id} today={today} />
      </Fragment>
    ));
}
