// A recommendation by its id alone, as a letter or a message gives it: finds the patient, then shows the page.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { recommendationsQuery } from './queries';

const route = getRouteApi('/recommendations/$recommendation');

export function RecommendationLink() {
  const { recommendation } = route.useParams();
  const list = useQuery(recommendationsQuery);
  if (unreadable(list)) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton rows={3} widths={[50, 20]} />;
  const one = list.data.items.find((item) => item.recommendation.id === recommendation);
  if (!one)
    return (
      <Empty page title={t`This recommendation is no longer open.`}>
        <p>
          <Link to="/recommendations">
            <Trans>All recommendations</Trans>
          </Link>
        </p>
      </Empty>
    );
  return (
    <Navigate
      to="/patients/$patient/recommendations/$recommendation"
      params={{ patient: one.patient.id, recommendation }}
      replace
    />
  );
}
