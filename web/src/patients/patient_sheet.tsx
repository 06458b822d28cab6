// The sheet that `?do=` names. One place knows every form of the patient page.
import { t } from '@lingui/core/macro';
import { EditContact } from '../contacts/edit_contact';
import { CareSettings, ConsentForm, EpisodeActForm, TeamForm } from '../episodes/episode_forms';
import { isUnseen, SeeMeasurement } from '../measurements/answers';
import { ScoreForm } from '../measurements/score_form';
import { LogAttempt, ReferralOutcome, SeenElsewhere } from '../referrals/referral_forms';
import { AnswerReview, RecordReview, ReviewDone } from '../reviews/review_forms';
import { CloseSafety, CrisisNumbers, RaiseConcern } from '../safety/safety_forms';
import { AdjustPlan, ChangeDose, StartTreatment, StopTreatment } from '../treatments/treatment_forms';
import { Sheet } from '../ui/sheet';
import { Empty } from '../ui/states';
import { instrumentName } from '../ui/words';
import { AccessLog, CoverageForm, EditPatient } from './patient_forms';
import type { PartProps } from './patient_page';
import { NewReferralForm } from '../referrals/new_referral_form';

export default function PatientSheet({ name, id, summary, today, open, onClose }: PartProps & { name: string; id?: string; onClose: () => void }) {
  const patient = summary.patient.id;
  const common = { patient, summary, today, onDone: onClose };
  const primary = summary.episode?.primary_instrument ?? 'phq-9';
  const treatment = summary.treatments.find((one) => one.id === id);
  const inState = (states: string[]) => summary.reviews.find((one) => states.includes(one.recommendation_state) && !one.done_date);
  const review = summary.reviews.find((one) => one.id === id) ?? inState(name === 'answer' ? ['sent'] : ['accepted', 'modified']);
  const measurement = summary.measurements.find((one) => one.id === id);
  const contact = summary.contacts.find((one) => one.id === id);
  const signal = summary.safety_events.find((one) => (id ? one.id === id : !one.closed_at));
  const referral = summary.referrals.find((one) => one.id === id) ?? summary.referrals.find((one) => !one.outcome) ?? summary.referrals[0];
  const unseen = summary.measurements
    .filter(isUnseen)
    .sort((a, b) => b.administered_at.localeCompare(a.administered_at))[0];

  const sheets: Record<string, () => [string, React.ReactNode]> = {
    safety: () => [t`Assess safety`, <CloseSafety {...common} event={signal} />],
    reassess: () => [
      t`Reassess safety`,
      <>
        <CrisisNumbers />
        <ScoreForm {...common} instrument="c-ssrs-screener" />
      </>,
    ],
    concern: () => [t`Raise a safety concern`, <RaiseConcern {...common} />],
    score: () => [t`Enter a score`, <ScoreForm {...common} instrument={primary} />],
    correct: () => [
      measurement ? t`Correct ${instrumentName(measurement.instrument)}` : t`Correct`,
      measurement ? <ScoreForm {...common} instrument={measurement.instrument} corrects={measurement} /> : <Empty title={t`This is not here.`} />,
    ],
    treatment: () => [t`Start a treatment`, <StartTreatment {...common} />],
    plan: () => [t`Adjust the plan`, <AdjustPlan treatments={summary.treatments} open={open} />],
    dose: () => [t`Change a treatment`, <ChangeDose {...common} treatment={treatment} />],
    stop: () => [t`Stop a treatment`, <StopTreatment {...common} treatment={treatment} />],
    review: () => [t`Record a review`, <RecordReview {...common} />],
    answer: () => [t`Answer the recommendation`, <AnswerReview {...common} review={review} />],
    review_done: () => [t`Recommendation done`, <ReviewDone {...common} review={review} />],
    edit_contact: () => [t`Edit the contact`, <EditContact {...common} contact={contact} />],
    care: () => [t`Care settings`, <CareSettings {...common} />],
    team: () => [t`Care team`, <TeamForm {...common} />],
    consent: () => [t`Consent`, <ConsentForm {...common} />],
    coverage: () => [t`Coverage`, <CoverageForm {...common} />],
    edit: () => [t`Edit patient details`, <EditPatient {...common} />],
    log: () => [t`Who has looked at this`, <AccessLog patient={patient} today={today} />],
    relapse_prevention: () => [t`Relapse prevention`, <EpisodeActForm {...common} act="meet_target" />],
    relapse: () => [t`Back to active care`, <EpisodeActForm {...common} act="relapse" />],
    hold: () => [t`Put on hold`, <EpisodeActForm {...common} act="hold" />],
    resume: () => [t`Resume`, <EpisodeActForm {...common} act="resume" />],
    close: () => [t`Close the episode`, <EpisodeActForm {...common} act="close" />],
    again: () => [t`New referral`, <NewReferralForm patient={summary.patient} onDone={onClose} />],
    attempt: () => [t`Log an attempt`, <LogAttempt referral={referral} today={today} onDone={onClose} patient={patient} />],
    outcome: () => [t`Close the referral`, <ReferralOutcome referral={referral} today={today} onDone={onClose} patient={patient} />],
    seen_elsewhere: () => [t`Seen elsewhere`, <SeenElsewhere referral={referral} today={today} onDone={onClose} patient={patient} />],
    seen: () => [t`Answers nobody has seen`, <SeeMeasurement {...common} measurement={unseen} />],
  };
  const made = sheets[name];
  if (!made) return null;
  const [title, content] = made();
  return (
    <Sheet title={title} subtitle={`${summary.patient.given_name} ${summary.patient.family_name}`} onClose={onClose}>
      {content}
    </Sheet>
  );
}
