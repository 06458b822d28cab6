// The sheet that `?do=` names. One place knows every form of the patient page.
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { EditContact } from '../contacts/edit_contact';
import { Conversation } from '../conversations/conversation';
import { CareSettings, ConsentForm, EpisodeActForm } from '../episodes/episode_forms';
import { TeamForm } from '../episodes/team_form';
import { isUnseen, SeeMeasurement } from '../measurements/answers';
import { ScoreForm } from '../measurements/score_form';
import { ChangePathway } from '../pathways/pathway';
import { NewReferralForm } from '../referrals/new_referral_form';
import { LogAttempt, ReferralOutcome, SeenElsewhere } from '../referrals/referral_forms';
import { AskQuestion, WithdrawQuestion } from '../reviews/question_forms';
import {
  AnswerRecommendation,
  RecommendationDone,
  RecommendationTrial,
  SendRecommendation,
  WithdrawRecommendation,
} from '../reviews/recommendation_forms';
import { recommendationsOf } from '../reviews/recommendations_part';
import { RecordReview } from '../reviews/review_forms';
import { waitsForAnswer } from '../reviews/words';
import { RaiseConcern } from '../safety/safety_forms';
import { NewTask } from '../tasks/task_forms';
import { ReportForm, TherapyForm } from '../treatments/report_forms';
import { AdjustPlan, ChangeDose, StartTreatment, StopTreatment } from '../treatments/treatment_forms';
import { Sheet } from '../ui/sheet';
import { Empty } from '../ui/states';
import { instrumentName } from '../ui/words';
import { ConditionsAndAllergies } from './conditions';
import { AccessLog, CoverageForm, EditPatient } from './patient_forms';
import type { PartProps } from './patient_page';

interface Made {
  title: string;
  body: ReactNode;
}

export default function PatientSheet({
  name,
  id,
  rec,
  summary,
  today,
  open,
  onClose,
}: PartProps & { name: string; id?: string; rec?: string; onClose: () => void }) {
  const patient = summary.patient.id;
  const common = { patient, summary, today, onDone: onClose };
  const primary = summary.episode?.primary_instrument ?? 'phq-9';
  const treatment = summary.treatments.find((one) => one.id === id);
  const advised = recommendationsOf(summary);
  const recommendation =
    advised.find((one) => one.id === id) ??
    advised.find((one) =>
      name === 'answer'
        ? waitsForAnswer(one.state)
        : name === 'review_done'
          ? ['accepted', 'modified'].includes(one.state)
          : one.state === 'done',
    );
  const question = (summary.review_questions ?? []).find((one) => one.id === id);
  const measurement = summary.measurements.find((one) => one.id === id);
  const contact = summary.contacts.find((one) => one.id === id);
  const referral =
    summary.referrals.find((one) => one.id === id) ??
    summary.referrals.find((one) => !one.outcome) ??
    summary.referrals[0];
  const unseen = summary.measurements
    .filter(isUnseen)
    .sort((a, b) => b.administered_at.localeCompare(a.administered_at))[0];

  const sheets: Record<string, () => Made> = {
    concern: () => ({ title: t`Raise a safety concern`, body: <RaiseConcern {...common} /> }),
    score: () => ({
      title: t`Enter a score`,
      body: <ScoreForm {...common} instrument={id ?? primary} key={id} />,
    }),
    task: () => ({
      title: t`New task`,
      body: <NewTask patient={patient} today={today} onDone={onClose} />,
    }),
    conversation: () => ({
      title: t`Team conversation`,
      body: <Conversation patient={patient} today={today} />,
    }),
    pathway: () => ({ title: t`Pathway`, body: <ChangePathway {...common} /> }),
    conditions: () => ({
      title: t`Conditions and allergies`,
      body: <ConditionsAndAllergies patient={patient} today={today} />,
    }),
    correct: () => ({
      title: measurement ? t`Correct ${instrumentName(measurement.instrument)}` : t`Correct`,
      body: measurement ? (
        <ScoreForm {...common} instrument={measurement.instrument} corrects={measurement} />
      ) : (
        <Empty title={t`This is not here.`} />
      ),
    }),
    treatment: () => ({
      title: t`Start a treatment`,
      body: <StartTreatment {...common} advised={advised} rec={rec} />,
    }),
    plan: () => ({
      title: t`Adjust the plan`,
      body: <AdjustPlan treatments={summary.treatments} open={open} />,
    }),
    dose: () => ({
      title: t`Change a treatment`,
      body: <ChangeDose {...common} treatment={treatment} advised={advised} rec={rec} />,
    }),
    stop: () => ({
      title: t`Stop a treatment`,
      body: <StopTreatment {...common} treatment={treatment} advised={advised} rec={rec} />,
    }),
    report: () => ({
      title: t`How it goes`,
      body: <ReportForm {...common} treatment={treatment} />,
    }),
    therapy: () => ({
      title: t`Therapy session`,
      body: <TherapyForm {...common} treatments={summary.treatments} />,
    }),
    ask: () => ({ title: t`Ask the consultant`, body: <AskQuestion {...common} /> }),
    withdraw_question: () => ({
      title: t`Withdraw the question`,
      body: <WithdrawQuestion {...common} question={question} />,
    }),
    review: () => ({ title: t`Record a review`, body: <RecordReview {...common} /> }),
    answer: () => ({
      title: t`Answer the recommendation`,
      body: <AnswerRecommendation {...common} one={recommendation} />,
    }),
    review_done: () => ({
      title: t`Recommendation done`,
      body: <RecommendationDone {...common} one={recommendation} />,
    }),
    trial: () => ({
      title: t`Tried long enough?`,
      body: <RecommendationTrial {...common} one={recommendation} />,
    }),
    send: () => ({
      title: t`Send the recommendation`,
      body: <SendRecommendation {...common} one={recommendation} />,
    }),
    withdraw: () => ({
      title: t`Withdraw the recommendation`,
      body: <WithdrawRecommendation {...common} one={recommendation} />,
    }),
    edit_contact: () => ({ title: t`Edit the contact`, body: <EditContact {...common} contact={contact} /> }),
    care: () => ({ title: t`Care settings`, body: <CareSettings {...common} /> }),
    team: () => ({ title: t`Care team`, body: <TeamForm {...common} /> }),
    consent: () => ({ title: t`Consent`, body: <ConsentForm {...common} /> }),
    coverage: () => ({ title: t`Coverage`, body: <CoverageForm {...common} /> }),
    edit: () => ({ title: t`Edit patient details`, body: <EditPatient {...common} /> }),
    log: () => ({ title: t`Who has looked at this`, body: <AccessLog patient={patient} today={today} /> }),
    relapse_prevention: () => ({
      title: t`Relapse prevention`,
      body: <EpisodeActForm {...common} act="meet_target" />,
    }),
    relapse: () => ({ title: t`Back to active care`, body: <EpisodeActForm {...common} act="relapse" /> }),
    hold: () => ({ title: t`Put on hold`, body: <EpisodeActForm {...common} act="hold" /> }),
    resume: () => ({ title: t`Resume`, body: <EpisodeActForm {...common} act="resume" /> }),
    close: () => ({ title: t`Close the episode`, body: <EpisodeActForm {...common} act="close" /> }),
    again: () => ({
      title: t`New referral`,
      body: <NewReferralForm patient={summary.patient} onDone={onClose} />,
    }),
    attempt: () => ({
      title: t`Log an attempt`,
      body: <LogAttempt referral={referral} today={today} onDone={onClose} patient={patient} />,
    }),
    outcome: () => ({
      title: t`Close the referral`,
      body: <ReferralOutcome referral={referral} today={today} onDone={onClose} patient={patient} />,
    }),
    seen_elsewhere: () => ({
      title: t`Seen elsewhere`,
      body: <SeenElsewhere referral={referral} today={today} onDone={onClose} patient={patient} />,
    }),
    seen: () => ({
      title: t`Answers nobody has seen`,
      body: <SeeMeasurement {...common} measurement={unseen} />,
    }),
  };
  const made = sheets[name];
  if (!made) return null;
  const { title, body } = made();
  return (
    <Sheet
      title={title}
      subtitle={`${summary.patient.given_name} ${summary.patient.family_name}`}
      onClose={onClose}
    >
      {body}
    </Sheet>
  );
}
