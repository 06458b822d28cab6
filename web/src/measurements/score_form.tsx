// A score outside of a contact, or the correction of one. A correction keeps the original.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useState } from 'react';
import { client, create } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Measurement } from '../api/types';
import { useSave } from '../app/save';
import { Button } from '../ui/button';
import { DateField, Select, TextField } from '../ui/field';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { informantWords, instrumentName, languageWords, modeWords, options, severityWord } from '../ui/words';
import { draftBody, emptyDraft, type ScoreDraft, ScoreEntry } from './score_entry';

const MODES = ['in_person', 'phone', 'video', 'paper', 'tablet'];
/** Modes a person may state; an imported one stays as it is. */
const ENTERED = [...MODES, 'link', 'portal', 'unknown'];

function draftFrom(measurement: Measurement): ScoreDraft {
  if (measurement.answers.length === 0)
    return {
      ...emptyDraft(measurement.instrument),
      how: 'total',
      total: measurement.total == null ? '' : String(measurement.total),
    };
  return {
    ...emptyDraft(measurement.instrument),
    answers: Object.fromEntries(measurement.answers.map((answer) => [answer.item, answer.value ?? null])),
  };
}

export function savedWords(measurement: Measurement) {
  const name = instrumentName(measurement.instrument);
  if (!measurement.valid) return t`${name} stored, too many answers missing for a score.`;
  return `${[`${name}: ${measurement.total}`, severityWord(measurement.severity)].filter(Boolean).join(', ')}.`;
}

export function ScoreForm({
  patient,
  instrument,
  corrects,
  today,
  onDone,
}: {
  patient: string;
  instrument: string;
  corrects?: Measurement;
  today: string;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState(() => (corrects ? draftFrom(corrects) : emptyDraft(instrument)));
  const [mode, setMode] = useState(corrects?.mode ?? 'in_person');
  const [informant, setInformant] = useState(corrects?.informant ?? 'self');
  const [language, setLanguage] = useState(corrects?.language ?? 'en');
  const [date, setDate] = useState(corrects?.administered_date ?? today);
  const [reason, setReason] = useState('');
  const [nothing, setNothing] = useState(false);

  const save = useSave(
    (body: NonNullable<ReturnType<typeof draftBody>>): Promise<Measurement> => {
      const path = { patient_id: patient };
      if (corrects) {
        const withReason = { ...body, reason };
        return create(`${patient}/${corrects.id}`, withReason, (key) =>
          client.POST('/api/v1/patients/{patient_id}/measurements/{measurement_id}/corrections', {
            params: { path: { ...path, measurement_id: corrects.id }, header: key },
            body: withReason,
          }),
        );
      }
      return create(`${patient}/measurements`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/measurements', { params: { path, header: key }, body }),
      );
    },
    async (measurement) => {
      await refreshPatient(patient);
      say(savedWords(measurement));
      onDone();
    },
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = draftBody(draft, {
      mode: ENTERED.includes(mode) ? mode : undefined,
      informant,
      language,
      administered_date: date,
    });
    setNothing(!body);
    if (body) save.save(body);
  };
  return (
    <form className="stack" onSubmit={submit}>
      {!!save.error && <ProblemNote error={save.error} focus />}
      {corrects && (
        <p>
          <Trans>The original stays in the record, marked as corrected.</Trans>
        </p>
      )}
      <div className="pair">
        <DateField
          label={t`Filled in on`}
          value={date}
          onChange={setDate}
          max={today}
          required
          error={issueFor(save.error, 'administered_date')}
        />
        <Select
          label={t`How`}
          value={mode}
          onChange={setMode}
          options={options(modeWords, MODES.includes(mode) ? MODES : [...MODES, mode])}
        />
        <Select
          label={t`Answered by`}
          value={informant}
          onChange={setInformant}
          options={options(informantWords)}
        />
        <Select label={t`In`} value={language} onChange={setLanguage} options={options(languageWords)} />
      </div>
      <ScoreEntry
        draft={draft}
        onChange={setDraft}
        pick={!corrects}
        language={language}
        error={
          nothing
            ? t`Enter the answers or the total.`
            : (issueFor(save.error, 'total') ?? issueFor(save.error, 'answers'))
        }
      />
      {corrects && (
        <TextField
          label={t`Why is it corrected?`}
          value={reason}
          onChange={setReason}
          required
          error={issueFor(save.error, 'reason')}
        />
      )}
      <div className="sheet-foot">
        <Button look="primary" type="submit" isPending={save.saving}>
          <Trans>Save</Trans>
        </Button>
        <Button look="quiet" onPress={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}
