/** @jsxImportSource preact */
// The server ends a session that nobody uses. Writing counts as use; two and a half minutes before the end we ask.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'preact/hooks';
import { sessionEnds } from './api';
import { readSession } from './session';
import { Button } from './ui';

export const WARN_SECONDS = 150;
const PING_AFTER_SECONDS = 60;

/** Seconds until the session ends; null when the server has not said. */
export const secondsLeft = (ends: number | null, now: number) =>
  ends === null ? null : Math.round((ends - now) / 1000);

export function IdleWarning({ watching }: { watching: boolean }) {
  const [left, setLeft] = useState<number | null>(null);
  const box = useRef<HTMLDialogElement>(null);
  const extend = () => {
    setLeft(null);
    void readSession().catch(() => undefined);
  };
  useEffect(() => {
    if (!watching) return setLeft(null);
    let pinged = Date.now();
    let asked = false;
    const atWork = () => {
      const seconds = secondsLeft(sessionEnds(), Date.now());
      if (Date.now() - pinged < PING_AFTER_SECONDS * 1000 || seconds === null || seconds <= WARN_SECONDS)
        return;
      pinged = Date.now();
      void readSession().catch(() => undefined);
    };
    const timer = setInterval(() => {
      const seconds = secondsLeft(sessionEnds(), Date.now());
      setLeft(seconds !== null && seconds > 0 && seconds <= WARN_SECONDS ? seconds : null);
      // The server decides whether it is over; a background question cannot extend it.
      if (seconds !== null && seconds <= 0 && !asked) void readSession(true).catch(() => undefined);
      asked = seconds !== null && seconds <= 0;
    }, 1000);
    addEventListener('keydown', atWork);
    addEventListener('pointerdown', atWork);
    return () => {
      clearInterval(timer);
      removeEventListener('keydown', atWork);
      removeEventListener('pointerdown', atWork);
    };
  }, [watching]);
  const open = left !== null;
  useEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  const minutes = Math.floor((left ?? 0) / 60);
  const seconds = String((left ?? 0) % 60).padStart(2, '0');
  return (
    <dialog ref={box} class="ask" aria-labelledby="idle-heading" onCancel={extend}>
      <h2 id="idle-heading">{t`Are you still there?`}</h2>
      <p>{t`To keep your page private, you will be signed out soon. What you wrote stays here.`}</p>
      <p aria-hidden="true" class="big">
        {minutes}:{seconds}
      </p>
      <Button look="main" onClick={extend}>
        {t`Stay signed in`}
      </Button>
    </dialog>
  );
}
