// Other conditions and allergies: what the plan must not forget.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client, create, ifMatch, readHeaders } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Allergy, Condition } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { DateField, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, type Words, word } from '../ui/words';

const clinicalStatusWords: Words = {
  active: msg`Active`,
  recurrence: msg`Recurrence`,
  relapse: msg`Relapse`,
  inactive: msg`Inactive`,
  remission: msg`In remission`,
  resolved: msg`Resolved`,
};
const categoryWords: Words = {
  medication: msg`Medication`,
  food: msg`Food`,
  environment: msg`Environment`,
  biologic: msg`Biologic`,
};
const criticalityWords: Words = {
  low: msg`Low risk`,
  high: msg`High risk`,
  'unable-to-assess': msg`Risk not known`,
};

interface Props {
  patient: string;
  today: string;
}

export function ConditionsAndAllergies({ patient, today }: Props) {
  return (
    <div className="stack">
      <Allergies patient={patient} today={today} />
      <hr />
      <Conditions patient={patient} today={today} />
    </div>
  );
}

function Allergies({ patient, today }: Props) {
  const { can } = useHere();
  const list = useQuery({
    queryKey: ['patient', patient, 'allergies'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/allergies', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Allergy | null>(null);
  const [substance, setSubstance] = useState('');
  const [reaction, setReaction] = useState('');
  const [category, setCategory] = useState('medication');
  const [criticality, setCriticality] = useState('unable-to-assess');
  const [reason, setReason] = useState('');
  const add = useSave(
    (body: { substance: string; reaction?: string; category: string; criticality: string }) =>
      create(`${patient}/allergies`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/allergies', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Saved.`);
      setSubstance('');
      setReaction('');
      setAdding(false);
      await refreshPatient(patient);
    },
  );
  const end = useSave(
    (one: Allergy) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/allergies/{allergy_id}/end', {
          params: { path: { patient_id: patient, allergy_id: one.id }, header: ifMatch(one.version) },
          body: { on: today, reason },
        }),
      ),
    async () => {
      say(t`Taken out; the reason is kept.`);
      setEnding(null);
      setReason('');
      await refreshPatient(patient);
    },
  );
  return (
    <section className="stack-tight">
      <h3>
        <Trans>Allergies</Trans>
      </h3>
      {list.isPending && <Skeleton rows={2} widths={[40]} />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <p className="soft">
          <Trans>None recorded. That is not the same as none: ask.</Trans>
        </p>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <li key={one.id} className="row-apart">
            <span className={one.active ? '' : 'gone'}>
              <span className="strong">{one.substance}</span>
              {one.reaction && `, ${one.reaction}`}
              {one.criticality === 'high' && (
                <span className="need-safety hue strong">
                  , {word(criticalityWords, 'high').toLocaleLowerCase()}
                </span>
              )}
              {one.end_reason && <span className="soft">. {one.end_reason}</span>}
            </span>
            {one.active && can('conditions.write') && (
              <Button
                small
                look="quiet"
                onPress={() => setEnding(one)}
                aria-label={t`Take out ${one.substance}`}
              >
                <Trans>Take out</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {ending && (
        <ShortForm
          state={{
            saving: end.saving,
            error: end.error ?? (end.theirs ? t`Somebody else changed this meanwhile.` : null),
          }}
          action={<Trans>Take out</Trans>}
          onSubmit={() => end.save(ending)}
          onCancel={() => setEnding(null)}
        >
          <TextField
            label={t`Why is ${ending.substance} no allergy?`}
            value={reason}
            onChange={setReason}
            required
            autoFocus
            error={issueFor(end.error, 'reason')}
          />
        </ShortForm>
      )}
      {can('conditions.write') &&
        !ending &&
        (adding ? (
          <ShortForm
            state={add}
            action={<Trans>Add</Trans>}
            onSubmit={() =>
              add.save({
                substance: substance.trim(),
                reaction: reaction.trim() || undefined,
                category,
                criticality,
              })
            }
            onCancel={() => setAdding(false)}
          >
            <div className="pair">
              <TextField
                label={t`To what`}
                value={substance}
                onChange={setSubstance}
                required
                autoFocus
                error={issueFor(add.error, 'substance')}
              />
              <TextField label={t`What happens`} value={reaction} onChange={setReaction} />
            </div>
            <Choice
              label={t`Kind`}
              value={category}
              onChange={setCategory}
              options={options(categoryWords)}
            />
            <Choice
              label={t`How dangerous`}
              value={criticality}
              onChange={setCriticality}
              options={options(criticalityWords)}
            />
          </ShortForm>
        ) : (
          <div>
            <Button small onPress={() => setAdding(true)}>
              <Trans>Add an allergy</Trans>
            </Button>
          </div>
        ))}
    </section>
  );
}

function Conditions({ patient, today }: Props) {
  const { can } = useHere();
  const list = useQuery({
    queryKey: ['patient', patient, 'conditions'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/conditions', {
          headers: readHeaders(),
          params: { path: { patient_id: patient } },
        }),
      ),
  });
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState('');
  const [onset, setOnset] = useState('');
  const add = useSave(
    (body: { text: string; onset_date?: string }) =>
      create(`${patient}/conditions`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/conditions', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Saved.`);
      setText('');
      setAdding(false);
      await refreshPatient(patient);
    },
  );
  const end = useSave(
    (one: Condition) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/conditions/{condition_id}/end', {
          params: { path: { patient_id: patient, condition_id: one.id }, header: ifMatch(one.version) },
          body: { on: today },
        }),
      ),
    async () => {
      say(t`Resolved today.`);
      await refreshPatient(patient);
    },
  );
  return (
    <section className="stack-tight">
      <h3>
        <Trans>Other conditions</Trans>
      </h3>
      {list.isPending && <Skeleton rows={2} widths={[40]} />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {(!!end.error || end.theirs) && (
        <ProblemNote error={end.error ?? t`Somebody else changed this meanwhile.`} />
      )}
      {list.data?.items.length === 0 && (
        <p className="soft">
          <Trans>None recorded.</Trans>
        </p>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <li key={one.id} className="row-apart">
            <span className={one.ended_date ? 'gone' : ''}>
              {one.text}{' '}
              <span className="soft small">
                {word(clinicalStatusWords, one.clinical_status).toLocaleLowerCase()}
                {one.onset_date && (
                  <>
                    , <Trans>since</Trans> <When date={one.onset_date} today={today} />
                  </>
                )}
              </span>
            </span>
            {!one.ended_date && can('conditions.write') && (
              <Button
                small
                look="quiet"
                isPending={end.saving}
                onPress={() => end.save(one)}
                aria-label={t`Resolved: ${one.text}`}
              >
                <Trans>Resolved</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {can('conditions.write') &&
        (adding ? (
          <ShortForm
            state={add}
            action={<Trans>Add</Trans>}
            onSubmit={() => add.save({ text: text.trim(), onset_date: onset || undefined })}
            onCancel={() => setAdding(false)}
          >
            <div className="pair">
              <TextField
                label={t`Condition`}
                value={text}
                onChange={setText}
                required
                autoFocus
                error={issueFor(add.error, 'text')}
              />
              <DateField label={t`Since`} value={onset} onChange={setOnset} max={today} />
            </div>
          </ShortForm>
        ) : (
          <div>
            <Button small onPress={() => setAdding(true)}>
              <Trans>Add a condition</Trans>
            </Button>
          </div>
        ))}
    </section>
  );
}
