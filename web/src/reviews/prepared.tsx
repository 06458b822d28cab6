// One patient on one page, as the consultant needs it in two minutes: question, story, chart, treatments, what was
// tried, what the patient wants, risks.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { AgendaItem, ReviewPage } from '../api/types';
import { ScoreChart } from '../measurements/score_chart';
import { CHARTED, chartModel } from '../measurements/series';
import { signalWords } from '../safety/signal';
import { doseStory, weeksOnPresent } from '../treatments/trial';
import { adherenceWords } from '../treatments/words';
import { shortDate, weeksShort } from '../ui/dates';
import { NeedIcon } from '../ui/icons';
import { languageWords, levelWords, word } from '../ui/words';
import { needOf, shortSummary, stateLine, storyWords } from './words';

export function PreparedPage({ page, item, today }: { page: ReviewPage; item?: AgendaItem; today: string }) {
  const { patient } = page;
  const treatments = page.treatments ?? [];
  const running = treatments.filter((one) => !one.stop_date);
  const tried = treatments.filter((one) => one.stop_date);
  const primary = page.episode?.primary_instrument ?? 'phq-9';
  const instrument = CHARTED[primary] ? primary : 'phq-9';
  const model = chartModel(
    {
      measurements: page.measurements ?? [],
      treatments,
      reviews: page.reviews,
      contacts: page.contacts ?? [],
      safety_events: page.safety_events,
      episode: page.episode,
    },
    instrument,
    today,
    {
      stopped: (name) => t`${name} stopped`,
      review: t`Psychiatric review`,
      contact: t`Contact`,
      safety: t`Safety signal`,
    },
  );
  const open = (page.safety_events ?? []).filter((event) => !event.closed_at);
  const lastSafety = [...(page.safety_events ?? [])]
    .filter((event) => event.closed_at && event.level)
    .sort((a, b) => b.signalled_at.localeCompare(a.signalled_at))[0];
  const plan = (page.plans ?? []).find((one) => one.kind === 'care_plan' && one.status === 'open');
  const agreed = plan?.in_effect ?? plan?.newest;
  const wants = [agreed?.content.wants, agreed?.content.preferences].filter(Boolean);
  const said = agreed?.patient_words;
  const goals = (page.goals ?? []).filter((goal) => goal.status === 'active').slice(0, 2);
  const before = page.reviews
    .flatMap((review) => review.recommendations ?? [])
    .filter((one) => one.state !== 'draft')
    .slice(0, 2);
  const facts = [
    patient.age != null && String(patient.age),
    patient.language && patient.language !== 'en' && word(languageWords, patient.language),
    patient.interpreter_needed && t`interpreter`,
    ...(patient.labels ?? []).filter((label) => label !== 'normal'),
  ].filter(Boolean);
  return (
    <article className="hour-page">
      <header>
        <h1>
          <Link to="/patients/$patient" params={{ patient: patient.id }}>
            {patient.given_name} {patient.family_name}
          </Link>
          {facts.length > 0 && <span className="patient-age">, {facts.join(', ')}</span>}
        </h1>
        {page.questions.length > 0 ? (
          page.questions.map((one) => (
            <p key={one.id} className="hour-question">
              <span className="soft small">{one.asked_by?.name ?? t`Asked`}:</span> {one.question}
            </p>
          ))
        ) : item?.reasons[0] ? (
          <p className={`hour-question need-${needOf(item)}`}>
            {item.reasons
              .map((reason) => reason.text)
              .slice(0, 2)
              .join(' ')}
          </p>
        ) : null}
      </header>
      {open.map((event) => (
        <p key={event.id} className="hour-safety need-safety">
          <NeedIcon need="safety" />
          <span>
            <span className="strong hue">{signalWords(event.signal)}</span>,{' '}
            {shortDate(event.signalled_date, today)}.{' '}
            {event.assessed_at ? word(levelWords, event.level) : <Trans>Not yet assessed.</Trans>}
          </span>
        </p>
      ))}
      <div className="hour-facts">
        <ul className="hour-story">
          {page.story.map((fact) => (
            <li key={fact.kind}>{storyWords(fact, today)}</li>
          ))}
        </ul>
        <section>
          <h2>{t`What ${patient.given_name} wants`}</h2>
          {wants.length > 0 || goals.length > 0 || said ? (
            <ul>
              {wants.map((one) => (
                <li key={one}>{one}</li>
              ))}
              {said && <li>“{said}”</li>}
              {goals.map((goal) => (
                <li key={goal.id} className="soft">
                  {goal.statement}
                </li>
              ))}
            </ul>
          ) : (
            <p className="soft">
              <Trans>Not asked yet.</Trans>
            </p>
          )}
        </section>
      </div>
      <ScoreChart model={model} today={today} compact />
      <div className="hour-facts">
        <section>
          <h2>
            <Trans>Treatment now</Trans>
          </h2>
          {running.length === 0 && <p className="soft">{t`none recorded`}</p>}
          <ul>
            {running.map((one) => (
              <li key={one.id}>
                <span className="strong">{one.name}</span> {doseStory(one)}{' '}
                <span className="soft">
                  {[
                    weeksShort(one.weeks_at_dose ?? weeksOnPresent(one, today)),
                    one.sessions ? t`${one.sessions} sessions` : null,
                  ]
                    .filter(Boolean)
                    .join(', ')}
                </span>
                {one.last_report && (
                  <span className="small soft block-words">
                    {[
                      word(adherenceWords, one.last_report.adherence).toLocaleLowerCase(),
                      one.last_report.side_effects,
                    ]
                      .filter(Boolean)
                      .join('; ')}
                  </span>
                )}
              </li>
            ))}
          </ul>
          {page.trial?.why && <p className="small soft">{page.trial.why}</p>}
          {tried.length > 0 && (
            <>
              <h2>
                <Trans>Tried before</Trans>
              </h2>
              <ul>
                {tried.slice(0, 4).map((one) => (
                  <li key={one.id}>
                    {one.name} {doseStory(one)}{' '}
                    <span className="soft">
                      {[one.weeks != null && weeksShort(one.weeks), one.stop_reason]
                        .filter(Boolean)
                        .join(', ')}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
        <section>
          <h2>
            <Trans>Risks</Trans>
          </h2>
          <ul>
            {lastSafety && (
              <li>
                <Trans>Safety</Trans>: {word(levelWords, lastSafety.level).toLocaleLowerCase()},{' '}
                {shortDate(lastSafety.signalled_date, today)}
              </li>
            )}
            {!lastSafety && open.length === 0 && <li className="soft">{t`No safety signal so far`}</li>}
            {page.allergies && (
              <li>
                {page.allergies.length
                  ? t`Allergies: ${page.allergies.map((one) => [one.substance, one.reaction].filter(Boolean).join(' ')).join(', ')}`
                  : t`No allergies recorded`}
              </li>
            )}
            {!!page.conditions?.length && (
              <li>
                {page.conditions
                  .slice(0, 5)
                  .map((one) => one.text)
                  .join(', ')}
              </li>
            )}
          </ul>
          {before.length > 0 && (
            <>
              <h2>
                <Trans>Recommended before</Trans>
              </h2>
              <ul>
                {before.map((one) => (
                  <li key={one.id}>
                    {shortSummary(one)} <span className="small soft">{stateLine(one, today)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      </div>
    </article>
  );
}
