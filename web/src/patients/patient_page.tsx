// One person: who they are, what is not safe, how the score runs, what needs doing, what was done.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { summaryQuery } from '../api/queries';
import type { Line, Summary } from '../api/types';
import { isTyping } from '../app/keyboard';
import { NoPermission } from '../app/missing';
import type { PatientSearch } from '../app/router';
import { useHere } from '../app/session';
import { MinutesFact } from '../billing/minutes_fact';
import { actLink, actWord } from '../caseload/acts';
import { Why } from '../caseload/why';
import { ConversationSide } from '../conversations/conversation';
import { ScoreChart, ScoreTable } from '../measurements/score_chart';
import { CHARTED, chartModel } from '../measurements/series';
import { PathwaySide } from '../pathways/pathway';
import { PlanSide } from '../plans/plan_side';
import { RecommendationsPart } from '../reviews/recommendations_part';
import { SafetyStrip } from '../safety/safety_strip';
import { PatientTasks } from '../tasks/patient_tasks';
import { TreatmentsPart } from '../treatments/treatments_part';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { ageOn, dueWords, fullDate, plainDate, weeksWords } from '../ui/dates';
import { MenuButton } from '../ui/menu';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import {
  conditionWords,
  instrumentName,
  languageWords,
  maskedIdentifier,
  payerWords,
  roleWords,
  sexWords,
  stateWords,
  targetWords,
  word,
} from '../ui/words';
import { Timeline } from './timeline';
import './patient.css';

const PatientSheet = lazy(() => import('./patient_sheet'));
const SideSheet = lazy(() => import('./side_sheet'));
const WithPatient = lazy(() => import('./with_patient'));
/** Sheets of what runs between the patient and the team: a part of their own. */
const SIDE_SHEETS = [
  'check_in',
  'answers',
  'messages',
  'reach',
  'portal',
  'logs',
  'reading',
  'visits',
  'groups',
  'community',
];
const route = getRouteApi('/patients/$patient');

export interface PartProps {
  summary: Summary;
  today: string;
  open: (name: string, id?: string) => void;
}

export function PatientPage() {
  const { patient } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { can, today: todayAt } = useHere();
  const summary = useQuery({ ...summaryQuery(patient), enabled: can('patients.read') });

  const go = (change: PatientSearch) =>
    void navigate({
      to: '/patients/$patient',
      params: { patient },
      search: (old) => ({ ...(old as PatientSearch), ...change }),
      resetScroll: false,
    });
  const open = (name: string, id?: string) => go({ do: name, id });

  useEffect(() => {
    // The tab's title carries no name: titles end up in histories and screen shares.
    document.title = `${t`Patient`} · Concord`;
    const pressed = (event: KeyboardEvent) => {
      if (isTyping(event) || event.key !== 'c' || !can('contacts.write')) return;
      event.preventDefault();
      void navigate({ to: '/patients/$patient/contact', params: { patient } });
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [patient, can, navigate]);

  if (!can('patients.read')) return <NoPermission />;
  if (unreadable(summary))
    return <ProblemNote error={summary.error} onRetry={() => void summary.refetch()} />;
  if (summary.isPending)
    return (
      <div className="stack">
        <Skeleton rows={2} widths={[24, 12, 16]} />
        <Skeleton rows={8} widths={[60, 30]} />
      </div>
    );
  const today = todayAt(summary.data.episode?.site_id ?? summary.data.patient.site_id);
  const part = { summary: summary.data, today, open };
  return (
    <div className="patient">
      <PatientHeader {...part} />
      <SafetyStrip {...part} />
      <div className="patient-grid">
        <Chart {...part} chosen={search.chart} onChoose={(chart) => go({ chart })} />
        <div className="stack patient-side">
          <Needs {...part} />
          <Suspense fallback={<Skeleton rows={4} widths={[60]} />}>
            <WithPatient {...part} />
          </Suspense>
          <PatientTasks {...part} />
          <RecommendationsPart {...part} />
          <TreatmentsPart {...part} />
          <PlanSide {...part} />
          <PathwaySide {...part} />
          <Care {...part} />
          <ConversationSide conversation={summary.data.conversation} today={today} open={open} />
        </div>
        <div className="patient-time">
          <Timeline
            {...part}
            show={search.show ?? 'all'}
            onShow={(show) => go({ show: show === 'all' ? undefined : show })}
          />
        </div>
      </div>
      {search.do && (
        <Suspense fallback={null}>
          {SIDE_SHEETS.includes(search.do) ? (
            <SideSheet
              name={search.do}
              id={search.id}
              {...part}
              onClose={() => go({ do: undefined, id: undefined })}
            />
          ) : (
            <PatientSheet
              name={search.do}
              id={search.id}
              rec={search.rec}
              {...part}
              onClose={() => go({ do: undefined, id: undefined, rec: undefined })}
            />
          )}
        </Suspense>
      )}
    </div>
  );
}

function PatientHeader({ summary, today, open }: PartProps) {
  const { can, session } = useHere();
  const navigate = useNavigate();
  const { patient, episode } = summary;
  const pcp = summary.care_team.find((member) => member.role === 'pcp' && !member.until);
  const facts = [
    patient.birth_date ? t`born ${plainDate(patient.birth_date)}` : null,
    patient.gender_identity ||
      (patient.sex && patient.sex !== 'unknown' ? word(sexWords, patient.sex).toLocaleLowerCase() : null),
    patient.language && (patient.language !== 'en' || patient.interpreter_needed)
      ? `${word(languageWords, patient.language)}${patient.interpreter_needed ? `, ${t`interpreter`}` : ''}`
      : null,
    patient.identifiers?.[0] ? `MRN ${maskedIdentifier(patient.identifiers[0].value)}` : null,
    patient.phone,
    pcp ? `${pcp.name}, ${t`PCP`}` : null,
    episode?.care_manager ? `${episode.care_manager.name}, ${t`care manager`}` : null,
  ].filter(Boolean);
  const state = episode ? word(stateWords, episode.state) : t`No episode`;
  const week = episode?.enrolled_date && episode.state !== 'closed' ? (episode.weeks_in_care ?? null) : null;
  const enrolled = !!episode && ['active', 'on_hold', 'relapse_prevention'].includes(episode.state);
  const waiting = !!episode && ['referred', 'assessed'].includes(episode.state);

  const more = [
    can('measurements.write') && ['score', t`Enter a score`],
    can('checkins.write') && ['check_in', t`Send a check-in`],
    can('visits.write') && ['visits', t`Visits`],
    can('patient_inbox.read') && ['messages', t`Messages`],
    can('patient_contact.read') && ['reach', t`Contact and reminders`],
    can('education.read') && ['reading', t`Reading`],
    can('community.read') && ['community', t`Help outside`],
    can('portal.read') && ['portal', t`Portal`],
    can('treatments.write') && ['treatment', t`Start a treatment`],
    can('reviews.ask') && ['ask', t`Ask the consultant`],
    can('reviews.write') && ['review', t`Record a review`],
    can('safety.write') && ['concern', t`Raise a safety concern`],
    can('safety.read') && ['safety_plan', t`Safety plan`],
    can('plans.read') && ['the_plan', t`The plan`],
    can('tasks.write') && ['task', t`New task`],
    can('conversations.read') && ['conversation', t`Team conversation`],
    episode && episode.state !== 'closed' && can('episodes.write') && ['pathway', t`Pathway`],
    can('conditions.read') && ['conditions', t`Conditions and allergies`],
    episode && can('episodes.write') && episode.state !== 'closed' && ['care', t`Care settings`],
    episode && can('episodes.write') && ['team', t`Care team`],
    can('episodes.write') && ['consent', t`Consent`],
    episode?.state === 'active' &&
      can('episodes.write') && ['relapse_prevention', t`Target met: relapse prevention`],
    episode?.state === 'relapse_prevention' &&
      can('episodes.write') && ['relapse', t`Symptoms are back: active again`],
    episode?.state === 'active' && can('episodes.write') && ['hold', t`Put on hold`],
    episode?.state === 'on_hold' && can('episodes.write') && ['resume', t`Resume`],
    episode && episode.state !== 'closed' && can('episodes.write') && ['close', t`Close the episode`],
    (!episode || episode.state === 'closed') && can('referrals.write') && ['again', t`New referral`],
    can('patients.write') && ['coverage', t`Coverage`],
    can('patients.write') && ['edit', t`Edit patient details`],
    can('audit.read') && ['log', t`Who has looked at this`],
  ].filter((entry): entry is [string, string] => Array.isArray(entry));

  return (
    <header className="patient-head">
      <div className="patient-name">
        <h1>
          {patient.given_name} {patient.family_name}
          {patient.birth_date && <span className="patient-age">, {ageOn(patient.birth_date, today)}</span>}
        </h1>
        <p className="patient-facts soft">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
        {patient.placeholder && (
          <p className="small soft">
            <Trans>Placeholder: an import named this patient without details.</Trans>
          </p>
        )}
        {patient.deceased_date && (
          <p className="strong">
            <Trans>
              Died <When date={patient.deceased_date} today={today} />
            </Trans>
          </p>
        )}
        <p className="print-only small">{t`Printed ${fullDate(today)} by ${session.user.display_name}, ${session.organization.name}`}</p>
      </div>
      <div className="patient-acts">
        <p className="patient-state">
          <span className="strong">{state}</span>
          {week != null && <span className="soft">, {t`week ${week}`}</span>}
        </p>
        <div className="row no-print">
          {waiting && can('episodes.write') && (
            <LinkButton look="primary" to="/patients/$patient/intake" params={{ patient: patient.id }}>
              <Trans>Intake</Trans>
            </LinkButton>
          )}
          {can('contacts.write') && (
            <LinkButton
              look={enrolled ? 'primary' : 'plain'}
              to="/patients/$patient/contact"
              params={{ patient: patient.id }}
            >
              <Trans>Contact</Trans>
            </LinkButton>
          )}
          {more.length > 0 && (
            <MenuButton
              look="plain"
              label={t`More`}
              entries={more.map(([id, label]) => ({ id, label }))}
              onAct={(id) => {
                if (id === 'safety_plan')
                  void navigate({ to: '/patients/$patient/safety-plan', params: { patient: patient.id } });
                else if (id === 'the_plan')
                  void navigate({ to: '/patients/$patient/plan', params: { patient: patient.id } });
                else open(id);
              }}
            />
          )}
        </div>
      </div>
    </header>
  );
}

function Chart({
  summary,
  today,
  open,
  chosen,
  onChoose,
}: PartProps & { chosen?: string; onChoose: (chart: string | undefined) => void }) {
  const { can } = useHere();
  const present = Object.keys(CHARTED).filter((id) =>
    summary.measurements.some((m) => m.instrument === id && !m.replaced_by),
  );
  const primary = summary.episode?.primary_instrument;
  const first = primary && CHARTED[primary] ? primary : (present[0] ?? 'phq-9');
  const charts = [...new Set([first, ...present])];
  const view = chosen ?? first;
  const choices = [
    ...charts.map((id) => ({ value: id, label: instrumentName(id) })),
    ...(charts.length > 1 ? [{ value: 'both', label: t`Both` }] : []),
    { value: 'table', label: t`Table` },
  ];
  const shown = view === 'both' || view === 'table' ? charts : [view];
  const words = {
    stopped: (name: string) => t`${name} stopped`,
    review: t`Psychiatric review`,
    contact: t`Contact`,
    safety: t`Safety signal`,
  };
  const models = shown.map((id) => chartModel(summary, id, today, words));
  return (
    <section className="patient-chart" aria-label={t`Scores`}>
      <div className="row-apart no-print">
        <Choice
          label={t`What to show`}
          hideLabel
          quiet
          value={view}
          onChange={(value) => onChoose(value === first ? undefined : value)}
          options={choices}
        />
        {can('measurements.write') && (
          <Button look="quiet" small onPress={() => open('score')}>
            <Trans>Enter a score</Trans>
          </Button>
        )}
      </div>
      {models.map((model) =>
        view === 'table' ? (
          <div key={model.instrument}>
            <h2>{instrumentName(model.instrument)}</h2>
            <ScoreTable model={model} today={today} />
          </div>
        ) : (
          <div key={model.instrument}>
            {view === 'both' && <h2>{instrumentName(model.instrument)}</h2>}
            <ScoreChart model={model} today={today} />
            <div className="print-only">
              <ScoreTable model={model} today={today} />
            </div>
          </div>
        ),
      )}
      <Others summary={summary} charted={charts} today={today} />
    </section>
  );
}

/** Instruments without a chart of their own: the latest score of each, in words. */
function Others({ summary, charted, today }: { summary: Summary; charted: string[]; today: string }) {
  const latest = new Map<string, Summary['measurements'][number]>();
  for (const m of [...summary.measurements].sort((a, b) =>
    a.administered_at.localeCompare(b.administered_at),
  ))
    if (!charted.includes(m.instrument) && !m.replaced_by) latest.set(m.instrument, m);
  if (latest.size === 0) return null;
  return (
    <p className="small soft others">
      {[...latest.values()].map((m) => (
        <span key={m.id}>
          {instrumentName(m.instrument)} <span className="strong">{m.total ?? m.severity ?? '–'}</span>,{' '}
          <When date={m.administered_date} today={today} />
        </span>
      ))}
    </p>
  );
}

function NeedLine({ line, summary, today }: { line: Line; summary: Summary; today: string }) {
  const [shown, setShown] = useState(false);
  const { can } = useHere();
  const late = line.due && line.due.length === 10 && line.due < today;
  return (
    <li className={`need-line ${line.severity === 'critical' ? 'need-safety' : ''}`}>
      <div className="need-line-main">
        <div>
          <button type="button" className="why-words" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {line.text}
          </button>
          <p className="small soft">
            {line.owner
              .split(/[ ,+]+/)
              .map((role) => word(roleWords, role))
              .join(', ')}
            {line.due && line.due.length === 10 && (
              <span className={late ? 'need-overdue hue strong' : ''}>, {dueWords(line.due, today)}</span>
            )}
            {line.deferred_until && (
              <>
                , <Trans>put off until</Trans> <When date={line.deferred_until} today={today} />
              </>
            )}
          </p>
        </div>
        {can('contacts.write') && (
          <LinkButton
            small
            look={line.severity === 'critical' ? 'safety' : 'plain'}
            {...actLink(summary.patient.id, line)}
          >
            {actWord(line)}
          </LinkButton>
        )}
      </div>
      {shown && <Why line={line} patient={summary.patient.id} episode={summary.episode?.id} today={today} />}
    </li>
  );
}

function Needs({ summary, today }: PartProps) {
  const next = summary.contacts
    .filter((contact) => contact.next_due_date)
    .sort((a, b) => b.date.localeCompare(a.date))[0];
  return (
    <section>
      <h2>
        <Trans>What needs doing</Trans>
      </h2>
      {summary.attention.length === 0 && (
        <p className="soft">
          <Trans>Nothing is waiting.</Trans>
        </p>
      )}
      <ul>
        {summary.attention.map((line) => (
          <NeedLine key={line.rule + line.text} line={line} summary={summary} today={today} />
        ))}
      </ul>
      {next?.next_due_date && (
        <p className="soft next-contact">
          <Trans>Next contact</Trans> <When date={next.next_due_date} today={today} />,{' '}
          {dueWords(next.next_due_date, today)}
        </p>
      )}
    </section>
  );
}

function Care({ summary, today, open }: PartProps) {
  const { episode } = summary;
  const consent = summary.consents.find((one) => !one.withdrawn_date);
  const coverage = summary.coverage.filter((one) => !one.end_date || one.end_date >= today);
  const team = summary.care_team.filter((member) => !member.until);
  return (
    <section>
      <h2>
        <Trans>Care</Trans>
      </h2>
      <dl className="facts">
        {episode?.primary_condition && (
          <>
            <dt>
              <Trans>For</Trans>
            </dt>
            <dd>
              {word(conditionWords, episode.primary_condition)}
              {episode.primary_instrument && (
                <span className="soft">, {instrumentName(episode.primary_instrument)}</span>
              )}
              {episode.target && (
                <span className="soft">
                  , {t`target ${word(targetWords, episode.target).toLocaleLowerCase()}`}
                </span>
              )}
            </dd>
          </>
        )}
        {episode?.enrolled_date && (
          <>
            <dt>
              <Trans>Since</Trans>
            </dt>
            <dd>
              <When date={episode.enrolled_date} today={today} />
              {episode.weeks_in_care != null && (
                <span className="soft">, {weeksWords(episode.weeks_in_care)}</span>
              )}
            </dd>
          </>
        )}
        <dt>
          <Trans>Team</Trans>
        </dt>
        <dd>
          {team.length === 0 && !episode?.care_manager && <span className="soft">{t`nobody yet`}</span>}
          {episode?.care_manager && (
            <div>
              {episode.care_manager.name} <span className="soft">{word(roleWords, 'care_manager')}</span>
            </div>
          )}
          {team
            .filter((member) => member.role !== 'care_manager')
            .map((member) => (
              <div key={member.id}>
                {member.name} <span className="soft">{word(roleWords, member.role)}</span>
              </div>
            ))}
        </dd>
        <dt>
          <Trans>Consent</Trans>
        </dt>
        <dd>
          {consent ? (
            <When date={consent.given_date} today={today} />
          ) : (
            <button type="button" className="why-words need-overdue hue" onClick={() => open('consent')}>
              <Trans>not recorded</Trans>
            </button>
          )}
        </dd>
        <dt>
          <Trans>Coverage</Trans>
        </dt>
        <dd>
          {coverage.length ? (
            coverage.map((one) => one.plan_name || word(payerWords, one.payer_category)).join(', ')
          ) : (
            <span className="soft">{t`not recorded`}</span>
          )}
        </dd>
        <dt>
          <Trans>Minutes</Trans>
        </dt>
        <dd>
          <MinutesFact summary={summary} />
        </dd>
        {summary.allergies && (
          <>
            <dt>
              <Trans>Allergies</Trans>
            </dt>
            <dd>
              {summary.allergies.length > 0 ? (
                summary.allergies.map((one) => one.substance).join(', ')
              ) : (
                <span className="soft">{t`none recorded`}</span>
              )}
            </dd>
          </>
        )}
        {!!summary.conditions?.length && (
          <>
            <dt>
              <Trans>Also</Trans>
            </dt>
            <dd>
              {summary.conditions
                .slice(0, 4)
                .map((one) => one.text)
                .join(', ')}
              {(summary.conditions_total ?? 0) > 4 && ' …'}
            </dd>
          </>
        )}
      </dl>
      {!episode && (
        <p className="soft">
          <Link to="/referrals/new" search={{ patient: summary.patient.id }}>
            <Trans>Refer to collaborative care</Trans>
          </Link>
        </p>
      )}
    </section>
  );
}
