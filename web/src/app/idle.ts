// The server ends a session after 15 idle minutes. Typing counts as work; two minutes before the end we ask.
import { useEffect, useState } from 'react';
import { call, client, lastForegroundRequest } from '../api/client';
import { queryClient, sessionQuery } from '../api/queries';
import type { Session } from '../api/types';

const WARN_SECONDS = 120;
const PING_AFTER_SECONDS = 60;

const SLACK_SECONDS = 30;

const ask = (headers?: Record<string, string>) =>
  void call(client.GET('/auth/session', { headers }))
    .then((session) => queryClient.setQueryData(sessionQuery.queryKey, session))
    .catch(() => undefined);

/**
 * Seconds until the session ends, by this page's clock; it may end earlier when another page signed out.
 * `readAt` is when the session was read: an end nearer than the idle time was then the absolute one.
 */
export function secondsLeft(session: Session, readAt: number, lastWork: number, now: number) {
  const idle = session.idle_timeout_seconds * 1000;
  const stated = Date.parse(session.expires_at);
  const absolute = stated < readAt + idle - SLACK_SECONDS * 1000 ? stated : Number.POSITIVE_INFINITY;
  return Math.round((Math.min(lastWork + idle, absolute) - now) / 1000);
}

export function useIdle(session: Session, watching: boolean) {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (!watching) return setLeft(null);
    const readAt = queryClient.getQueryState(sessionQuery.queryKey)?.dataUpdatedAt ?? Date.now();
    const seconds = () => secondsLeft(session, readAt, lastForegroundRequest(), Date.now());
    const atWork = () => {
      if ((Date.now() - lastForegroundRequest()) / 1000 > PING_AFTER_SECONDS && seconds() > WARN_SECONDS)
        ask();
    };
    let asked = false;
    const timer = setInterval(() => {
      const now = seconds();
      setLeft(now > 0 && now <= WARN_SECONDS ? now : null);
      // The server decides whether the session is over; a background request cannot extend it.
      if (now <= 0 && !asked) ask({ 'X-Concord-Background': '1' });
      asked = now <= 0;
    }, 1000);
    window.addEventListener('keydown', atWork);
    window.addEventListener('pointerdown', atWork);
    return () => {
      clearInterval(timer);
      window.removeEventListener('keydown', atWork);
      window.removeEventListener('pointerdown', atWork);
    };
  }, [session, watching]);
  return {
    left,
    stay: () => {
      setLeft(null);
      ask();
    },
  };
}
