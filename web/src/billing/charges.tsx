// Charges of a closed month: confirm or decline what is held, then make the file once. The same file, each time.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call, client, create, ifMatch } from '../api/client';
import { queryClient } from '../api/queries';
import type { Charge, MonthBoard } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, timeOf } from '../ui/dates';
import { TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { monthWords } from '../ui/months';
import { Sheet } from '../ui/sheet';
import { Empty, issueFor, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { TableScroll } from '../ui/table_scroll';
import { say } from '../ui/toast';
import { When } from '../ui/when';
import { options, word } from '../ui/words';
import { MonthHistory } from './month_acts';
import { chargesQuery, exportsQuery } from './queries';
import { chargeStateWords, confirmWords, missingKindWord } from './words';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['billing'] });

export function Charges({ month, site, board }: { month: string; site?: string; board?: MonthBoard }) {
  const { can } = useHere();
  const [state, setState] = useState('');
  const [deciding, setDeciding] = useState<Charge | null>(null);
  const list = useQuery(chargesQuery(month, { site, state: state || undefined }));
  if (board?.state === 'open' && list.data?.items.length === 0)
    return (
      <>
        <Empty title={t`${monthWords(month)} is not closed yet.`}>
          <p>
            <Trans>Charges are made when the month is closed.</Trans>
          </p>
        </Empty>
        <MonthHistory month={month} site={site} />
      </>
    );
  return (
    <div className="stack">
      <Exports month={month} site={site} />
      <Choice
        label={t`Charges`}
        quiet
        value={state}
        onChange={setState}
        options={[
          { value: '', label: t`All` },
          ...options(chargeStateWords, ['held', 'ready', 'exported', 'declined']),
        ]}
      />
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={6} widths={[20, 10, 10, 20]} />}
      {list.data?.items.length === 0 && <Empty title={t`No charges here.`} />}
      {!!list.data?.items.length && (
        <TableScroll label={t`Charges`}>
          <table className="board">
            <thead>
              <tr>
                <th scope="col">{t`Patient`}</th>
                <th scope="col">{t`Code`}</th>
                <th scope="col">{t`Minutes`}</th>
                <th scope="col">{t`State`}</th>
                <th scope="col">
                  <span className="hidden-text">{t`What to do`}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.items.map((charge) => (
                <tr key={charge.id}>
                  <th scope="row">
                    <Link
                      to="/patients/$patient/minutes"
                      params={{ patient: charge.patient.id }}
                      search={{ month }}
                    >
                      {charge.patient.name}
                    </Link>
                  </th>
                  <td className="nowrap">
                    <span className="strong">{charge.code}</span>
                    {charge.units > 1 && ` × ${charge.units}`}
                  </td>
                  <td>{charge.minutes_counted}</td>
                  <td>
                    {word(chargeStateWords, charge.state)}
                    {charge.state === 'held' && charge.confirm && (
                      <p className="small need-not_improving hue">
                        {word(confirmWords, charge.confirm.code)}
                      </p>
                    )}
                    {charge.state === 'held' &&
                      charge.missing?.map((kind) => (
                        <p key={kind} className="small need-overdue hue">
                          {missingKindWord(kind)}
                        </p>
                      ))}
                    {charge.decision_reason && (
                      <p className="small soft">
                        {charge.decided_by?.name}: {charge.decision_reason}
                      </p>
                    )}
                  </td>
                  <td>
                    {(charge.state === 'held' || charge.state === 'ready') && can('billing.close') && (
                      <Button
                        small
                        onPress={() => setDeciding(charge)}
                        aria-label={t`Decide on ${charge.code} for ${charge.patient.name}`}
                      >
                        <Trans>Decide</Trans>
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {list.data?.next && (
        <p className="soft small">
          <Trans>These are the first hundred. Choose a state to see the others.</Trans>
        </p>
      )}
      <MonthHistory month={month} site={site} />
      {deciding && <Decide charge={deciding} onClose={() => setDeciding(null)} />}
    </div>
  );
}

function Decide({ charge, onClose }: { charge: Charge; onClose: () => void }) {
  const [decision, setDecision] = useState<'confirm' | 'decline'>(
    charge.state === 'held' ? 'confirm' : 'decline',
  );
  const [reason, setReason] = useState('');
  const save = useSave(
    (version: number) =>
      call(
        client.POST('/api/v1/billing/charges/{charge_id}/decision', {
          params: { path: { charge_id: charge.id }, header: ifMatch(version) },
          body: { decision, reason },
        }),
      ),
    async () => {
      say(
        decision === 'confirm'
          ? t`Confirmed; it goes with the next file.`
          : t`Not billed; the reason is kept.`,
      );
      await refresh();
      onClose();
    },
  );
  const theirs = save.theirs as unknown as Charge | null;
  return (
    <Sheet title={charge.code} subtitle={charge.patient.name} onClose={onClose}>
      <ShortForm
        state={save}
        action={<Trans>Save</Trans>}
        onSubmit={() => save.save(theirs?.version ?? charge.version)}
        onCancel={onClose}
      >
        {theirs && (
          <p className="note" role="alert">
            <Trans>Somebody else changed this meanwhile. It is now:</Trans>{' '}
            {word(chargeStateWords, theirs.state)}
          </p>
        )}
        {charge.confirm && <p>{word(confirmWords, charge.confirm.code)}</p>}
        {charge.missing?.map((kind) => (
          <p key={kind}>{missingKindWord(kind)}</p>
        ))}
        <Choice
          label={t`This charge`}
          value={decision}
          onChange={(value) => setDecision(value as 'confirm')}
          options={[
            { value: 'confirm', label: t`Bill it` },
            { value: 'decline', label: t`Do not bill it` },
          ]}
          error={issueFor(save.error, 'decision')}
        />
        <TextField
          label={t`Because`}
          value={reason}
          onChange={setReason}
          required
          error={issueFor(save.error, 'reason')}
        />
      </ShortForm>
    </Sheet>
  );
}

function Exports({ month, site }: { month: string; site?: string }) {
  const { can, today, zone } = useHere();
  const list = useQuery(exportsQuery(month, site));
  const make = useSave(
    (at: string) => {
      const body = { site_id: at };
      return create(`${month}/exports`, body, (key) =>
        client.POST('/api/v1/billing/months/{month}/exports', {
          params: { path: { month }, header: key },
          body,
        }),
      );
    },
    async (made) => {
      say(
        plural(made.charges, {
          one: 'A file with # charge is ready.',
          other: 'A file with # charges is ready.',
        }),
      );
      await refresh();
    },
  );
  return (
    <section className="stack-tight">
      <h2>
        <Trans>Files</Trans>
      </h2>
      {!!make.error && <ProblemNote error={make.error} />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <p className="soft">
          <Trans>No file yet. A charge goes into one file and never into a second.</Trans>
        </p>
      )}
      <ul>
        {list.data?.items.map((one) => (
          <li key={one.id} className="row-apart fact">
            <span>
              <span className="strong">{one.reference}</span>{' '}
              <span className="soft">
                <When date={dateOf(one.at, zone(site))} today={today(site)} /> {timeOf(one.at, zone(site))}
                {one.by && `, ${one.by.name}`}, {plural(one.charges, { one: '# charge', other: '# charges' })}
                {one.credits > 0 && `, ${plural(one.credits, { one: '# credit', other: '# credits' })}`}
              </span>
            </span>
            <span className="row">
              <a className="button button-small" href={`/api/v1/billing/exports/${one.id}/csv`} download>
                CSV
              </a>
              <a className="button button-small" href={`/api/v1/billing/exports/${one.id}/dft`} download>
                HL7
              </a>
            </span>
          </li>
        ))}
      </ul>
      {can('billing.close') && site && (
        <div className="no-print">
          <Button isPending={make.saving} onPress={() => make.save(site)}>
            <Trans>Make the file</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}
