// What is being tried now and for how long, in the side of the patient's page: the trial clock.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Treatment } from '../api/types';
import { useHere } from '../app/session';
import type { PartProps } from '../patients/patient_page';
import { Button } from '../ui/button';
import { agoShort, weeksShort, weeksWords } from '../ui/dates';
import { percentWords, word } from '../ui/words';
import { doseStory, weeksOnPresent } from './trial';
import { adequateWords, adherenceWords, botherWords, practiceWords } from './words';

export function TreatmentsPart({ summary, today, open }: PartProps) {
  const { can } = useHere();
  const running = summary.treatments.filter((one) => !one.stop_date);
  const trial = summary.trial;
  const weeks = trial?.weeks_on_plan;
  const best =
    trial?.best_since && trial.best_percent != null
      ? t`best since ${trial.best_since.total} (${percentWords(trial.best_percent)})`
      : '';
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Treatment</Trans>
        {weeks != null && running.length > 0 && (
          <span className="soft treatment-clock">, {t`${weeksWords(weeks)} on this plan`}</span>
        )}
      </h2>
      {running.length === 0 && <p className="soft">{t`none recorded`}</p>}
      <ul className="stack-tight">
        {running.map((one) => (
          <Running key={one.id} one={one} today={today} open={open} />
        ))}
      </ul>
      {running.length > 0 && (best || trial?.adequate) && (
        <p className="small soft">
          {[best, trial?.adequate && trial.adequate !== 'unknown' && word(adequateWords, trial.adequate)]
            .filter(Boolean)
            .join('. ')}
        </p>
      )}
      {can('treatments.write') && (
        <p className="row no-print">
          <Button small onPress={() => open(running.length ? 'plan' : 'treatment')}>
            {running.length ? <Trans>Adjust</Trans> : <Trans>Start a treatment</Trans>}
          </Button>
          {can('treatments.report') && running.some((one) => one.kind === 'psychotherapy') && (
            <Button small look="quiet" onPress={() => open('therapy')}>
              <Trans>Therapy session</Trans>
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

function Running({ one, today, open }: { one: Treatment; today: string; open: PartProps['open'] }) {
  const { can } = useHere();
  const report = one.last_report;
  const words = one.kind === 'medication' ? adherenceWords : practiceWords;
  return (
    <li>
      <span className="strong">{one.name}</span> {doseStory(one)}{' '}
      <span className="soft">
        {[
          weeksShort(one.weeks_at_dose ?? weeksOnPresent(one, today)),
          one.sessions ? t`${one.sessions} sessions` : null,
        ]
          .filter(Boolean)
          .join(', ')}
      </span>
      {report ? (
        <span className="small soft block-words">
          {[
            word(words, report.adherence),
            report.side_effects &&
              (report.bother
                ? `${report.side_effects} (${word(botherWords, String(report.bother)).toLocaleLowerCase()})`
                : report.side_effects),
            agoShort(report.on, today),
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
      ) : (
        can('treatments.report') && (
          <span className="small soft block-words">
            <button type="button" className="text-button" onClick={() => open('report', one.id)}>
              <Trans>Not asked yet how it goes</Trans>
            </button>
          </span>
        )
      )}
    </li>
  );
}
