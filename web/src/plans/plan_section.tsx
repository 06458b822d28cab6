// A plan and what may be done with it now: write, ask the patient, put into effect, write anew, end.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type ReactNode, useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Plan, PlanContent, PlanVersion, Summary } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { Conflict } from '../ui/conflict';
import { DateField, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { PrintIcon } from '../ui/icons';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, word } from '../ui/words';
import { mayTakeEffect, type PlanDraft, type PlanKind, planBody, planDraft, shownVersions } from './content';
import { PlanFields } from './plan_form';
import { PlanWords, ViewLine } from './plan_words';
import { planPartWords, versionStateWords, viewWords } from './words';

interface Props {
  kind: PlanKind;
  plan: Plan | undefined;
  summary: Summary;
  today: string;
}
type Doing = null | 'write' | 'edit' | 'version' | 'view' | 'end';

export function PlanSection({ kind, plan, summary, today }: Props) {
  const { can } = useHere();
  const [doing, setDoing] = useState<Doing>(null);
  const writes = can('plans.write');
  const name = summary.patient.given_name;
  const done = () => setDoing(null);
  if (!plan) {
    if (doing === 'write')
      return (
        <WritePlan
          kind={kind}
          patient={summary.patient.id}
          language={summary.patient.language ?? 'en'}
          today={today}
          onDone={done}
        />
      );
    return (
      <div className="plan-none">
        <p className="soft">
          {kind === 'care_plan'
            ? t`No plan yet. It starts with what ${name} wants.`
            : t`No relapse-prevention plan yet. Write it together when ${name} is well.`}
        </p>
        {writes && (
          <Button look={kind === 'care_plan' ? 'primary' : 'plain'} onPress={() => setDoing('write')}>
            <Trans>Write it together</Trans>
          </Button>
        )}
      </div>
    );
  }
  const { current, draft } = shownVersions(plan);
  const forms: Record<Exclude<Doing, null | 'write'>, () => ReactNode> = {
    edit: () => <EditPlan plan={plan} kind={kind} summary={summary} today={today} onDone={done} />,
    version: () => <NewVersion plan={plan} kind={kind} summary={summary} today={today} onDone={done} />,
    view: () => <AskView plan={plan} summary={summary} today={today} onDone={done} />,
    end: () => <EndPlan plan={plan} summary={summary} today={today} onDone={done} />,
  };
  if (doing && doing !== 'write') return forms[doing]();
  const older = (plan.versions ?? []).filter(
    (one) => one.plan_version !== current?.plan_version && one.plan_version !== draft?.plan_version,
  );
  return (
    <div className="stack">
      {draft && (
        <article className={current ? 'plan-draft' : ''}>
          <DraftHead plan={plan} draft={draft} summary={summary} today={today} onDoing={setDoing} />
          <PlanWords kind={kind} version={draft} today={today} />
        </article>
      )}
      {current && (
        <article>
          <div className="row-apart plan-state">
            <div>
              <p>
                <span className="strong">{word(versionStateWords, current.state)}</span>
                {current.effective_date && (
                  <span className="soft">
                    {' '}
                    <Trans>
                      since <When date={current.effective_date} today={today} />
                    </Trans>
                  </span>
                )}
              </p>
              <ViewLine version={current} name={name} today={today} />
            </div>
            <div className="row no-print">
              <LinkButton
                small
                to="/patients/$patient/paper/$what"
                params={{ patient: summary.patient.id, what: kind === 'care_plan' ? 'plan' : 'relapse' }}
              >
                <PrintIcon />
                <Trans>For {name}</Trans>
              </LinkButton>
              {writes && !draft && (
                <>
                  <Button small onPress={() => setDoing('version')}>
                    <Trans>New version</Trans>
                  </Button>
                  <Button small look="quiet" onPress={() => setDoing('view')}>
                    <Trans>Ask again</Trans>
                  </Button>
                </>
              )}
              {writes && plan.status === 'open' && (
                <Button small look="quiet" onPress={() => setDoing('end')}>
                  <Trans>End</Trans>
                </Button>
              )}
            </div>
          </div>
          {draft ? (
            <details>
              <summary>
                <Trans>Read the plan in effect</Trans>
              </summary>
              <PlanWords kind={kind} version={current} today={today} />
            </details>
          ) : (
            <PlanWords kind={kind} version={current} today={today} />
          )}
        </article>
      )}
      {older.length > 0 && <Older kind={kind} versions={older} today={today} name={name} />}
    </div>
  );
}

function Older({
  kind,
  versions,
  today,
  name,
}: {
  kind: PlanKind;
  versions: PlanVersion[];
  today: string;
  name: string;
}) {
  return (
    <details className="plan-older">
      <summary className="soft">
        <Trans>Earlier versions</Trans> ({versions.length})
      </summary>
      {versions.map((version) => (
        <details key={version.plan_version} className="plan-version">
          <summary>
            <Trans>Version {version.plan_version}</Trans>,{' '}
            {word(versionStateWords, version.state).toLocaleLowerCase()}
            {version.written_date && (
              <span className="soft">
                , <When date={version.written_date} today={today} /> {version.written_by?.name}
              </span>
            )}
            {version.reason && <span className="soft">: {version.reason}</span>}
          </summary>
          <ViewLine version={version} name={name} today={today} />
          <PlanWords kind={kind} version={version} today={today} />
        </details>
      ))}
    </details>
  );
}

function DraftHead({
  plan,
  draft,
  summary,
  today,
  onDoing,
}: {
  plan: Plan;
  draft: PlanVersion;
  summary: Summary;
  today: string;
  onDoing: (doing: Doing) => void;
}) {
  const { can } = useHere();
  const name = summary.patient.given_name;
  const effect = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/plans/{plan_id}/effect', {
          params: { path: { patient_id: summary.patient.id, plan_id: plan.id }, header: ifMatch(version) },
          body: { on: today },
        }),
      ),
    async () => {
      say(t`The plan is in effect.`);
      await refreshPatient(summary.patient.id);
    },
  );
  const asked = draft.patient_view !== 'not_asked';
  const ready = mayTakeEffect(draft);
  const writes = can('plans.write');
  return (
    <div className="plan-head">
      <div className="row-apart plan-state">
        <div>
          <p>
            <span className="strong">{word(versionStateWords, 'draft')}</span>
            <span className="soft">
              {draft.written_date && (
                <>
                  {' '}
                  <Trans>
                    of <When date={draft.written_date} today={today} />
                  </Trans>
                </>
              )}
              {draft.written_by && `, ${draft.written_by.name}`}
              {draft.reason && `: ${draft.reason}`}
            </span>
          </p>
          <ViewLine version={draft} name={name} today={today} />
        </div>
        {writes && (
          <div className="row no-print">
            <Button small look={asked ? 'plain' : 'primary'} onPress={() => onDoing('view')}>
              {asked ? <Trans>Ask again</Trans> : <Trans>Ask {name}</Trans>}
            </Button>
            <Button
              small
              look={ready ? 'primary' : 'plain'}
              isPending={effect.saving}
              onPress={() => effect.save(plan.version)}
            >
              <Trans>Put into effect</Trans>
            </Button>
            <Button small look="quiet" onPress={() => onDoing(asked ? 'version' : 'edit')}>
              {asked ? <Trans>New version</Trans> : <Trans>Edit</Trans>}
            </Button>
            <LinkButton
              small
              look="quiet"
              to="/patients/$patient/paper/$what"
              params={{
                patient: summary.patient.id,
                what: plan.kind === 'relapse_prevention' ? 'relapse' : 'plan',
              }}
              search={{ draft: true }}
            >
              <Trans>To read</Trans>
            </LinkButton>
          </div>
        )}
      </div>
      {(!!effect.error || effect.theirs) && (
        <div className="stack-tight">
          <ProblemNote error={effect.error ?? t`Somebody else changed this meanwhile.`} focus />
          {!ready && (
            <div>
              <Button small onPress={() => onDoing('view')}>
                <Trans>Ask {name} now</Trans>
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

function WritePlan({
  kind,
  patient,
  language,
  today,
  onDone,
}: {
  kind: PlanKind;
  patient: string;
  language: string;
  today: string;
  onDone: () => void;
}) {
  const [draft, setDraft] = useState(() => planDraft(undefined, language));
  const save = useSave(
    (body: { kind: PlanKind; language: string; content: PlanContent }) =>
      create(`${patient}/plans`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/plans', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      say(t`Draft kept. Now ask what the patient thinks of it.`);
      await refreshPatient(patient);
      onDone();
    },
  );
  return (
    <ShortForm
      state={save}
      action={<Trans>Keep the draft</Trans>}
      onSubmit={() => save.save({ kind, language: draft.language, content: planBody(draft, kind) })}
      onCancel={onDone}
    >
      <PlanFields kind={kind} draft={draft} onChange={setDraft} error={save.error} today={today} />
    </ShortForm>
  );
}

interface FormProps {
  plan: Plan;
  summary: Summary;
  today: string;
  onDone: () => void;
}

/** The texts of two drafts beside each other; lists are kept as they are typed. */
function conflictFields(theirs: PlanDraft, yours: PlanDraft, kind: PlanKind) {
  const names =
    kind === 'care_plan'
      ? (['wants', 'preferences', 'values', 'supports', 'barriers'] as const)
      : (['warning_signs', 'helps', 'maintenance', 'way_back'] as const);
  return names.map((key) => ({
    key,
    label: word(planPartWords, key),
    theirs: theirs[key],
    yours: yours[key],
    joinable: true,
  }));
}

/** The plan as it was when the form was opened: a live update must not make somebody else's words look read. */
function useBefore(plan: Plan) {
  const [before] = useState(plan);
  return before;
}

function EditPlan({ plan: now, kind, summary, today, onDone }: FormProps & { kind: PlanKind }) {
  const plan = useBefore(now);
  const newest = plan.newest!;
  const [draft, setDraft] = useState(() => planDraft(newest.content, newest.language));
  const save = useSave(
    ({ version, values }: { version: number; values: PlanDraft }) =>
      call(
        client.PATCH('/api/v1/patients/{patient_id}/plans/{plan_id}', {
          params: { path: { patient_id: summary.patient.id, plan_id: plan.id }, header: ifMatch(version) },
          body: { language: values.language, content: planBody(values, kind) },
        }),
      ),
    async () => {
      say(t`Saved.`);
      await refreshPatient(summary.patient.id);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Plan | null;
  if (theirs?.newest) {
    const other = planDraft(theirs.newest.content, theirs.newest.language);
    return (
      <Conflict
        fields={conflictFields(other, draft, kind)}
        onResolve={(values) => {
          const merged = { ...draft, ...values } as PlanDraft;
          setDraft(merged);
          save.save({ version: theirs.version, values: merged });
        }}
        onCancel={save.reset}
      />
    );
  }
  return (
    <ShortForm
      state={save}
      action={<Trans>Save the draft</Trans>}
      onSubmit={() => save.save({ version: plan.version, values: draft })}
      onCancel={onDone}
    >
      <PlanFields kind={kind} draft={draft} onChange={setDraft} error={save.error} today={today} />
    </ShortForm>
  );
}

function NewVersion({ plan: now, kind, summary, today, onDone }: FormProps & { kind: PlanKind }) {
  const plan = useBefore(now);
  const from = plan.newest ?? plan.in_effect;
  const [draft, setDraft] = useState(() =>
    planDraft(from?.content, summary.patient.language ?? from?.language ?? 'en'),
  );
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/plans/{plan_id}/versions', {
          params: { path: { patient_id: summary.patient.id, plan_id: plan.id }, header: ifMatch(version) },
          body: { reason, language: draft.language, content: planBody(draft, kind) },
        }),
      ),
    async () => {
      say(t`New draft kept. The plan in effect stays until this one is.`);
      await refreshPatient(summary.patient.id);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Plan | null;
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Keep it on top of theirs</Trans> : <Trans>Keep the draft</Trans>}
      onSubmit={() => save.save(theirs?.version ?? plan.version)}
      onCancel={onDone}
    >
      {theirs && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans> <Trans>Your words are still here.</Trans>
        </p>
      )}
      <TextField
        label={t`What is new, and why`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(save.error, 'reason')}
      />
      <PlanFields kind={kind} draft={draft} onChange={setDraft} error={save.error} today={today} />
    </ShortForm>
  );
}

/** Asking is a moment of its own: the whole plan in front of both, then the patient's words. */
function AskView({ plan: now, summary, today, onDone }: FormProps) {
  const plan = useBefore(now);
  const name = summary.patient.given_name;
  const newest = plan.newest ?? plan.in_effect!;
  const [view, setView] = useState('');
  const [words, setWords] = useState('');
  const [on, setOn] = useState(today);
  const save = useSave(
    ({ version, plan_version }: { version: number; plan_version: number }) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/plans/{plan_id}/view', {
          params: { path: { patient_id: summary.patient.id, plan_id: plan.id }, header: ifMatch(version) },
          body: {
            view: view as 'agreed',
            words: words.trim() || undefined,
            on,
            plan_version,
          },
        }),
      ),
    async () => {
      say(t`What ${name} says is recorded.`);
      await refreshPatient(summary.patient.id);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Plan | null;
  const kind: PlanKind = plan.kind === 'relapse_prevention' ? 'relapse_prevention' : 'care_plan';
  return (
    <div className="stack">
      {theirs && (
        <p className="note" role="alert">
          <Trans>The plan was changed meanwhile. Read it again before you record what is said.</Trans>
        </p>
      )}
      <PlanWords kind={kind} version={theirs?.newest ?? newest} today={today} />
      <hr />
      <ShortForm
        state={save}
        action={<Trans>Record what {name} says</Trans>}
        disabled={!view}
        onSubmit={() =>
          save.save({
            version: theirs?.version ?? plan.version,
            plan_version: (theirs?.newest ?? newest).plan_version,
          })
        }
        onCancel={onDone}
      >
        <Choice
          label={t`What does ${name} think of this plan?`}
          value={view}
          onChange={setView}
          options={options(viewWords, ['agreed', 'agreed_with_reservation', 'wants_something_else'])}
          error={issueFor(save.error, 'view')}
        />
        <TextArea
          label={t`In ${name}'s words`}
          hint={view === 'agreed' ? t`If there are any` : undefined}
          value={words}
          onChange={setWords}
          rows={2}
          required={!!view && view !== 'agreed'}
          error={issueFor(save.error, 'words')}
        />
        {view === 'wants_something_else' && newest.state === 'in_effect' && (
          <p className="note">
            <Trans>The plan goes out of effect with this. Write a new version together.</Trans>
          </p>
        )}
        <DateField label={t`On`} value={on} onChange={setOn} max={today} required />
      </ShortForm>
    </div>
  );
}

function EndPlan({ plan, summary, today, onDone }: FormProps) {
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/patients/{patient_id}/plans/{plan_id}/end', {
          params: { path: { patient_id: summary.patient.id, plan_id: plan.id }, header: ifMatch(version) },
          body: { reason, on: today },
        }),
      ),
    async () => {
      say(t`The plan has ended. It stays readable.`);
      await refreshPatient(summary.patient.id);
      onDone();
    },
  );
  const theirs = save.theirs as unknown as Plan | null;
  return (
    <ShortForm
      state={save}
      action={theirs ? <Trans>Do it anyway</Trans> : <Trans>End the plan</Trans>}
      onSubmit={() => save.save(theirs?.version ?? plan.version)}
      onCancel={onDone}
    >
      {theirs && (
        <p className="note" role="alert">
          <Trans>Somebody else changed this meanwhile.</Trans>
        </p>
      )}
      <p className="soft">
        <Trans>Nothing is deleted: every version stays readable here.</Trans>
      </p>
      <TextField
        label={t`Because`}
        value={reason}
        onChange={setReason}
        required
        autoFocus
        error={issueFor(save.error, 'reason')}
      />
    </ShortForm>
  );
}
