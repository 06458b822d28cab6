// What a patient answered, and saying that a person has read it: the patient is told.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { act } from '../api/ask';
import type { CheckIn } from '../api/patient_side';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Answers } from '../measurements/answers';
import { Button } from '../ui/button';
import { dateOf, timeOf } from '../ui/dates';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { informantWords, severityWord, word } from '../ui/words';
import { measurementsQuery, refreshCheckIns } from './queries';
import { formName, formsWords } from './words';

export function AnswersOf({
  one,
  patient,
  today,
  onSeen,
}: {
  one: CheckIn;
  patient: { id: string; given_name: string };
  today: string;
  onSeen: () => void;
}) {
  const { can, zone } = useHere();
  const rows = useQuery(measurementsQuery(patient.id));
  const seen = useSave(
    () => act<CheckIn>('POST', `/api/v1/patients/${patient.id}/check-ins/${one.id}/seen`),
    async () => {
      await refreshCheckIns(patient.id);
      say(t`${patient.given_name} will see that you read it.`);
      onSeen();
    },
  );
  const answered = one.ended_at ?? one.started_at ?? one.made_at;
  const forms = one.forms.filter((form) => !form.by_staff);
  return (
    <div className="stack">
      <p className="soft">
        <Trans>
          Answered <When date={dateOf(answered, zone(one.site_id))} today={today} />{' '}
          {timeOf(answered, zone(one.site_id))}
        </Trans>
        {one.receipt && <span className="small">, {t`receipt ${one.receipt}`}</span>}
      </p>
      {one.on_behalf && (
        <p className="note">
          <Trans>A trusted person answered on behalf of {patient.given_name}.</Trans>
        </p>
      )}
      {!one.identity_verified && (
        <p className="note">
          <Trans>
            Nobody has checked that it was {patient.given_name} who answered: whoever holds the link can. Ask
            at the next contact.
          </Trans>
        </p>
      )}
      {rows.isPending && <Skeleton rows={4} widths={[70]} />}
      {unreadable(rows) && <ProblemNote error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data &&
        forms.map((form) => {
          const measured = rows.data.items.find((row) => row.id === form.measurement_id);
          return (
            <section key={form.instrument + (form.informant ?? '')} className="stack-tight">
              <h3>
                {formName(form)}
                {form.informant && form.informant !== 'self' && (
                  <span className="soft">, {word(informantWords, form.informant).toLocaleLowerCase()}</span>
                )}{' '}
                {measured && (
                  <>
                    {measured.total ?? '–'}
                    {measured.severity && <span className="soft">, {severityWord(measured.severity)}</span>}
                  </>
                )}
              </h3>
              {measured?.safety === 'positive' && (
                <p className="need-safety hue strong">
                  <Trans>This answer started a safety hand-off.</Trans>{' '}
                  <Link to="/patients/$patient/safety" params={{ patient: patient.id }}>
                    <Trans>Open it</Trans>
                  </Link>
                </p>
              )}
              {measured ? (
                <Answers measurement={measured} />
              ) : (
                <p className="soft">
                  <Trans>Not answered.</Trans>
                </p>
              )}
            </section>
          );
        })}
      {!!seen.error && <ProblemNote error={seen.error} focus />}
      {!one.seen_at && can('checkins.write') && (
        <div className="stack-tight">
          <div className="sheet-foot">
            <Button look="primary" isPending={seen.saving} onPress={() => seen.save(undefined)}>
              <Trans>I have read it</Trans>
            </Button>
          </div>
          <p className="soft small">
            <Trans>{patient.given_name} will see that you read it, and when.</Trans>
          </p>
        </div>
      )}
      {one.seen_at && (
        <p className="soft">
          <Trans>{formsWords(one)}: somebody of the team has read it.</Trans>
        </p>
      )}
    </div>
  );
}
