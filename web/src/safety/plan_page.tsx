// The patient's safety plan: six steps in their words, written together, one printed page.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { client, create } from '../api/client';
import { summaryQuery } from '../api/queries';
import type { SafetyPlan, SafetyPlanState, SafetyPlanSteps } from '../api/types';
import { LANGUAGES } from '../app/i18n';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { dateOf, plainDate, shortDate } from '../ui/dates';
import { TextField } from '../ui/field';
import { ChevronIcon, CloseIcon, PrintIcon } from '../ui/icons';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { options, whoWords } from '../ui/words';
import { refreshSafety, safetyPaperQuery, safetyPlanQuery } from './queries';
import './plan.css';

const route = getRouteApi('/patients/$patient/safety-plan');
const LINES = ['warning_signs', 'coping', 'distraction', 'surroundings'] as const;
const PEOPLE = ['people', 'professionals'] as const;
type LineStep = (typeof LINES)[number];
type PeopleStep = (typeof PEOPLE)[number];

export interface PlanDraft {
  lines: Record<LineStep, string[]>;
  people: Record<PeopleStep, { name: string; phone: string }[]>;
  not_for_me: string[];
}

export function draftOf(plan: SafetyPlan | null | undefined): PlanDraft {
  const steps = plan?.steps;
  return {
    lines: {
      warning_signs: steps?.warning_signs ?? [],
      coping: steps?.coping ?? [],
      distraction: steps?.distraction ?? [],
      surroundings: steps?.surroundings ?? [],
    },
    people: {
      people: (steps?.people ?? []).map((one) => ({ name: one.name, phone: one.phone ?? '' })),
      professionals: (steps?.professionals ?? []).map((one) => ({ name: one.name, phone: one.phone ?? '' })),
    },
    not_for_me: plan?.not_for_me ?? [],
  };
}

/** What is sent: empty lines fall away, a step that is "not for me" has none. */
export function stepsOf(draft: PlanDraft): SafetyPlanSteps {
  const lines = (step: LineStep) =>
    draft.not_for_me.includes(step) ? [] : draft.lines[step].map((line) => line.trim()).filter(Boolean);
  const people = (step: PeopleStep) =>
    draft.not_for_me.includes(step)
      ? []
      : draft.people[step]
          .map((one) => ({ name: one.name.trim(), phone: one.phone.trim() }))
          .filter((one) => one.name || one.phone);
  return {
    warning_signs: lines('warning_signs'),
    coping: lines('coping'),
    distraction: lines('distraction'),
    people: people('people'),
    professionals: people('professionals'),
    surroundings: lines('surroundings'),
  };
}

export function SafetyPlanPage() {
  const { patient } = route.useParams();
  const search = route.useSearch();
  const { can } = useHere();
  const plan = useQuery({ ...safetyPlanQuery(patient), enabled: can('safety.read') });
  const known = useQuery({ ...summaryQuery(patient), enabled: can('safety.read') });
  useEffect(() => {
    document.title = `${t`Safety plan`} · Concord`;
  }, []);
  if (!can('safety.read')) return <NoPermission />;
  if (unreadable(plan)) return <ProblemNote error={plan.error} onRetry={() => void plan.refetch()} />;
  // The language of the words is the patient's: nothing is written in another one meanwhile.
  if (plan.isPending || known.isPending) return <Skeleton rows={6} widths={[60, 20]} />;
  const writes = can('safety.plan') && search.view === 'write';
  return writes ? (
    <Write patient={patient} state={plan.data} />
  ) : (
    <Paper patient={patient} state={plan.data} />
  );
}

function useLanguage(patient: string) {
  const summary = useQuery(summaryQuery(patient));
  const who = summary.data?.patient;
  return {
    name: who ? `${who.given_name} ${who.family_name}` : t`Patient`,
    language: who?.language?.startsWith('es') ? 'es' : 'en',
  };
}

/** As the patient takes it home; the screen shows what the paper will. */
function Paper({ patient, state }: { patient: string; state: SafetyPlanState }) {
  const { can } = useHere();
  const known = useLanguage(patient);
  const [chosen, setChosen] = useState<string | null>(null);
  const language = chosen ?? state.current?.language ?? known.language;
  const paper = useQuery({ ...safetyPaperQuery(patient, language), enabled: !!state.current });
  if (!state.current)
    return (
      <div className="stack">
        <p className="soft small">
          <Link to="/patients/$patient" params={{ patient }}>
            {known.name}
          </Link>
        </p>
        <Empty page title={t`There is no safety plan yet.`}>
          <p>
            <Trans>Six short steps, written together, in the person's own words.</Trans>
          </p>
          {can('safety.plan') && (
            <p>
              <LinkButton
                look="primary"
                to="/patients/$patient/safety-plan"
                params={{ patient }}
                search={{ view: 'write' }}
              >
                <Trans>Write one together</Trans>
              </LinkButton>
            </p>
          )}
        </Empty>
      </div>
    );
  return (
    <div className="safety-paper-page">
      <div className="row-apart no-print">
        <p className="soft small">
          <Link to="/patients/$patient" params={{ patient }}>
            {known.name}
          </Link>
        </p>
        <div className="row">
          <Choice
            label={t`Language`}
            hideLabel
            quiet
            value={language}
            onChange={setChosen}
            options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          />
          {can('safety.plan') && (
            <LinkButton to="/patients/$patient/safety-plan" params={{ patient }} search={{ view: 'write' }}>
              <Trans>Change it</Trans>
            </LinkButton>
          )}
          <Button look="primary" isDisabled={!paper.data} onPress={() => window.print()}>
            <PrintIcon />
            <Trans>Print</Trans>
          </Button>
        </div>
      </div>
      {unreadable(paper) && <ProblemNote error={paper.error} onRetry={() => void paper.refetch()} />}
      {paper.isPending && <Skeleton rows={8} widths={[60]} />}
      {paper.data && (
        <article className="safety-paper" lang={paper.data.language}>
          <h1>{paper.data.title}</h1>
          <p className="safety-paper-who">
            {paper.data.patient.name}
            {paper.data.patient.birth_date && (
              <span className="soft"> {plainDate(paper.data.patient.birth_date)}</span>
            )}
          </p>
          <ol className="safety-paper-steps">
            {paper.data.sections.map((section) => (
              <li key={section.number}>
                <h2>
                  {section.number}. {section.heading}
                </h2>
                {section.lines.length > 0 ? (
                  <ul>
                    {section.lines.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                ) : (
                  <p className="soft">–</p>
                )}
              </li>
            ))}
          </ol>
          <section className="safety-paper-help">
            {paper.data.crisis.map((one) => (
              <p key={one.label + one.number}>
                <span className="soft">{one.label}</span>{' '}
                <a className="strong" href={`tel:${one.number.replace(/[^\d+]/g, '')}`}>
                  {one.number}
                </a>{' '}
                {one.text}
              </p>
            ))}
            <p>
              {paper.data.clinic.name} <span className="strong">{paper.data.clinic.phone}</span>{' '}
              {paper.data.clinic.hours}
            </p>
            {paper.data.clinic.outside_text && <p>{paper.data.clinic.outside_text}</p>}
          </section>
          <p className="small soft">
            {paper.data.written}
            {paper.data.review && `. ${paper.data.review}`}
          </p>
        </article>
      )}
      <Versions state={state} />
    </div>
  );
}

function Versions({ state }: { state: SafetyPlanState }) {
  const { zone, today } = useHere();
  if (state.versions.length < 2) return null;
  return (
    <details className="no-print">
      <summary className="soft">
        <Trans>Earlier versions are kept</Trans>
      </summary>
      <ul className="stack-tight">
        {state.versions.map((one) => (
          <li key={one.version} className="soft">
            {shortDate(dateOf(one.written_at, zone()), today())}, {one.written_by?.name}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Write({ patient, state }: { patient: string; state: SafetyPlanState }) {
  const navigate = useNavigate();
  const known = useLanguage(patient);
  const [chosen, setChosen] = useState<string | null>(state.current?.language ?? null);
  const language = chosen ?? known.language;
  const [draft, setDraft] = useState<PlanDraft>(() => draftOf(state.current));
  const [based, setBased] = useState(state.current?.version ?? 0);
  const [together, setTogether] = useState<string[]>(state.current?.written_with ?? ['patient']);
  const [reason, setReason] = useState('');
  const template = state.template[language] ?? state.template.en;
  const leave = () =>
    void navigate({ to: '/patients/$patient/safety-plan', params: { patient }, search: {} });
  const save = useSave(
    (version: number) => {
      const body = {
        based_on: version,
        language,
        written_with: together,
        steps: stepsOf(draft),
        not_for_me: draft.not_for_me,
        reason: reason.trim() || undefined,
      };
      return create(`${patient}/safety-plan`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/safety-plan', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      );
    },
    async () => {
      await refreshSafety(patient);
      say(t`Safety plan saved. Print it for them to take home.`);
      leave();
    },
  );
  const theirs = save.theirs as unknown as SafetyPlan | null;
  if (!template) return <Empty page title={t`This is not here.`} />;
  const setLine = (step: LineStep, list: string[]) =>
    setDraft((old) => ({ ...old, lines: { ...old.lines, [step]: list } }));
  const setPeople = (step: PeopleStep, list: PlanDraft['people'][PeopleStep]) =>
    setDraft((old) => ({ ...old, people: { ...old.people, [step]: list } }));
  return (
    <form
      className="safety-plan"
      onSubmit={(event) => {
        event.preventDefault();
        save.save(based);
      }}
    >
      <header className="row-apart">
        <div>
          <p className="soft small">
            <Link to="/patients/$patient" params={{ patient }}>
              {known.name}
            </Link>
          </p>
          <h1>{template.title}</h1>
        </div>
        <Choice
          label={t`Language`}
          hideLabel
          quiet
          value={language}
          onChange={setChosen}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
      </header>
      <p className="soft" lang={language}>
        {template.intro}
      </p>
      {!!save.error && <ProblemNote error={save.error} focus />}
      {theirs && (
        <div className="note" role="alert">
          <p className="strong">
            <Trans>Somebody else saved a newer plan while you were writing.</Trans>
          </p>
          <p>
            <Trans>Your words are still here. Take over what is missing, then save again.</Trans>
          </p>
          <ul>
            {[...LINES].flatMap((step) =>
              theirs.steps[step].map((line) => <li key={step + line}>{line}</li>),
            )}
            {[...PEOPLE].flatMap((step) =>
              theirs.steps[step].map((one) => (
                <li key={step + one.name}>
                  {one.name} {one.phone}
                </li>
              )),
            )}
          </ul>
          <div className="row">
            <Button
              small
              onPress={() => {
                setBased(theirs.version);
                save.save(theirs.version);
              }}
            >
              <Trans>Save mine on top</Trans>
            </Button>
            <Button
              small
              look="quiet"
              onPress={() => {
                setDraft(draftOf(theirs));
                setBased(theirs.version);
                save.reset();
              }}
            >
              <Trans>Take theirs</Trans>
            </Button>
          </div>
        </div>
      )}
      <ol className="plan-steps">
        {template.steps.map((step, index) => {
          const skipped = draft.not_for_me.includes(step.id);
          return (
            <li key={step.id} className="plan-step">
              <div className="row-apart">
                <h2 lang={language}>
                  {index + 1}. {step.heading}
                </h2>
                <Button
                  small
                  look="quiet"
                  aria-pressed={skipped}
                  onPress={() =>
                    setDraft((old) => ({
                      ...old,
                      not_for_me: skipped
                        ? old.not_for_me.filter((one) => one !== step.id)
                        : [...old.not_for_me, step.id],
                    }))
                  }
                >
                  {skipped ? <Trans>Use this step</Trans> : <Trans>Not for me</Trans>}
                </Button>
              </div>
              {skipped ? (
                <p className="soft">
                  <Trans>Left out: not for this person.</Trans>
                </p>
              ) : (
                <>
                  <p className="soft small" lang={language}>
                    {step.hint}
                  </p>
                  {step.kind === 'people' ? (
                    <People
                      name={step.heading}
                      list={draft.people[step.id as PeopleStep] ?? []}
                      onChange={(list) => setPeople(step.id as PeopleStep, list)}
                    />
                  ) : (
                    <Lines
                      name={step.heading}
                      list={draft.lines[step.id as LineStep] ?? []}
                      onChange={(list) => setLine(step.id as LineStep, list)}
                    />
                  )}
                  {issueFor(save.error, 'steps') && (
                    <span className="field-error">{issueFor(save.error, 'steps')}</span>
                  )}
                </>
              )}
            </li>
          );
        })}
      </ol>
      <Choices
        label={t`Written with`}
        value={together}
        onChange={setTogether}
        options={options(whoWords)}
        error={issueFor(save.error, 'written_with')}
      />
      {based > 0 && (
        <TextField
          label={t`What changed (optional)`}
          value={reason}
          onChange={setReason}
          error={issueFor(save.error, 'reason')}
        />
      )}
      <div className="row">
        <Button look="primary" type="submit" isPending={save.saving}>
          <Trans>Save the plan</Trans>
        </Button>
        <Button look="quiet" onPress={leave}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}

/** Moving, taking away: the same two buttons for lines and people. */
function RowButtons<T>({
  list,
  index,
  name,
  onChange,
}: {
  list: T[];
  index: number;
  name: string;
  onChange: (list: T[]) => void;
}) {
  const place = index + 1;
  return (
    <>
      <Button
        look="quiet"
        small
        icon
        isDisabled={index === 0}
        aria-label={t`Move line ${place} of “${name}” up`}
        onPress={() => {
          const next = [...list];
          next[index] = list[index - 1]!;
          next[index - 1] = list[index]!;
          onChange(next);
        }}
      >
        <span className="turned-up">
          <ChevronIcon />
        </span>
      </Button>
      <Button
        look="quiet"
        small
        icon
        aria-label={t`Take away line ${place} of “${name}”`}
        onPress={() => onChange(list.filter((_, at) => at !== index))}
      >
        <CloseIcon />
      </Button>
    </>
  );
}

function Lines({
  name,
  list,
  onChange,
}: {
  name: string;
  list: string[];
  onChange: (list: string[]) => void;
}) {
  const shown = list.length ? list : [''];
  return (
    <div className="stack-tight">
      {shown.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name
        <div key={index} className="plan-line">
          <input
            className="input"
            aria-label={t`${name}, line ${index + 1}`}
            value={line}
            autoComplete="off"
            onChange={(event) => onChange(shown.map((one, at) => (at === index ? event.target.value : one)))}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !line.trim()) return;
              event.preventDefault();
              onChange([...shown.slice(0, index + 1), '', ...shown.slice(index + 1)]);
              const row = event.currentTarget.parentElement;
              requestAnimationFrame(() => row?.nextElementSibling?.querySelector('input')?.focus());
            }}
          />
          {list.length > 0 && <RowButtons list={list} index={index} name={name} onChange={onChange} />}
        </div>
      ))}
      {shown.at(-1)?.trim() && (
        <div>
          <Button small look="quiet" onPress={() => onChange([...shown, ''])}>
            <Trans>One more</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

function People({
  name,
  list,
  onChange,
}: {
  name: string;
  list: { name: string; phone: string }[];
  onChange: (list: { name: string; phone: string }[]) => void;
}) {
  const shown = list.length ? list : [{ name: '', phone: '' }];
  const set = (index: number, part: Partial<{ name: string; phone: string }>) =>
    onChange(shown.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <div className="stack-tight">
      {shown.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a person may have no name yet
        <div key={index} className="plan-line plan-person">
          <input
            className="input"
            aria-label={t`${name}, name ${index + 1}`}
            placeholder={t`Name`}
            value={one.name}
            autoComplete="off"
            onChange={(event) => set(index, { name: event.target.value })}
          />
          <input
            className="input"
            type="tel"
            aria-label={t`${name}, phone ${index + 1}`}
            placeholder={t`Phone`}
            value={one.phone}
            autoComplete="off"
            onChange={(event) => set(index, { phone: event.target.value })}
          />
          {list.length > 0 && <RowButtons list={list} index={index} name={name} onChange={onChange} />}
        </div>
      ))}
      {shown.at(-1)?.name.trim() && (
        <div>
          <Button small look="quiet" onPress={() => onChange([...shown, { name: '', phone: '' }])}>
            <Trans>One more</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
