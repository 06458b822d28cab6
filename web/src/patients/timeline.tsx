// Everything that was done, newest first. One entry opens in place.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type {
  Contact,
  Episode,
  Measurement,
  Review,
  SafetyEvent,
  Treatment,
  TreatmentReport,
} from '../api/types';
import { SHOWS } from '../app/router';
import { useHere } from '../app/session';
import { Answers, isUnseen, useSeen } from '../measurements/answers';
import { moreWords, shortSummary, stateLine } from '../reviews/words';
import { signalWords } from '../safety/signal';
import { allLevelWords } from '../safety/words';
import { doseStep } from '../treatments/trial';
import { adherenceWords, approachWords, botherWords, practiceWords } from '../treatments/words';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { timeOf } from '../ui/dates';
import { Empty, ProblemNote } from '../ui/states';
import { When } from '../ui/when';
import {
  closeWords,
  informantWords,
  instrumentName,
  interventionWords,
  kindWords,
  modalityWords,
  modeWords,
  roleWords,
  severityWord,
  signed,
  treatmentKindWords,
  whoWords,
  word,
} from '../ui/words';
import type { PartProps } from './patient_page';
import { useTeamEntries } from './team_timeline';

type Show = (typeof SHOWS)[number];
interface Entry {
  key: string;
  date: string;
  /** orders entries of one day */
  at: string;
  show: Show;
  node: ReactNode;
}

function Opens({ title, words, children }: { title: ReactNode; words?: ReactNode; children?: ReactNode }) {
  if (!children)
    return (
      <div>
        <span className="timeline-title">{title}</span> {words && <span className="soft">{words}</span>}
      </div>
    );
  return (
    <details>
      <summary>
        <span className="timeline-title">{title}</span> {words && <span className="soft">{words}</span>}
      </summary>
      <div className="timeline-more">{children}</div>
    </details>
  );
}

const list = (...words: (string | null | undefined | false)[]) => words.filter(Boolean).join(', ');

function ContactEntry({
  contact,
  today,
  open,
}: {
  contact: Contact;
  today: string;
  open: PartProps['open'];
}) {
  const { can } = useHere();
  const minutes = contact.minutes;
  const title =
    contact.kind === 'treatment'
      ? word(modalityWords, contact.modality) || t`Contact`
      : word(kindWords, contact.kind);
  return (
    <>
      <Opens
        title={title}
        words={list(
          contact.kind !== 'treatment' && word(modalityWords, contact.modality).toLocaleLowerCase(),
          minutes != null && t`${minutes} min`,
          contact.staff?.name,
          contact.interventions.map((code) => word(interventionWords, code).toLocaleLowerCase()).join(', '),
        )}
      >
        <p className="small soft">
          {list(
            contact.with_whom.length > 0 &&
              t`with ${contact.with_whom.map((who) => word(whoWords, who).toLocaleLowerCase()).join(', ')}`,
            contact.staff_role && contact.staff_role !== 'unknown' && word(roleWords, contact.staff_role),
          )}
          {contact.next_due_date && (
            <>
              . <Trans>Next:</Trans> <When date={contact.next_due_date} today={today} />
            </>
          )}
        </p>
        {can('contacts.write') && (
          <p className="no-print">
            <Button small onPress={() => open('edit_contact', contact.id)}>
              <Trans>Edit</Trans>
            </Button>
          </p>
        )}
      </Opens>
      {contact.note && <p className="timeline-note">{contact.note}</p>}
    </>
  );
}

function ScoreEntryLine({
  measurement,
  previous,
  patient,
  today,
  open,
}: {
  measurement: Measurement;
  previous?: Measurement;
  patient: string;
  today: string;
  open: PartProps['open'];
}) {
  const { can } = useHere();
  const seen = useSeen(patient, () => undefined);
  const change =
    previous?.total != null && measurement.total != null ? measurement.total - previous.total : null;
  const unseen = isUnseen(measurement);
  const stated = measurement.stated_total;
  return (
    <Opens
      title={
        <span className={measurement.replaced_by ? 'gone' : ''}>
          {instrumentName(measurement.instrument)} {measurement.total ?? '–'}
        </span>
      }
      words={
        <>
          {list(
            measurement.valid ? severityWord(measurement.severity) : t`not scored: too many answers missing`,
            change != null && change !== 0 && t`${signed(change)} since the last`,
            word(modeWords, measurement.mode).toLocaleLowerCase(),
            measurement.replaced_by && t`corrected since`,
          )}
          {measurement.safety === 'positive' && (
            <span className="need-safety hue strong">
              , {measurement.instrument.startsWith('phq') ? t`item 9 above 0` : t`safety signal`}
            </span>
          )}
          {unseen && <span className="need-overdue hue strong">, {t`nobody has seen it yet`}</span>}
        </>
      }
    >
      <Answers measurement={measurement} />
      <p className="small soft">
        {list(
          t`answered by ${word(informantWords, measurement.informant ?? 'self').toLocaleLowerCase()}`,
          measurement.entered_by && t`entered by ${measurement.entered_by.name}`,
          measurement.prorated && t`missing answers were prorated`,
          stated != null && t`the source said ${stated}`,
          measurement.correction_reason && t`correction: ${measurement.correction_reason}`,
        )}
      </p>
      {!!seen.error && <ProblemNote error={seen.error} />}
      {can('measurements.write') && !measurement.replaced_by && (
        <p className="row no-print">
          {unseen && (
            <Button small onPress={() => seen.save(measurement.id)} isPending={seen.saving}>
              <Trans>I have seen it</Trans>
            </Button>
          )}
          <Button small onPress={() => open('correct', measurement.id)}>
            <Trans>Correct</Trans>
          </Button>
        </p>
      )}
      {measurement.seen_at && (
        <p className="small soft">
          <Trans>Seen</Trans> <When date={measurement.seen_at.slice(0, 10)} today={today} />{' '}
          {measurement.seen_by?.name}
        </p>
      )}
    </Opens>
  );
}

function ReviewEntry({ review, today }: { review: Review; today: string }) {
  const advice = (review.recommendations ?? []).filter((one) => one.state !== 'draft');
  return (
    <>
      <Opens title={t`Psychiatric review`} words={list(review.reviewer?.name)}>
        {review.question || review.notes ? (
          <>
            {review.question && (
              <p>
                <span className="soft">
                  <Trans>Question:</Trans>
                </span>{' '}
                {review.question}
              </p>
            )}
            {review.notes && <p className="timeline-note">{review.notes}</p>}
          </>
        ) : null}
      </Opens>
      {advice.length > 0 ? (
        <ul className="stack-tight">
          {advice.map((one) => (
            <li key={one.id}>
              <Link
                to="/patients/$patient/recommendations/$recommendation"
                params={{ patient: one.patient_id, recommendation: one.id }}
              >
                {shortSummary(one)}
              </Link>
              {moreWords(one) && <span className="timeline-note"> {moreWords(one)}</span>}
              <p className="small soft">
                {stateLine(one, today)}
                {one.answer_reason && `: ${one.answer_reason}`}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        review.recommendation && <p className="timeline-note">{review.recommendation}</p>
      )}
    </>
  );
}

function TreatmentStart({ treatment, open }: { treatment: Treatment; open: PartProps['open'] }) {
  const { can } = useHere();
  return (
    <Opens
      title={t`${treatment.name} started`}
      words={list(
        treatment.changes[0]?.from_dose ?? treatment.dose,
        word(treatmentKindWords, treatment.kind).toLocaleLowerCase(),
      )}
    >
      {!treatment.stop_date && can('treatments.write') && (
        <p className="row no-print">
          <Button small onPress={() => open('dose', treatment.id)}>
            <Trans>Change</Trans>
          </Button>
          <Button small onPress={() => open('stop', treatment.id)}>
            <Trans>Stop</Trans>
          </Button>
        </p>
      )}
    </Opens>
  );
}

function ReportEntry({ report, treatments }: { report: TreatmentReport; treatments: Treatment[] }) {
  const treatment = treatments.find((one) => one.id === report.treatment_id);
  const words = treatment?.kind === 'psychotherapy' ? practiceWords : adherenceWords;
  return (
    <Opens
      title={treatment?.name ?? t`Treatment`}
      words={list(
        word(words, report.adherence).toLocaleLowerCase(),
        report.side_effects,
        report.bother != null &&
          report.bother > 0 &&
          t`bothers ${word(botherWords, String(report.bother)).toLocaleLowerCase()}`,
      )}
    />
  );
}

function SafetyEntry({ event, patient, today }: { event: SafetyEvent; patient: string; today: string }) {
  return (
    <>
      <Opens
        title={<span className="need-safety hue">{t`Safety`}</span>}
        words={list(
          signalWords(event.signal),
          event.acknowledged_by && t`${event.acknowledged_by.name} took it`,
          event.assessed_at || event.closed_at
            ? t`level ${word(allLevelWords, event.level).toLocaleLowerCase()}`
            : t`not yet assessed`,
          event.closed_by && t`closed by ${event.closed_by.name}`,
        )}
      >
        {event.reassess_date && !event.follow_up_ended && (
          <p className="soft">
            <Trans>Look again on</Trans> <When date={event.reassess_date} today={today} />
          </p>
        )}
        <p>
          <Link to="/patients/$patient/safety" params={{ patient }} search={{ event: event.id }}>
            <Trans>The whole trail</Trans>
          </Link>
        </p>
      </Opens>
      {event.disposition && <p className="timeline-note">{event.disposition}</p>}
    </>
  );
}

function episodeEntries(episode: Episode): Entry[] {
  const step = (date: string | null | undefined, name: string, words?: string): Entry[] =>
    date
      ? [
          {
            key: `${episode.id}-${name}`,
            date,
            at: '0',
            show: 'all',
            node: <Opens title={name} words={words} />,
          },
        ]
      : [];
  return [
    ...step(episode.referred_date, t`Referred`),
    ...step(episode.enrolled_date, t`Enrolled`, episode.care_manager?.name),
    ...step(episode.relapse_prevention_date, t`Relapse prevention`),
    ...step(episode.on_hold_date, t`On hold`),
    ...step(episode.closed_date, t`Closed`, word(closeWords, episode.close_reason).toLocaleLowerCase()),
  ];
}

export function Timeline({
  summary,
  today,
  open,
  show,
  onShow,
}: PartProps & { show: Show; onShow: (show: Show) => void }) {
  const { zone } = useHere();
  const patient = summary.patient.id;
  const team = useTeamEntries(patient);
  const previousOf = (m: Measurement) =>
    summary.measurements
      .filter(
        (other) =>
          other.instrument === m.instrument &&
          other.valid &&
          !other.replaced_by &&
          other.administered_at < m.administered_at &&
          other.id !== m.replaces,
      )
      .sort((a, b) => b.administered_at.localeCompare(a.administered_at))[0];
  const entries: Entry[] = [
    ...summary.contacts.map((contact) => ({
      key: contact.id,
      date: contact.date,
      at: contact.started_at ?? '1',
      show: 'contacts' as const,
      node: <ContactEntry contact={contact} today={today} open={open} />,
    })),
    ...summary.measurements.map((measurement) => ({
      key: measurement.id,
      date: measurement.administered_date,
      at: measurement.administered_at,
      show: 'scores' as const,
      node: (
        <ScoreEntryLine
          measurement={measurement}
          previous={previousOf(measurement)}
          patient={patient}
          today={today}
          open={open}
        />
      ),
    })),
    ...summary.reviews.map((review) => ({
      key: review.id,
      date: review.date,
      at: '2',
      show: 'reviews' as const,
      node: <ReviewEntry review={review} today={today} />,
    })),
    ...summary.treatments.flatMap((treatment): Entry[] => [
      {
        key: treatment.id,
        date: treatment.start_date,
        at: '1',
        show: 'treatments',
        node: <TreatmentStart treatment={treatment} open={open} />,
      },
      ...treatment.changes.map(
        (change): Entry => ({
          key: change.id,
          date: change.on,
          at: '1',
          show: 'treatments',
          node: (
            <Opens
              title={t`${treatment.name} changed`}
              words={list(doseStep(change.from_dose, change.to_dose), change.reason)}
            />
          ),
        }),
      ),
      ...(treatment.stop_date
        ? [
            {
              key: `${treatment.id}-stop`,
              date: treatment.stop_date,
              at: '1',
              show: 'treatments' as const,
              node: <Opens title={t`${treatment.name} stopped`} words={treatment.stop_reason} />,
            },
          ]
        : []),
    ]),
    // A report made in a contact stands with the contact; one asked on its own has its own line.
    ...(summary.treatment_reports ?? []).map(
      (report): Entry => ({
        key: report.id,
        date: report.on,
        at: '1',
        show: 'treatments',
        node: <ReportEntry report={report} treatments={summary.treatments} />,
      }),
    ),
    ...(summary.psychotherapy_sessions ?? []).map(
      (session): Entry => ({
        key: session.id,
        date: session.on,
        at: '1',
        show: 'treatments',
        node: (
          <Opens
            title={t`${word(approachWords, session.approach)}, session ${session.number}`}
            words={list(
              session.minutes != null && t`${session.minutes} min`,
              session.by?.name,
              session.focus,
              session.homework && t`until next time: ${session.homework}`,
            )}
          />
        ),
      }),
    ),
    ...summary.safety_events.map((event) => ({
      key: event.id,
      date: event.signalled_date,
      at: event.signalled_at,
      show: 'safety' as const,
      node: <SafetyEntry event={event} patient={patient} today={today} />,
    })),
    ...summary.episodes.flatMap(episodeEntries),
    ...team,
  ].sort((a, b) => b.date.localeCompare(a.date) || b.at.localeCompare(a.at) || b.key.localeCompare(a.key));
  const shown = entries.filter((entry) => show === 'all' || entry.show === show);
  const names: Record<Show, string> = {
    all: t`Everything`,
    contacts: t`Contacts`,
    scores: t`Scores`,
    reviews: t`Reviews`,
    treatments: t`Treatments`,
    safety: t`Safety`,
    team: t`Team`,
  };
  return (
    <section aria-labelledby="timeline-title">
      <div className="timeline-head">
        <h2 id="timeline-title">
          <Trans>Timeline</Trans>
        </h2>
        <div className="no-print">
          <Choice
            label={t`Show`}
            hideLabel
            quiet
            value={show}
            onChange={(value) => onShow(value as Show)}
            options={SHOWS.map((value) => ({ value, label: names[value] }))}
          />
        </div>
      </div>
      {shown.length === 0 && <Empty title={t`Nothing here yet.`} />}
      <ol>
        {shown.map((entry) => (
          <li key={entry.key} className="timeline-entry">
            <span className="soft">
              <When date={entry.date} today={today} />
              {entry.at.length > 8 && <span className="small"> {timeOf(entry.at, zone())}</span>}
            </span>
            <div>{entry.node}</div>
          </li>
        ))}
      </ol>
    </section>
  );
}
