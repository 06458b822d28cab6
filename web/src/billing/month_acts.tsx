// Closing a month says beforehand what will happen; nothing else here leaves the building.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import { queryClient } from '../api/queries';
import type { MonthBoard } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { dateOf, timeOf } from '../ui/dates';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { monthIn, monthWords } from '../ui/months';
import { issueFor, ProblemNote } from '../ui/states';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { historyQuery } from './queries';

const eventWords = (kind: string) =>
  kind === 'close' ? t`closed` : kind === 'reopen' ? t`opened again` : kind === 'export' ? t`sent` : kind;

export function MonthActs({ board, onCharges }: { board: MonthBoard; onCharges: () => void }) {
  const { can } = useHere();
  const [asking, setAsking] = useState<null | 'close' | 'reopen'>(null);
  const [reason, setReason] = useState('');
  const name = monthWords(board.month);
  const done = async () => {
    await queryClient.invalidateQueries({ queryKey: ['billing'] });
    setAsking(null);
    setReason('');
  };
  const close = useSave(
    () =>
      call(
        client.POST('/api/v1/billing/months/{month}/close', {
          params: { path: { month: board.month } },
          body: { site_id: board.site_id },
        }),
      ),
    async (closed) => {
      await done();
      say(t`${name} is closed: ${closed.charges ?? 0} charges, ${closed.held ?? 0} of them to confirm.`);
      onCharges();
    },
  );
  const reopen = useSave(
    (why: string) =>
      call(
        client.POST('/api/v1/billing/months/{month}/reopen', {
          params: { path: { month: board.month } },
          body: { site_id: board.site_id, reason: why },
        }),
      ),
    async () => {
      await done();
      say(t`${name} is open again.`);
    },
  );
  if (!can('billing.close')) return null;
  if (asking === 'close')
    return (
      <section className="month-acts stack-tight" aria-labelledby="close-month">
        <h2 id="close-month">
          <Trans>Close {monthIn(board.month)}?</Trans>
        </h2>
        {!!close.error && <ProblemNote error={close.error} focus />}
        <p>
          <Trans>
            Minutes of this month are then fixed. Every proposed code becomes a charge; what is missing or
            must be confirmed is held. Minutes entered later are kept and do not count.
          </Trans>
        </p>
        {board.counts.missing > 0 && (
          <p className="need-overdue hue strong">
            {plural(board.counts.missing, {
              one: '# patient has something missing.',
              other: '# patients have something missing.',
            })}
          </p>
        )}
        <div className="row">
          <Button look="primary" isPending={close.saving} onPress={() => close.save(undefined as never)}>
            <Trans>Close the month</Trans>
          </Button>
          <Button look="quiet" onPress={() => setAsking(null)}>
            <Trans>Not yet</Trans>
          </Button>
        </div>
      </section>
    );
  if (asking === 'reopen')
    return (
      <section className="month-acts">
        <ShortForm
          state={reopen}
          action={<Trans>Open it again</Trans>}
          onSubmit={() => reopen.save(reason)}
          onCancel={() => setAsking(null)}
        >
          <p>
            <Trans>
              Charges that were not sent are taken back. Sent ones stay; what changes is credited with the
              next file.
            </Trans>
          </p>
          <TextField
            label={t`Because`}
            value={reason}
            onChange={setReason}
            required
            autoFocus
            error={issueFor(reopen.error, 'reason')}
          />
        </ShortForm>
      </section>
    );
  return (
    <div className="row no-print">
      {board.state === 'open' && board.can_close && (
        <Button look="primary" onPress={() => setAsking('close')}>
          <Trans>Close the month</Trans>
        </Button>
      )}
      {board.state === 'closed' && (
        <>
          <Button look="primary" onPress={onCharges}>
            <Trans>See the charges</Trans>
          </Button>
          <Button look="quiet" onPress={() => setAsking('reopen')}>
            <Trans>Open again</Trans>
          </Button>
        </>
      )}
    </div>
  );
}

export function MonthHistory({ month, site }: { month: string; site?: string }) {
  const { today, zone } = useHere();
  const read = useQuery(historyQuery(month, site));
  if (!read.data?.items.length) return null;
  return (
    <section className="stack-tight">
      <h2>
        <Trans>What happened to this month</Trans>
      </h2>
      <ul>
        {read.data.items.map((one) => (
          <li key={one.at + one.kind} className="fact">
            <When date={dateOf(one.at, zone(site))} today={today(site)} /> {timeOf(one.at, zone(site))},{' '}
            {eventWords(one.kind)} {one.by && <span className="soft">{one.by.name}</span>}
            {one.reason && `: ${one.reason}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
