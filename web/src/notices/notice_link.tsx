// The address in a mail or a text message: asks what it was about, marks it as read, and goes on to its place.
import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { markRead } from './notices_page';
import { placeOf } from './place';
import { noticeQuery } from './queries';

const route = getRouteApi('/notices/$notice');

export function NoticeLink() {
  const { notice } = route.useParams();
  const read = useQuery(noticeQuery(notice));
  const found = read.data?.items.find((one) => one.id === notice);
  useEffect(() => {
    if (found && !found.read_at) void markRead([found.id]).catch(() => undefined);
  }, [found]);
  if (unreadable(read)) return <ProblemNote error={read.error} onRetry={() => void read.refetch()} />;
  if (read.isPending) return <Skeleton rows={3} widths={[50]} />;
  if (!found) return <Empty page title={t`This notice is not for you, or it is gone.`} />;
  return <Navigate {...placeOf(found)} replace />;
}
