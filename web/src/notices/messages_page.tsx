// Mail and text messages on their way: what was not delivered stands first and can be sent again.
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { act, read } from '../api/ask';
import { queryClient } from '../api/queries';
import type { OutMessage } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { kindWords } from '../messaging/words';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, shortDate, timeOf } from '../ui/dates';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { say } from '../ui/toast';
import { type Words, word } from '../ui/words';
import './notices.css';

const route = getRouteApi('/messages');
/** A message to a patient names nobody: the address is masked. */
type Out = OutMessage & { patient_id?: string | null };
interface Listed {
  items: Out[];
  counts: { dead: number; queued: number; retrying: number; sent_today: number };
}
interface Retried {
  retried: number;
  not_possible?: string[];
}
export const MESSAGE_STATES = ['dead', 'retrying', 'queued', 'sent'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];
const stateNames: Words = {
  dead: msg`Not delivered`,
  retrying: msg`Tried again`,
  queued: msg`Waiting`,
  sent: msg`Sent`,
};
const outcomes: Words = { sent: msg`sent`, failed: msg`failed`, lost: msg`not known what happened` };

export function MessagesPage() {
  const { can } = useHere();
  const search = route.useSearch();
  const navigate = useNavigate();
  const state: MessageState = search.state ?? 'dead';
  const to = search.to;
  const list = useQuery({
    queryKey: ['notices', 'messages', state, to ?? ''],
    queryFn: () => read<Listed>('/api/v1/messages', { state, to, limit: 100 }),
    enabled: can('messages.manage'),
  });
  const retry = useSave(
    (ids: string[]) => act<Retried>('POST', '/api/v1/messages/retry', { message_ids: ids }),
    async (answer) => {
      const n = answer.retried;
      const lost = answer.not_possible?.length ?? 0;
      say(
        [
          plural(n, { one: '# message is tried again.', other: '# messages are tried again.' }),
          lost > 0 &&
            plural(lost, {
              one: '# cannot be: its link was wiped. Send a new one from the patient’s page.',
              other: '# cannot be: their links were wiped. Send new ones from the patients’ pages.',
            }),
        ]
          .filter(Boolean)
          .join(' '),
      );
      await queryClient.invalidateQueries({ queryKey: ['notices'] });
    },
  );
  useEffect(() => {
    document.title = `${t`Messages`} · Concord`;
  }, []);
  if (!can('messages.manage')) return <NoPermission />;
  const items = list.data?.items ?? [];
  const dead = list.data?.counts.dead ?? 0;
  return (
    <div className="stack notices">
      <div className="row-apart">
        <div>
          <h1>
            {list.data
              ? plural(dead, {
                  0: 'Every message was delivered',
                  one: '# message was not delivered',
                  other: '# messages were not delivered',
                })
              : t`Messages`}
          </h1>
          {list.data && (
            <p className="soft">
              {t`${list.data.counts.queued + list.data.counts.retrying} waiting, ${list.data.counts.sent_today} sent today`}
            </p>
          )}
        </div>
        {state === 'dead' && items.length > 0 && (
          <Button
            look="primary"
            isPending={retry.saving}
            onPress={() => retry.save(items.map((one) => one.id))}
          >
            <Trans>Send all again</Trans>
          </Button>
        )}
      </div>
      <Choice
        label={t`Which`}
        hideLabel
        quiet
        value={state}
        onChange={(value) =>
          void navigate({
            to: '/messages',
            search: { state: value === 'dead' ? undefined : (value as MessageState), to },
          })
        }
        options={MESSAGE_STATES.map((value) => ({ value, label: word(stateNames, value) }))}
      />
      <Choice
        label={t`To whom`}
        hideLabel
        quiet
        value={to ?? 'all'}
        onChange={(value) =>
          void navigate({
            to: '/messages',
            search: { state: search.state, to: value === 'all' ? undefined : (value as 'staff') },
          })
        }
        options={[
          { value: 'all', label: t`Everybody` },
          { value: 'staff', label: t`Colleagues` },
          { value: 'patients', label: t`Patients` },
        ]}
      />
      {!!retry.error && <ProblemNote error={retry.error} focus />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={3} widths={[20, 40]} />}
      {list.data && items.length === 0 && <Empty title={t`Nothing here.`} />}
      <ul className="plain-rows">
        {items.map((one) => (
          <Row key={one.id} one={one} onRetry={() => retry.save([one.id])} />
        ))}
      </ul>
    </div>
  );
}

function Row({ one, onRetry }: { one: Out; onRetry: () => void }) {
  const { zone: zoneAt, today } = useHere();
  const zone = zoneAt();
  const when = (instant: string) => `${shortDate(dateOf(instant, zone), today())} ${timeOf(instant, zone)}`;
  return (
    <li className="plain-row row-apart">
      <div>
        <p>
          <span className="strong">{one.to?.name ?? (one.patient_id ? t`A patient` : '')}</span>{' '}
          <span className="soft">
            {one.channel === 'mail' ? t`mail` : t`text message`}, {one.address}
          </span>
        </p>
        <p className="small soft">
          {word(kindWords, one.kind)}, {when(one.queued_at)}
        </p>
        {one.attempts.length > 0 && (
          <details className="small">
            <summary className="soft">
              {plural(one.attempts.length, { one: '# attempt', other: '# attempts' })}
            </summary>
            <ol>
              {one.attempts.map((attempt) => (
                <li key={attempt.number}>
                  {when(attempt.at)}: {word(outcomes, attempt.outcome)}
                  {attempt.detail && <span className="soft"> {attempt.detail}</span>}
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
      {one.state === 'dead' && (
        <Button small onPress={onRetry}>
          <Trans>Send again</Trans>
        </Button>
      )}
    </li>
  );
}
