// What somebody wanted me to know, newest first. Opening one marks it as read.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { call, client } from '../api/client';
import { queryClient } from '../api/queries';
import type { NoticeRow } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { agoWords, dateOf, timeOf } from '../ui/dates';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { placeOf } from './place';
import { noticesQuery } from './queries';
import './notices.css';

export const markRead = (ids: string[] | 'all') =>
  call(
    client.POST('/api/v1/notices/read', { body: ids === 'all' ? { all: true } : { notice_ids: ids } }),
  ).then(() => queryClient.invalidateQueries({ queryKey: ['notices'] }));

export function NoticesPage() {
  const list = useInfiniteQuery(noticesQuery);
  const all = useSave(
    () => markRead('all'),
    () => undefined,
  );
  useEffect(() => {
    document.title = `${t`Notices`} · Concord`;
  }, []);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = list.data?.pages[0]?.unread ?? 0;
  return (
    <div className="stack notices">
      <div className="row-apart">
        <h1>
          {list.data
            ? plural(unread, { 0: 'No new notices', one: '# new notice', other: '# new notices' })
            : t`Notices`}
        </h1>
        {unread > 0 && (
          <Button onPress={() => all.save(undefined)} isPending={all.saving}>
            <Trans>Mark all as read</Trans>
          </Button>
        )}
      </div>
      {!!all.error && <ProblemNote error={all.error} />}
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={4} widths={[60, 16]} />}
      {list.data && items.length === 0 && (
        <Empty title={t`Nothing here yet.`}>
          <p>
            <Trans>Safety signals, recommendations, questions and mentions for you appear here.</Trans>
          </p>
        </Empty>
      )}
      <ul className="notice-list">
        {items.map((notice) => (
          <Row key={notice.id} notice={notice} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>
            <Trans>Earlier ones</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ notice }: { notice: NoticeRow }) {
  const { zone, today: todayAt } = useHere();
  const day = dateOf(notice.made_at, zone());
  const today = todayAt();
  return (
    <li className={notice.read_at ? 'notice' : 'notice notice-new'}>
      <Link
        {...placeOf(notice)}
        onClick={() => {
          if (!notice.read_at) void markRead([notice.id]).catch(() => undefined);
        }}
      >
        <span>
          {notice.text}
          {!notice.read_at && <span className="hidden-text"> {t`(new)`}</span>}
        </span>
        <span className="small soft nowrap">
          {notice.urgent && <span className="need-safety hue strong">{t`urgent`}, </span>}
          {day === today ? timeOf(notice.made_at, zone()) : agoWords(day, today)}
        </span>
      </Link>
    </li>
  );
}
