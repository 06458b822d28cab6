/** @jsxImportSource preact */
// Before something that matters for privacy, the server wants to know once more that it is you: a code, then it goes on.
import { t } from '@lingui/core/macro';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAct } from './act';
import { ApiError } from './api';
import { CodeForm } from './code_form';
import { auth, useHere } from './session';
import { Button, Trouble } from './ui';

export interface StepUp {
  /** Does the work, now or after the code. */
  guard: (work: () => Promise<unknown>) => Promise<void>;
  panel: ComponentChildren;
}

export function useStepUp(): StepUp {
  const [waiting, setWaiting] = useState<(() => Promise<unknown>) | null>(null);
  const guard = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setWaiting(null);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'step_up_needed') throw error;
      setWaiting(() => work);
    }
  };
  return {
    guard,
    panel: waiting && <Panel onProved={waiting} onClose={() => setWaiting(null)} />,
  };
}

function Panel({ onProved, onClose }: { onProved: () => Promise<unknown>; onClose: () => void }) {
  const here = useHere();
  const box = useRef<HTMLElement>(null);
  const [digits, setDigits] = useState<number | null>(null);
  const act = useAct();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the second step gets the focus too
  useEffect(() => box.current?.focus(), [digits]);
  const send = () =>
    void act.run(async () => {
      const sent = await auth<{ digits: number }>('code', {});
      setDigits(sent.digits ?? 8);
    });
  return (
    <section class="card ask-again" ref={box} tabIndex={-1} aria-labelledby="again-heading">
      <h2 id="again-heading">{t`Is it still you?`}</h2>
      <Trouble act={act} again={send} />
      {digits === null ? (
        <>
          <p>{t`This is private. We send you a code first, so that nobody else can do it for you.`}</p>
          <div class="row">
            <Button look="main" busy={act.saving} onClick={send}>
              {t`Send me a code`}
            </Button>
            <Button onClick={onClose}>{t`No, go back`}</Button>
          </div>
        </>
      ) : (
        <CodeForm
          digits={digits}
          onAnother={() => setDigits(null)}
          onDone={(session) => {
            here.took(session);
            void act.run(async () => {
              await onProved();
              onClose();
            });
          }}
        />
      )}
    </section>
  );
}
