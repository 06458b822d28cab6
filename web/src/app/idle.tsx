// The server ends a session after 15 idle minutes. Typing counts as work; two minutes before the end we ask.
import { Trans } from '@lingui/react/macro';
import { useEffect, useState } from 'react';
import { call, client, lastForegroundRequest } from '../api/client';
import { Button } from '../ui/button';
import { Sheet } from '../ui/sheet';
import { useHere } from './session';

const WARN_SECONDS = 120;
const PING_AFTER_SECONDS = 60;

export function IdleWarning() {
  const { session } = useHere();
  const [left, setLeft] = useState<number | null>(null);

  useEffect(() => {
    const stay = () => void call(client.GET('/auth/session')).catch(() => undefined);
    const secondsLeft = () => {
      const idleEnd = lastForegroundRequest() + session.idle_timeout_seconds * 1000;
      return Math.round((Math.min(idleEnd, Date.parse(session.expires_at)) - Date.now()) / 1000);
    };
    const atWork = () => {
      const quiet = (Date.now() - lastForegroundRequest()) / 1000;
      if (quiet > PING_AFTER_SECONDS && secondsLeft() > WARN_SECONDS) stay();
    };
    const timer = setInterval(() => {
      const seconds = secondsLeft();
      setLeft(seconds <= WARN_SECONDS ? seconds : null);
      // The moment of truth: the server decides whether the session is over.
      if (seconds === 0) void call(client.GET('/auth/session', { headers: { 'X-Concord-Background': '1' } })).catch(() => undefined);
    }, 1000);
    window.addEventListener('keydown', atWork);
    window.addEventListener('pointerdown', atWork);
    return () => {
      clearInterval(timer);
      window.removeEventListener('keydown', atWork);
      window.removeEventListener('pointerdown', atWork);
    };
  }, [session]);

  if (left === null || left <= 0) return null;
  const stay = () => {
    setLeft(null);
    void call(client.GET('/auth/session')).catch(() => undefined);
  };
  return (
    <Sheet shape="box" role="alertdialog" title={<Trans>Are you still there?</Trans>}>
      <p>
        <Trans>Concord signs you out soon because nothing happened for a while. What you typed stays on this page.</Trans>
      </p>
      <p className="strong" aria-live="off">
        {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}
      </p>
      <div className="sheet-foot">
        <Button look="primary" onPress={stay}>
          <Trans>Stay signed in</Trans>
        </Button>
      </div>
    </Sheet>
  );
}
