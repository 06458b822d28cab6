// The forms of a safety event. The level comes from the answers by the server's rule; a clinician may go higher,
// never lower without the consultant.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, call, client, create, ifMatch } from '../api/client';
import { queryClient, summaryQuery } from '../api/queries';
import type { Patient, SafetyEvent } from '../api/types';
import { useSave } from '../app/save';
import { draftBody, emptyDraft, ScoreEntry } from '../measurements/score_entry';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { addDays } from '../ui/dates';
import { Check, DateField, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { modeWords, options, word } from '../ui/words';
import { refreshSafety } from './queries';
import { actionWords, allLevelWords, levelsBelow, levelsFrom } from './words';

interface Props {
  patient: Patient;
  event: SafetyEvent;
  today: string;
  onDone: () => void;
}
export const SCREENER = 'c-ssrs-screener';
/** Reassessment by level, in days (domain.md, Safety): a person may choose sooner. */
export const REASSESS_DAYS: Record<string, number> = { high: 1, moderate: 14, low: 30 };

const at = (patient: Patient, event: SafetyEvent, version: number) => ({
  path: { patient_id: patient.id, safety_event_id: event.id },
  header: ifMatch(version),
});

/** Somebody changed the event meanwhile: said plainly, and the next try stands on what is true now. */
function Meanwhile({ theirs }: { theirs: SafetyEvent | null }) {
  if (!theirs) return null;
  return (
    <p className="note" role="alert">
      <Trans>
        Somebody else changed this while you were writing. Your words are still here; look again, then save.
      </Trans>
    </p>
  );
}

async function storeScreener(patient: Patient, body: NonNullable<ReturnType<typeof draftBody>>) {
  return create(`${patient.id}/measurements`, body, (key) =>
    client.POST('/api/v1/patients/{patient_id}/measurements', {
      params: { path: { patient_id: patient.id }, header: key },
      body,
    }),
  );
}
async function current(patient: Patient, event: SafetyEvent) {
  return call(
    client.GET('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}', {
      params: { path: { patient_id: patient.id, safety_event_id: event.id } },
    }),
  );
}

function useScreener(patient: Patient, form: string) {
  const [how, setHow] = useState<'screener' | 'otherwise'>('screener');
  const [draft, setDraft] = useState(() => emptyDraft(SCREENER));
  const [mode, setMode] = useState('phone');
  const [asked, setAsked] = useState(form);
  const [otherwise, setOtherwise] = useState('');
  const [level, setLevel] = useState('');
  const fields = (levels: string[], error: unknown, missing: boolean) => (
    <>
      <Choice
        label={t`How`}
        value={how}
        onChange={(value) => setHow(value as 'screener')}
        options={[
          { value: 'screener', label: t`With the C-SSRS screener` },
          { value: 'otherwise', label: t`Without it` },
        ]}
      />
      {how === 'screener' ? (
        <>
          <div className="pair">
            <Choice
              label={t`Asked`}
              value={mode}
              onChange={setMode}
              options={options(modeWords, ['phone', 'in_person', 'video'])}
            />
            <Choice
              label={t`About`}
              value={asked}
              onChange={setAsked}
              options={[
                { value: 'recent', label: t`the past month` },
                { value: 'since_last_contact', label: t`since last contact` },
              ]}
            />
          </div>
          <ScoreEntry
            draft={draft}
            onChange={setDraft}
            pick={false}
            language={patient.language ?? 'en'}
            error={missing ? t`Ask and enter the questions first.` : issueFor(error, 'answers')}
          />
        </>
      ) : (
        <>
          <TextField
            label={t`Why without, and how instead`}
            value={otherwise}
            onChange={setOtherwise}
            required
            error={issueFor(error, 'assessed_otherwise')}
          />
          <Choice
            label={t`Level`}
            hint={t`High: plan or intent, or behavior within 3 months. Moderate: a method in mind, or behavior longer ago. Low: thoughts only.`}
            value={level}
            onChange={setLevel}
            options={options(allLevelWords, levels)}
            error={issueFor(error, 'level')}
          />
        </>
      )}
    </>
  );
  const body = (date: string) =>
    draftBody(draft, { mode, language: patient.language ?? 'en', administered_date: date });
  return { how, asked, otherwise, level, fields, body };
}

export function AssessForm({ patient, event, today, onDone }: Props) {
  const screener = useScreener(patient, 'recent');
  const [missing, setMissing] = useState(false);
  const [stored, setStored] = useState<string | null>(null);
  const assess = useSave(
    async (body: ReturnType<typeof screener.body>) => {
      let version = event.version;
      if (!event.acknowledged_at) {
        // Whoever assesses has it; the trail says so first.
        const taken = await call(
          client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/acknowledge', {
            params: at(patient, event, version),
            body: {},
          }),
        );
        version = taken.version;
      }
      if (screener.how === 'otherwise')
        return call(
          client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/assess', {
            params: at(patient, event, version),
            body: { assessed_otherwise: screener.otherwise.trim(), level: screener.level },
          }),
        );
      const measurement = stored ?? (await storeScreener(patient, body!)).id;
      setStored(measurement);
      // A positive screener by the holder is the assessment already.
      const now = await current(patient, event);
      if (now.assessment_id === measurement) return now;
      return call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/assess', {
          params: at(patient, event, now.version),
          body: { measurement_id: measurement, form: screener.asked },
        }),
      );
    },
    async (saved) => {
      await refreshSafety(patient.id);
      const level = word(allLevelWords, saved.level).toLocaleLowerCase();
      say(t`Assessed: level ${level}. Record what was done, then close.`);
      onDone();
    },
  );
  return (
    <form
      className="stack"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        const body = screener.how === 'screener' ? screener.body(today) : null;
        const lacks = screener.how === 'screener' && !body;
        setMissing(lacks);
        if (!lacks) assess.save(body);
      }}
    >
      {!!assess.error && <ProblemNote error={assess.error} focus />}
      <Meanwhile theirs={assess.theirs as unknown as SafetyEvent | null} />
      {screener.fields(levelsFrom('none'), assess.error, missing)}
      <div>
        <Button
          look="safety"
          type="submit"
          isPending={assess.saving}
          isDisabled={screener.how === 'otherwise' && !screener.level}
        >
          <Trans>Save the assessment</Trans>
        </Button>
      </div>
    </form>
  );
}

export function ActionForm({ patient, event, onDone }: Props) {
  const [action, setAction] = useState('');
  const [note, setNote] = useState('');
  const add = useSave(
    ({ version, ...body }: { version: number; action: string; note?: string }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/actions', {
          params: at(patient, event, version),
          body,
        }),
      ),
    async () => {
      setAction('');
      setNote('');
      await refreshSafety(patient.id);
      onDone();
    },
  );
  const theirs = add.theirs as unknown as SafetyEvent | null;
  return (
    <form
      className="stack-tight"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        add.save({ version: theirs?.version ?? event.version, action, note: note.trim() || undefined });
      }}
    >
      {!!add.error && <ProblemNote error={add.error} focus />}
      <Meanwhile theirs={theirs} />
      <Choice
        label={t`Add what was done`}
        hideLabel
        value={action}
        onChange={setAction}
        options={options(actionWords)}
        error={issueFor(add.error, 'action')}
      />
      {action && (
        <>
          <TextField
            label={action === 'other' ? t`What` : t`Words (optional)`}
            value={note}
            onChange={setNote}
            required={action === 'other'}
            error={issueFor(add.error, 'note')}
          />
          <div>
            <Button type="submit" isPending={add.saving}>
              <Trans>Add it</Trans>
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

export function CloseForm({ patient, event, today, onDone }: Props) {
  const [level, setLevel] = useState(event.level ?? '');
  const [disposition, setDisposition] = useState('');
  const days = REASSESS_DAYS[event.level ?? ''];
  const [reassess, setReassess] = useState(days ? addDays(today, days) : '');
  const close = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/close', {
          params: at(patient, event, version),
          body: { level, disposition: disposition.trim(), reassess_date: reassess || undefined },
        }),
      ),
    async () => {
      await refreshSafety(patient.id);
      say(t`Assessed and closed. The next look is on the list.`);
      onDone();
    },
  );
  const theirs = close.theirs as unknown as SafetyEvent | null;
  return (
    <ShortForm
      state={close}
      action={<Trans>Sign and close</Trans>}
      disabled={!level}
      onSubmit={() => close.save(theirs?.version ?? event.version)}
    >
      <Meanwhile theirs={theirs} />
      <Choice
        label={t`Level that stands`}
        hint={t`You may go higher. Lower needs the psychiatric consultant.`}
        value={level}
        onChange={(value) => {
          setLevel(value);
          const next = REASSESS_DAYS[value];
          setReassess(next ? addDays(today, next) : '');
        }}
        options={options(allLevelWords, levelsFrom(event.level))}
        error={issueFor(close.error, 'level')}
      />
      <TextArea
        label={t`What was found and decided`}
        hint={t`Your words become part of the record: what was asked, plan, means safety, who was told.`}
        value={disposition}
        onChange={setDisposition}
        rows={4}
        required
        error={issueFor(close.error, 'disposition')}
      />
      {level !== 'none' && (
        <DateField
          label={t`Look again on`}
          value={reassess}
          onChange={setReassess}
          min={today}
          error={issueFor(close.error, 'reassess_date')}
        />
      )}
    </ShortForm>
  );
}

export function ReassessForm({ patient, event, today, onDone }: Props) {
  const screener = useScreener(patient, 'since_last_contact');
  const [note, setNote] = useState('');
  const [next, setNext] = useState('');
  const [ends, setEnds] = useState(false);
  const [missing, setMissing] = useState(false);
  const [stored, setStored] = useState<string | null>(null);
  const navigate = useNavigate();
  const save = useSave(
    async (body: ReturnType<typeof screener.body>) => {
      let measurement = stored;
      if (screener.how === 'screener' && !measurement) {
        measurement = (await storeScreener(patient, body!)).id;
        setStored(measurement);
      }
      const now = await current(patient, event);
      const send = (level: string | undefined) =>
        call(
          client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/reassessments', {
            params: at(patient, event, now.version),
            body: {
              ...(measurement
                ? { measurement_id: measurement, form: screener.asked, level }
                : { assessed_otherwise: screener.otherwise.trim(), level: screener.level }),
              note: note.trim() || undefined,
              next_date: next || undefined,
              ends: ends || undefined,
            },
          }),
        );
      // The level that stands is kept, unless the answers say more.
      const saved = await send(now.level ?? undefined).catch((error) => {
        if (measurement && error instanceof ApiError && error.status === 422 && issueFor(error, 'level'))
          return send(undefined);
        throw error;
      });
      return { saved, measurement };
    },
    async ({ saved, measurement }) => {
      await refreshSafety(patient.id);
      const level = word(allLevelWords, saved.level).toLocaleLowerCase();
      const summary = await queryClient.fetchQuery(summaryQuery(patient.id));
      const raised = summary.safety_events.find(
        (one) => !one.closed_at && one.measurement_id === measurement,
      );
      if (measurement && raised) {
        // Answers that are positive again are a signal of their own, with its own clock and its own ending.
        say(t`Reassessed: level ${level}. The answers are a new signal; it is open with its own clock.`);
        await navigate({
          to: '/patients/$patient/safety',
          params: { patient: patient.id },
          search: { event: raised.id },
        });
      } else say(t`Reassessed: level ${level}.`);
      onDone();
    },
  );
  const mayEnd = ['none', 'low'].includes(event.level ?? '');
  return (
    <form
      className="stack"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        const body = screener.how === 'screener' ? screener.body(today) : null;
        const lacks = screener.how === 'screener' && !body && !stored;
        setMissing(lacks);
        if (!lacks) save.save(body);
      }}
    >
      {!!save.error && <ProblemNote error={save.error} focus />}
      <Meanwhile theirs={save.theirs as unknown as SafetyEvent | null} />
      {screener.fields(levelsFrom(event.level), save.error, missing)}
      {event.level && event.level !== 'none' && (
        <p className="small soft">
          <Trans>
            The level stays {word(allLevelWords, event.level).toLocaleLowerCase()} or goes up by the answers.
            Going down needs the psychiatric consultant.
          </Trans>
        </p>
      )}
      <TextArea label={t`Note`} value={note} onChange={setNote} error={issueFor(save.error, 'note')} />
      {mayEnd && (
        <Check label={t`This was the last look; the follow-up ends`} value={ends} onChange={setEnds} />
      )}
      {!ends && (
        <DateField
          label={t`Next look (optional)`}
          hint={t`Left empty, Concord sets it by the level.`}
          value={next}
          onChange={setNext}
          min={today}
          error={issueFor(save.error, 'next_date')}
        />
      )}
      <div className="row">
        <Button look="primary" type="submit" isPending={save.saving}>
          <Trans>Save the reassessment</Trans>
        </Button>
        <Button look="quiet" onPress={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}

export function StepDownForm({ patient, event, onDone }: Props) {
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const ask = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/step-down', {
          params: at(patient, event, version),
          body: { to_level: to, reason: reason.trim() },
        }),
      ),
    async () => {
      await refreshSafety(patient.id);
      say(t`The consultant is asked. The level stays until there is an answer.`);
      onDone();
    },
  );
  const theirs = ask.theirs as unknown as SafetyEvent | null;
  return (
    <ShortForm
      state={ask}
      action={<Trans>Ask the consultant</Trans>}
      disabled={!to}
      onSubmit={() => ask.save(theirs?.version ?? event.version)}
      onCancel={onDone}
    >
      <Meanwhile theirs={theirs} />
      <Choice
        label={t`Lower it to`}
        value={to}
        onChange={setTo}
        options={options(allLevelWords, levelsBelow(event.level))}
        error={issueFor(ask.error, 'to_level')}
      />
      <TextArea
        label={t`Why it is safe to lower it`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(ask.error, 'reason')}
      />
    </ShortForm>
  );
}

export function AnswerStepDown({ patient, event, onDone }: Props) {
  const [declines, setDeclines] = useState(false);
  const [reason, setReason] = useState('');
  const answer = useSave(
    ({ version, ...body }: { version: number; agree: boolean; reason?: string }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/step-down/answer', {
          params: at(patient, event, version),
          body,
        }),
      ),
    async () => {
      await refreshSafety(patient.id);
      say(t`Answered. The care manager sees it.`);
      onDone();
    },
  );
  const theirs = answer.theirs as unknown as SafetyEvent | null;
  const version = theirs?.version ?? event.version;
  return (
    <form
      className="stack-tight"
      onSubmit={(submitted) => {
        submitted.preventDefault();
        answer.save({ version, agree: false, reason: reason.trim() });
      }}
    >
      {!!answer.error && <ProblemNote error={answer.error} focus />}
      <Meanwhile theirs={theirs} />
      {declines ? (
        <>
          <TextField
            label={t`Why not`}
            value={reason}
            onChange={setReason}
            required
            autoFocus
            error={issueFor(answer.error, 'reason')}
          />
          <div className="row">
            <Button look="primary" type="submit" isPending={answer.saving}>
              <Trans>Do not lower it</Trans>
            </Button>
            <Button look="quiet" onPress={() => setDeclines(false)}>
              <Trans>Back</Trans>
            </Button>
          </div>
        </>
      ) : (
        <div className="row">
          <Button
            look="primary"
            isPending={answer.saving}
            onPress={() => answer.save({ version, agree: true })}
          >
            <Trans>Agree</Trans>
          </Button>
          <Button onPress={() => setDeclines(true)}>
            <Trans>Do not agree</Trans>
          </Button>
        </div>
      )}
    </form>
  );
}
