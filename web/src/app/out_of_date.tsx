// A refresh failed, what was read before still stands: said once for the whole page, whatever it is made of.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Query } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiError } from '../api/client';
import { queryClient } from '../api/queries';
import { Button } from '../ui/button';

/** Shown on this page, once read, and not read again since. An ended session is asked for on top of the page instead. */
export function outOfDate(query: Query) {
  const { status, data, error } = query.state;
  return (
    query.isActive() &&
    status === 'error' &&
    data !== undefined &&
    !(error instanceof ApiError && [401, 403, 404].includes(error.status))
  );
}

const cache = queryClient.getQueryCache();
const subscribe = (listener: () => void) => cache.subscribe(listener);
const any = () => cache.getAll().some(outOfDate);

export function OutOfDate() {
  const shown = useSyncExternalStore(subscribe, any);
  return (
    <div role="status" className="no-print">
      {shown && (
        <div className="note out-of-date">
          <p>{t`The newest records could not be read. What stands here may be out of date.`}</p>
          <Button small onPress={() => void queryClient.refetchQueries({ predicate: outOfDate })}>
            <Trans>Try again</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
