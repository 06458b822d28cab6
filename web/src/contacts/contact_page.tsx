// One contact, one form, one minute: who, how, score, what you did, note, next. Saving says what changed.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { client, create } from '../api/client';
import type { PatientSideSummary, Visit } from '../api/patient_side';
import { instrumentQuery, refreshPatient, summaryQuery } from '../api/queries';
import type { ContactSaved, NewContact, Summary } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { OverlapNote, overlapsOf } from '../billing/overlap';
import { draftBody, emptyDraft, type ScoreDraft, ScoreEntry } from '../measurements/score_entry';
import { scoresOf } from '../measurements/series';
import { GoalChecks, goalChecks } from '../plans/goal_checks';
import { LogsBrief } from '../portal_access/logs';
import { SafetyStrip } from '../safety/safety_strip';
import {
  emptyReport,
  emptyTherapy,
  type ReportDraft,
  ReportFields,
  reportBody,
  type TherapyDraft,
  TherapyFields,
  therapyBody,
} from '../treatments/report_forms';
import { Button, LinkButton } from '../ui/button';
import { Choice, Choices } from '../ui/choice';
import { ageOn, daysBetween, shortDate } from '../ui/dates';
import { Check, DateField, TextArea, TextField } from '../ui/field';
import { issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import {
  instrumentName,
  interventionWords,
  kindWords,
  modalityWords,
  options,
  percentWords,
  severityWord,
  whoWords,
  word,
} from '../ui/words';
import { visitQuery } from '../visits/queries';
import { clock as clockAt } from '../visits/words';
import { suggestNext } from './cadence';
import { KeptWords, OtherClock, useContactClock } from './contact_clock';
import { type KeptDraft, readDraft, useKeptDraft } from './note_draft';
import './contact.css';

const route = getRouteApi('/patients/$patient/contact');

interface Draft {
  kind: string;
  modality: string;
  with_whom: string[];
  date: string;
  minutes: string;
  scores: ScoreDraft[];
  interventions: string[];
  /** by treatment */
  reports: Record<string, ReportDraft>;
  therapy: TherapyDraft | null;
  /** progress by goal */
  goals: Record<string, string>;
  note: string;
  next: string;
  next_modality: string;
}

const draftKey = (patient: string) => `contact-note:${patient}`;

/** A draft as it was kept; one of another shape, from before an update, is let go. */
function keptDraft(text: string | undefined, fresh: Draft): Draft | null {
  if (!text) return null;
  try {
    const read = JSON.parse(text) as Partial<Draft>;
    return typeof read.note === 'string' && Array.isArray(read.scores) ? { ...fresh, ...read } : null;
  } catch {
    return null;
  }
}

const SCORE_AFTER_DAYS = 14;

function newDraft(summary: Summary, today: string, visit?: Visit): Draft {
  const primary = summary.episode?.primary_instrument ?? 'phq-9';
  const last = scoresOf(summary.measurements, primary).at(-1);
  const due = !last || daysBetween(last.administered_date, today) >= SCORE_AFTER_DAYS;
  return {
    kind: 'treatment',
    modality: visit?.kind ?? 'phone',
    with_whom: summary.patient.interpreter_needed ? ['patient', 'interpreter'] : ['patient'],
    date: visit && visit.date < today ? visit.date : today,
    minutes: visit ? String(visit.minutes) : '',
    scores: due ? [emptyDraft(primary)] : [],
    interventions: [],
    reports: {},
    therapy: null,
    goals: {},
    note: '',
    next: suggestNext(summary.episode, today),
    next_modality: 'phone',
  };
}

/** "PHQ-9 14 (−13%). 24 minutes counted, 52 this month. Next: Tue 10 Mar." */
export function savedContactWords(saved: ContactSaved, before: Summary, today: string) {
  const parts = saved.measurements.map((m) => {
    const name = instrumentName(m.instrument);
    if (m.total == null) return t`${name} stored, not scored.`;
    const first = scoresOf(before.measurements, m.instrument).filter(
      (s) => s.administered_date >= (before.episode?.enrolled_date ?? ''),
    )[0];
    if (!first?.total) return `${name} ${m.total}, ${severityWord(m.severity)}.`;
    return `${name} ${m.total} (${percentWords(((m.total - first.total) / first.total) * 100)}).`;
  });
  const { minutes } = saved.contact;
  if (minutes) parts.push(t`${minutes} minutes counted, ${saved.minutes_this_month} this month.`);
  if (saved.contact.next_due_date) parts.push(t`Next: ${shortDate(saved.contact.next_due_date, today)}.`);
  return parts.join(' ') || t`Saved.`;
}

export function ContactPage() {
  const { patient } = route.useParams();
  const { visit: visitId } = route.useSearch();
  const { can, today } = useHere();
  const summary = useQuery({ ...summaryQuery(patient), enabled: can('contacts.write') });
  const visit = useQuery({
    ...visitQuery(patient, visitId ?? ''),
    enabled: !!visitId && can('contacts.write') && can('visits.read'),
  });
  useEffect(() => {
    document.title = `${t`Contact`} · Concord`;
  }, []);
  const kept = useQuery({
    queryKey: ['draft', draftKey(patient)],
    queryFn: () => readDraft(draftKey(patient)),
    enabled: can('contacts.write'),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  if (!can('contacts.write')) return <NoPermission />;
  if (unreadable(summary))
    return <ProblemNote error={summary.error} onRetry={() => void summary.refetch()} />;
  // A draft that cannot be read must not keep anybody from writing.
  if (summary.isPending || kept.isPending || visit.isLoading) return <Skeleton rows={8} widths={[30, 50]} />;
  return (
    <ContactForm
      summary={summary.data}
      today={today(summary.data.episode?.site_id ?? summary.data.patient.site_id)}
      kept={kept.data ?? null}
      visit={visit.data}
    />
  );
}

function ContactForm({
  summary,
  today,
  kept,
  visit,
}: {
  summary: Summary;
  today: string;
  kept: KeptDraft | null;
  visit?: Visit;
}) {
  const patient = summary.patient.id;
  const navigate = useNavigate();
  const [fresh] = useState(() => newDraft(summary, today, visit));
  const [draft, setDraft] = useState<Draft>(() => keptDraft(kept?.text, fresh) ?? fresh);
  const [before] = useState(kept);
  const keeping = useKeptDraft(draftKey(patient), JSON.stringify(draft), JSON.stringify(fresh), before);
  const clock = useContactClock(patient);
  const { startedAt } = clock;
  const set = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const [measured, setMeasured] = useState(0);

  const save = useSave(
    (body: NewContact) =>
      create(`${patient}/contacts`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/contacts', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async (saved) => {
      await Promise.all([keeping.done(), clock.done()]);
      say(savedContactWords(saved, summary, today));
      await refreshPatient(patient);
      await navigate({ to: '/patients/$patient', params: { patient } });
    },
  );

  const treatment = draft.kind === 'treatment';
  const running = summary.treatments.filter((one) => !one.stop_date);

  const goals = (summary.goals ?? []).filter((goal) => goal.status === 'active');

  const submit = (withTime = true) => {
    const mode = ['phone', 'video', 'in_person'].includes(draft.modality) ? draft.modality : 'unknown';
    const measurements = treatment
      ? draft.scores
          .map((score) =>
            draftBody(score, {
              mode,
              language: summary.patient.language ?? 'en',
              administered_date: draft.date,
            }),
          )
          .filter((body) => body !== null)
      : [];
    const reports = treatment
      ? running.flatMap((one) => {
          const body = reportBody(draft.reports[one.id]);
          return body ? [{ treatment_id: one.id, ...body }] : [];
        })
      : [];
    const minutes = draft.minutes === '' ? measured : Number(draft.minutes);
    save.save({
      kind: draft.kind,
      modality: draft.modality,
      date: draft.date,
      // The time of day is known only when the clock measured the minutes.
      started_at:
        withTime && draft.date === today && draft.minutes === '' && minutes > 0
          ? new Date(startedAt).toISOString()
          : undefined,
      minutes: minutes || null,
      with_whom: draft.with_whom,
      interventions: treatment ? draft.interventions : [],
      note: draft.note.trim(),
      next_due_date: draft.next || null,
      next_due_modality: draft.next ? draft.next_modality : null,
      measurements: measurements.length ? measurements : undefined,
      treatment_reports: reports.length ? reports : undefined,
      psychotherapy: treatment && draft.therapy?.approach ? therapyBody(draft.therapy) : undefined,
      goal_checks: goalChecks(draft.goals, goals),
      ...(visit ? { visit_id: visit.id } : {}),
    });
  };

  const language = summary.patient.language ?? 'en';
  const primary = summary.episode?.primary_instrument ?? 'phq-9';
  const offered = [...new Set([primary, 'phq-9', 'gad-7', ...draft.scores.map((score) => score.instrument)])];
  return (
    <div className="contact-page">
      <header className="row-apart">
        <div>
          <p className="soft small">
            <Link to="/patients/$patient" params={{ patient }}>
              {summary.patient.given_name} {summary.patient.family_name}
              {summary.patient.birth_date && `, ${ageOn(summary.patient.birth_date, today)}`}
            </Link>
            {summary.patient.phone && <span> {summary.patient.phone}</span>}
          </p>
          <h1>
            <Trans>New contact</Trans>
          </h1>
        </div>
        <Timer startedAt={startedAt} onMinutes={setMeasured} />
      </header>
      {clock.other && <OtherClock running={clock.other} />}
      {keeping.state === 'elsewhere' && (
        <div className="note" role="alert">
          <p>
            <Trans>
              You are writing this contact in another window too. What is kept there stays as it is.
            </Trans>
          </p>
          <div className="row">
            <Button small onPress={keeping.mine}>
              <Trans>Keep what is here</Trans>
            </Button>
            <Button small look="quiet" onPress={() => window.location.reload()}>
              <Trans>Take what is there</Trans>
            </Button>
          </div>
        </div>
      )}
      {visit && (
        <p className="soft">
          {t`For the visit of ${shortDate(visit.date, today)}, ${clockAt(visit.start_minute)}. Saving ends it.`}
        </p>
      )}
      <SafetyStrip summary={summary} today={today} />
      <div className="contact-grid">
        <form
          className="stack contact-form"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {!!save.error &&
            (overlapsOf(save.error).length ? (
              <div className="stack-tight">
                <OverlapNote error={save.error} />
                <div>
                  <Button small onPress={() => submit(false)}>
                    <Trans>Save it without the time of day</Trans>
                  </Button>
                </div>
              </div>
            ) : (
              <ProblemNote error={save.error} focus />
            ))}
          <div className="contact-top">
            <Choice
              label={t`What`}
              value={draft.kind}
              onChange={(kind) => set({ kind })}
              options={options(kindWords)}
              error={issueFor(save.error, 'kind')}
            />
            <Choice
              label={t`How`}
              value={draft.modality}
              onChange={(modality) => set({ modality })}
              options={options(modalityWords, treatment ? ['phone', 'video', 'in_person'] : undefined)}
              error={issueFor(save.error, 'modality')}
            />
            <Choices
              label={t`With`}
              value={draft.with_whom}
              onChange={(with_whom) => set({ with_whom })}
              options={options(whoWords)}
              error={issueFor(save.error, 'with_whom')}
            />
            <div className="row contact-when">
              <DateField
                label={t`On`}
                value={draft.date}
                onChange={(date) => set({ date })}
                max={today}
                required
                error={issueFor(save.error, 'date')}
              />
              <TextField
                label={t`Minutes`}
                type="number"
                inputMode="numeric"
                short
                min={0}
                max={600}
                value={draft.minutes === '' ? String(measured) : draft.minutes}
                onChange={(minutes) => set({ minutes })}
                error={issueFor(save.error, 'minutes')}
              />
            </div>
          </div>

          {treatment && (
            <section className="contact-part">
              <Choices
                label={t`Score`}
                value={draft.scores.map((score) => score.instrument)}
                onChange={(chosen) =>
                  set({
                    scores: chosen.map(
                      (id) => draft.scores.find((score) => score.instrument === id) ?? emptyDraft(id),
                    ),
                  })
                }
                options={offered.map((id) => ({ value: id, label: instrumentName(id) }))}
              />
              {draft.scores.map((score) => (
                <div key={score.instrument} className="stack">
                  <h2>{instrumentName(score.instrument)}</h2>
                  <ScoreEntry
                    draft={score}
                    pick={false}
                    language={language}
                    onChange={(next) =>
                      set({
                        scores: draft.scores.map((one) => (one.instrument === next.instrument ? next : one)),
                      })
                    }
                    error={issueFor(save.error, 'measurements')}
                  />
                </div>
              ))}
            </section>
          )}

          {treatment && (
            <section className="contact-part">
              <Choices
                label={t`What you did`}
                value={draft.interventions}
                onChange={(interventions) => set({ interventions })}
                options={options(interventionWords)}
                error={issueFor(save.error, 'interventions')}
              />
              {running.length > 0 && (
                <fieldset className="stack">
                  <legend>
                    <Trans>How it goes with the treatment</Trans>
                  </legend>
                  {running.map((one) => (
                    <ReportFields
                      key={one.id}
                      treatment={one}
                      draft={draft.reports[one.id] ?? emptyReport()}
                      onChange={(report) => set({ reports: { ...draft.reports, [one.id]: report } })}
                      error={save.error}
                    />
                  ))}
                </fieldset>
              )}
              <Check
                label={t`This was a psychotherapy session`}
                value={draft.therapy !== null}
                onChange={(on) => set({ therapy: on ? emptyTherapy(summary.treatments) : null })}
              />
              {draft.therapy && (
                <TherapyFields
                  draft={draft.therapy}
                  treatments={summary.treatments}
                  onChange={(therapy) => set({ therapy })}
                  error={save.error}
                />
              )}
            </section>
          )}

          {treatment && goals.length > 0 && (
            <section className="contact-part">
              <GoalChecks
                goals={goals}
                value={draft.goals}
                onChange={(looked) => set({ goals: looked })}
                error={save.error}
              />
            </section>
          )}

          <section className="contact-part">
            <TextArea
              label={t`Note`}
              value={draft.note}
              onChange={(note) => set({ note })}
              rows={5}
              error={issueFor(save.error, 'note')}
            />
            <div className="pair">
              <DateField
                label={t`Next contact`}
                hint={t`Suggested from the rhythm of care`}
                value={draft.next}
                onChange={(next) => set({ next })}
                min={today}
                error={issueFor(save.error, 'next_due_date')}
              />
              <Choice
                label={t`By`}
                value={draft.next_modality}
                onChange={(next_modality) => set({ next_modality })}
                options={options(modalityWords, ['phone', 'video', 'in_person'])}
              />
            </div>
          </section>
          <div className="sheet-foot contact-foot">
            <Button look="primary" type="submit" isPending={save.saving}>
              <Trans>Save the contact</Trans>
            </Button>
            <LinkButton look="quiet" to="/patients/$patient" params={{ patient }}>
              <Trans>Back</Trans>
            </LinkButton>
            <KeptWords state={keeping.state} at={keeping.at} />
          </div>
        </form>
        <aside className="contact-script" aria-label={t`Beside the call`}>
          {treatment && draft.scores[0] && (
            <Script instrument={draft.scores[0].instrument} modality={draft.modality} language={language} />
          )}
          <Last summary={summary} today={today} />
          <SaidAtHome summary={summary} today={today} />
        </aside>
      </div>
    </div>
  );
}

/** What to say when asking on the phone; the questions themselves stand verbatim beside it. */
function Script({
  instrument,
  modality,
  language,
}: {
  instrument: string;
  modality: string;
  language: string;
}) {
  const read = useQuery(instrumentQuery(instrument, language));
  if (!read.data?.items.length) return null;
  const scale = read.data.items[0]!.options.map((option) => option.label);
  return (
    <section>
      <h2>{modality === 'phone' ? <Trans>On the phone</Trans> : <Trans>When asking</Trans>}</h2>
      <p>
        <Trans>
          “I will read you some questions and four answers to choose from. There is no right or wrong answer.”
        </Trans>
      </p>
      {read.data.stem && <p className="script-words">“{read.data.stem}”</p>}
      <ul className="script-words">
        {scale.map((text) => (
          <li key={text}>“{text}”</li>
        ))}
      </ul>
      <p className="soft small">
        <Trans>
          Read each question as it is written and repeat the four answers. The digits 0 to 3 answer and walk
          on.
        </Trans>
      </p>
    </section>
  );
}

function Last({ summary, today }: { summary: Summary; today: string }) {
  const last = [...summary.contacts]
    .filter((c) => c.kind === 'treatment')
    .sort((a, b) => b.date.localeCompare(a.date))[0];
  return (
    <section>
      <h2>
        <Trans>Last time</Trans>
      </h2>
      {last ? (
        <>
          <p className="soft">
            {shortDate(last.date, today)}, {word(modalityWords, last.modality).toLocaleLowerCase()}
            {last.minutes != null && t`, ${last.minutes} min`}
          </p>
          <p className="timeline-note">
            {last.note || last.interventions.map((code) => word(interventionWords, code)).join(', ')}
          </p>
        </>
      ) : (
        <p className="soft">
          <Trans>This is the first one.</Trans>
        </p>
      )}
    </section>
  );
}

/** What the patient wrote down since, beside the call. */
function SaidAtHome({ summary, today }: { summary: Summary; today: string }) {
  const logs = (summary as unknown as PatientSideSummary).patient_logs;
  if (!logs || (logs.mood.length === 0 && logs.last.length === 0)) return null;
  return (
    <section>
      <h2>
        <Trans>Written down by {summary.patient.given_name}</Trans>
      </h2>
      <LogsBrief logs={logs} today={today} />
    </section>
  );
}

function Timer({ startedAt, onMinutes }: { startedAt: number; onMinutes: (minutes: number) => void }) {
  const [stopped, setStopped] = useState<number | null>(null);
  const [seconds, setSeconds] = useState(0);
  const pausedFor = useRef(0);
  useEffect(() => {
    if (stopped !== null) return;
    const tick = () => {
      const passed = Math.floor((Date.now() - startedAt - pausedFor.current) / 1000);
      setSeconds(passed);
      onMinutes(Math.floor(passed / 60));
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [startedAt, stopped, onMinutes]);
  return (
    <div className="row timer">
      <span role="timer" aria-live="off" aria-label={t`Time on this contact`}>
        {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
      </span>
      <Button
        small
        onPress={() => {
          if (stopped === null) setStopped(Date.now());
          else {
            pausedFor.current += Date.now() - stopped;
            setStopped(null);
          }
        }}
      >
        {stopped === null ? <Trans>Pause</Trans> : <Trans>Go on</Trans>}
      </Button>
    </div>
  );
}
