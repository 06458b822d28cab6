/** @jsxImportSource preact */
// The code that came by mail or text: for signing in, for joining, and to show that it is still you.
import { t } from '@lingui/core/macro';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type Issue, useAct } from './act';
import { ApiError } from './api';
import { auth } from './session';
import type { Session } from './types';
import { Button, ErrorSummary, TextField, Trouble } from './ui';

export function CodeForm({
  digits,
  onDone,
  onAnother,
  page,
}: {
  digits: number;
  onDone: (session: Session) => void;
  onAnother: () => void;
  /** The page around it, which then says above its heading what is wrong. */
  page?: (form: VNode, issues: Issue[]) => VNode;
}) {
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState<Issue[]>([]);
  const act = useAct();
  const plain = code.replace(/\D/g, '');
  const submit = async () => {
    setWrong([]);
    if (plain.length !== digits)
      return setWrong([{ field: 'code', text: t`Enter the ${digits} numbers of your code.` }]);
    await act.run(async () => {
      try {
        onDone(await auth<Session>('code/verify', { code: plain }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401)
          setWrong([
            { field: 'code', text: t`This code does not work. Check the numbers, or ask for a new code.` },
          ]);
        else throw error;
      }
    });
  };
  const form = (
    <form
      class="stack"
      noValidate
      onSubmit={(event: Event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {!page && <ErrorSummary issues={wrong} />}
      <Trouble act={act} again={submit} />
      <TextField
        id="code"
        label={t`Your code`}
        hint={t`${digits} numbers. It works for 10 minutes.`}
        issues={wrong}
        value={code}
        onValue={setCode}
        short
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={digits + 4}
      />
      <div class="row">
        <Button type="submit" look="main" busy={act.saving}>
          {t`Continue`}
        </Button>
        <Button look="quiet" onClick={onAnother}>
          {t`I did not get a code`}
        </Button>
      </div>
    </form>
  );
  return page ? page(form, wrong) : form;
}
