// Answers that came from home or the tablet and that nobody has read: the longest waiting first, one press opens them.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { InboxCheckIn } from '../api/patient_side';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { AnswersOf } from '../checkins/answers_sheet';
import { checkInInboxQuery } from '../checkins/queries';
import { checkInState, formsWords } from '../checkins/words';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { dateOf, shortDate } from '../ui/dates';
import { Sheet } from '../ui/sheet';
import { Empty, NeedChip, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { waitedWords } from '../ui/waited';
import { InboxTabs } from './tabs';

const route = getRouteApi('/inbox/answers');
type Shown = 'unseen' | 'open' | 'doubted';

export function InboxAnswersPage() {
  const { can, site } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const state: Shown = search.state ?? 'unseen';
  const [pages, setPages] = useState<string[]>([]);
  const list = useQuery({ ...checkInInboxQuery(state), enabled: can('checkins.read') });
  useEffect(() => {
    document.title = `${t`Answers`} · Concord`;
  }, []);
  if (!can('checkins.read')) return <NoPermission />;
  const here = (items: InboxCheckIn[]) => items.filter((one) => !site || one.site_id === site);
  const items = here(list.data?.items ?? []);
  const opened = items.find((one) => one.id === search.open);
  const go = (change: { state?: 'open' | 'doubted'; open?: string }) => {
    if ('state' in change) setPages([]);
    void navigate({ search: (old) => ({ ...old, ...change }) });
  };
  const close = () => go({ open: undefined });
  return (
    <div className="inbox">
      <InboxTabs />
      <header className="row-apart">
        <h1>
          {list.data && state === 'unseen'
            ? plural(items.length, {
                0: 'All answers have been read',
                one: '# check-in nobody has read',
                other: '# check-ins nobody has read',
              })
            : t`Answers`}
        </h1>
        <Choice
          label={t`Which`}
          hideLabel
          quiet
          value={state}
          onChange={(value) => go({ state: value === 'unseen' ? undefined : (value as 'open') })}
          options={[
            { value: 'unseen', label: t`Not read` },
            { value: 'open', label: t`Under way` },
            { value: 'doubted', label: t`Went wrong` },
          ]}
        />
      </header>
      {state === 'doubted' && (
        <p className="soft">
          <Trans>
            Somebody said “this is not me”, or the birth date did not match. Check phone and mail with the
            patient before you send again.
          </Trans>
        </p>
      )}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[12, 40, 16]} />}
      {list.data && items.length === 0 && (
        <Empty
          title={
            state === 'unseen'
              ? t`Nothing waits to be read.`
              : state === 'open'
                ? t`Nobody has a form in their hands.`
                : t`Every link reached its patient.`
          }
        >
          {state === 'unseen' && (
            <p>
              <Trans>What patients answer from home comes in here, and stays until somebody reads it.</Trans>
            </p>
          )}
        </Empty>
      )}
      {items.length > 0 && <Rows items={items} state={state} onOpen={(id) => go({ open: id })} />}
      {pages.map((after) => (
        <More key={after} state={state} after={after} here={here} onOpen={(id) => go({ open: id })} />
      ))}
      {list.data?.next && pages.length === 0 && (
        <div className="no-print">
          <Button onPress={() => setPages([list.data.next!])}>
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
      {opened && <AnswersSheet one={opened} onClose={close} />}
    </div>
  );
}

function More({
  state,
  after,
  here,
  onOpen,
}: {
  state: Shown;
  after: string;
  here: (items: InboxCheckIn[]) => InboxCheckIn[];
  onOpen: (id: string) => void;
}) {
  const page = useQuery(checkInInboxQuery(state, after));
  const [next, setNext] = useState(false);
  if (unreadable(page)) return <ProblemNote error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Skeleton rows={4} widths={[12, 40, 16]} />;
  return (
    <>
      <Rows items={here(page.data.items)} state={state} onOpen={onOpen} />
      {page.data.next &&
        (next ? (
          <More state={state} after={page.data.next} here={here} onOpen={onOpen} />
        ) : (
          <div>
            <Button onPress={() => setNext(true)}>
              <Trans>Show more</Trans>
            </Button>
          </div>
        ))}
    </>
  );
}

function AnswersSheet({ one, onClose }: { one: InboxCheckIn; onClose: () => void }) {
  const { today } = useHere();
  return (
    <Sheet
      title={t`Answers`}
      subtitle={
        <Link to="/patients/$patient" params={{ patient: one.patient.id }}>
          {one.patient.given_name} {one.patient.family_name}
        </Link>
      }
      onClose={onClose}
    >
      <AnswersOf one={one} patient={one.patient} today={today(one.site_id)} onSeen={onClose} />
    </Sheet>
  );
}

function Rows({
  items,
  state,
  onOpen,
}: {
  items: InboxCheckIn[];
  state: Shown;
  onOpen: (id: string) => void;
}) {
  const { zone, today, can } = useHere();
  return (
    <ul>
      {items.map((one) => {
        const since = one.ended_at ?? one.started_at ?? one.sent_at ?? one.made_at;
        return (
          <li key={one.id} className="inbox-row" data-check-in={one.id}>
            <span className={one.safety && state === 'unseen' ? 'need-safety hue strong' : 'soft'}>
              {state === 'unseen'
                ? waitedWords(since)
                : shortDate(dateOf(since, zone(one.site_id)), today(one.site_id))}
            </span>
            <div>
              <p>
                <Link to="/patients/$patient" params={{ patient: one.patient.id }} className="strong">
                  {one.patient.family_name}, {one.patient.given_name}
                </Link>
              </p>
              <p className="soft">
                {formsWords(one)}
                {state !== 'unseen' && `, ${checkInState(one)}`}
                {!one.identity_verified && state === 'unseen' && (
                  <>
                    , <Trans>identity not checked</Trans>
                  </>
                )}
                {one.on_behalf && (
                  <>
                    , <Trans>answered by a trusted person</Trans>
                  </>
                )}
              </p>
              {one.safety && state === 'unseen' && <NeedChip need="safety" />}
            </div>
            {state === 'unseen' ? (
              <Button
                small
                onPress={() => onOpen(one.id)}
                aria-label={t`Read: ${one.patient.given_name} ${one.patient.family_name}`}
              >
                <Trans>Read</Trans>
              </Button>
            ) : (
              can('checkins.write') && (
                <LinkButton
                  small
                  to="/patients/$patient"
                  params={{ patient: one.patient.id }}
                  search={{ do: 'check_in' }}
                >
                  <Trans>Check-ins</Trans>
                </LinkButton>
              )
            )}
          </li>
        );
      })}
    </ul>
  );
}
