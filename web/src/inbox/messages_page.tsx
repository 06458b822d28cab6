// What patients wrote: who waits longest stands first.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ThreadHead } from '../api/patient_side';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { type MessagesShown, patientMessagesQuery } from '../conversations/patient_queries';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, dueWords, shortDate } from '../ui/dates';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { waitedWords } from '../ui/waited';
import { InboxTabs } from './tabs';

const route = getRouteApi('/inbox/messages');

export function InboxMessagesPage() {
  const { can, site } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state: MessagesShown = search.state ?? 'unanswered';
  const [pages, setPages] = useState<string[]>([]);
  const list = useQuery({
    ...patientMessagesQuery(state, site ?? undefined),
    enabled: can('patient_inbox.read'),
  });
  useEffect(() => {
    document.title = `${t`Messages`} · Concord`;
  }, []);
  if (!can('patient_inbox.read')) return <NoPermission />;
  const waiting = list.data?.unanswered ?? 0;
  return (
    <div className="inbox">
      <InboxTabs />
      <header className="row-apart">
        <h1>
          {list.data && state === 'unanswered'
            ? plural(waiting, {
                0: 'Every message is answered',
                one: '# patient waits for an answer',
                other: '# patients wait for an answer',
              })
            : t`Messages from patients`}
        </h1>
        <Choice
          label={t`Which`}
          hideLabel
          quiet
          value={state}
          onChange={(value) => {
            setPages([]);
            void navigate({
              search: { state: value === 'unanswered' ? undefined : (value as 'mine' | 'all') },
            });
          }}
          options={[
            { value: 'unanswered', label: t`Not answered` },
            { value: 'mine', label: t`To me` },
            { value: 'all', label: t`All` },
          ]}
        />
      </header>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[12, 40, 16]} />}
      {list.data?.items.length === 0 && (
        <Empty title={state === 'unanswered' ? t`Nobody waits for an answer.` : t`No messages.`}>
          <p>
            <Trans>Patients write from their portal. They are told when an answer comes.</Trans>
          </p>
        </Empty>
      )}
      {!!list.data?.items.length && <Rows items={list.data.items} />}
      {pages.map((after) => (
        <Page
          key={after}
          state={state}
          site={site ?? undefined}
          after={after}
          onMore={after === pages.at(-1) ? (next) => setPages([...pages, next]) : undefined}
        />
      ))}
      {list.data?.next && pages.length === 0 && (
        <div className="no-print">
          <Button onPress={() => setPages([list.data.next!])}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

function Page({
  state,
  site,
  after,
  onMore,
}: {
  state: MessagesShown;
  site?: string;
  after: string;
  onMore?: (next: string) => void;
}) {
  const page = useQuery(patientMessagesQuery(state, site, after));
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Skeleton rows={4} widths={[12, 40, 16]} />;
  return (
    <>
      <Rows items={page.data.items} />
      {onMore && page.data.next && (
        <div>
          <Button onPress={() => onMore(page.data.next!)}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </>
  );
}

function Rows({ items }: { items: ThreadHead[] }) {
  const { zone, today } = useHere();
  return (
    <ul>
      {items.map((one) => {
        const waits = one.state === 'waiting' && one.waiting_since;
        return (
          <li key={one.thread_id} className="inbox-row" data-thread={one.thread_id}>
            <span className={one.overdue ? 'need-overdue hue strong' : waits ? 'strong' : 'soft'}>
              {waits
                ? waitedWords(one.waiting_since!)
                : shortDate(dateOf(one.last_at, zone(one.site_id)), today(one.site_id))}
              {waits && one.answer_due && (
                <span className="small block-words">
                  {t`answer ${dueWords(one.answer_due, today(one.site_id))}`}
                </span>
              )}
            </span>
            <div>
              <p>
                <Link to="/patients/$patient" params={{ patient: one.patient.id }} className="strong">
                  {one.patient.name}
                </Link>{' '}
                {one.subject}
              </p>
              <p className="soft inbox-said">
                {one.last_by === 'staff' && `${t`You or a colleague`}: `}
                {one.last_words}
              </p>
              <p className="small soft">
                {one.addressee ? t`to ${one.addressee.name}` : t`to the team`}
                {one.last_by === 'trusted_person' && `, ${t`written by a trusted person`}`}
                {one.state === 'closed' && `, ${t`closed without an answer`}`}
              </p>
            </div>
            <LinkButton
              small
              to="/patients/$patient"
              params={{ patient: one.patient.id }}
              search={{ do: 'messages', id: one.thread_id }}
              aria-label={
                one.state === 'waiting' ? t`Answer: ${one.patient.name}` : t`Show: ${one.patient.name}`
              }
            >
              {one.state === 'waiting' ? <Trans>Answer</Trans> : <Trans>Show</Trans>}
            </LinkButton>
          </li>
        );
      })}
    </ul>
  );
}
