// A review outside of a session: the same draft and the same words, in a sheet of the patient's page.
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { Builder } from './builder';
import { reviewPageQuery } from './queries';

export function RecordReview({
  patient,
  today,
  onDone,
}: {
  patient: string;
  today: string;
  onDone: () => void;
}) {
  const page = useQuery(reviewPageQuery(patient));
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (page.isPending) return <Skeleton rows={5} widths={[70]} />;
  return (
    <div className="stack">
      <p className="soft">
        <Trans>
          What the psychiatric consultant says about this patient. Each recommendation waits for an answer
          until somebody gives one.
        </Trans>
      </p>
      {page.data.questions.map((one) => (
        <p key={one.id} className="note need-review_due">
          <span className="small soft">{one.asked_by?.name}</span>
          <br />
          {one.question}
        </p>
      ))}
      <Builder
        patient={patient}
        draft={page.data.draft}
        questions={page.data.questions}
        team={page.data.care_team ?? []}
        treatments={page.data.treatments ?? []}
        today={today}
        onSigned={onDone}
        onCancel={onDone}
      />
    </div>
  );
}
