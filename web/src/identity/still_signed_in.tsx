// Signing out did not reach the server: whoever comes to this computer next could go on as this person. It stands in
// place of the page, whose words wait behind it, and is no part loaded later: without a connection nothing is loaded.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Button } from '../ui/button';

export function StillSignedIn({
  trying,
  onRetry,
  onStay,
}: {
  trying: boolean;
  onRetry: () => void;
  onStay: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className="page">
      <section className="note stack leaving" role="alert" aria-label={t`You are still signed in`}>
        <h1 tabIndex={-1} ref={heading}>
          <Trans>You are still signed in</Trans>
        </h1>
        <p>
          <Trans>The server did not answer, so your session goes on. Do not leave this computer yet.</Trans>
        </p>
        <div className="row">
          <Button look="primary" isPending={trying} onPress={onRetry}>
            {trying ? <Trans>Signing out</Trans> : <Trans>Try again</Trans>}
          </Button>
          <Button look="quiet" onPress={onStay}>
            <Trans>Stay signed in</Trans>
          </Button>
        </div>
      </section>
    </main>
  );
}
