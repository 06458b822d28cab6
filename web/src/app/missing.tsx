import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { LinkButton } from '../ui/button';
import { Empty, ProblemNote } from '../ui/states';

export function Missing() {
  return (
    <Empty page title={t`This page does not exist.`}>
      <LinkButton to="/caseload">
        <Trans>Go to the caseload</Trans>
      </LinkButton>
    </Empty>
  );
}

export function RouteProblem({ error, reset }: { error: unknown; reset: () => void }) {
  return <ProblemNote error={error} onRetry={reset} />;
}

export function NoPermission() {
  return (
    <Empty page title={t`Your role does not include this page.`}>
      <p>
        <Trans>Ask your administrator if you need it for your work.</Trans>
      </p>
    </Empty>
  );
}
