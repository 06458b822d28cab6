// The frame of every short form: problem on top, fields, one strong button, a way out.
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Save } from '../app/save';
import { Button, type Look } from './button';
import { ProblemNote } from './states';

interface Props {
  state: Pick<Save<never>, 'saving' | 'error'>;
  onSubmit: () => void;
  onCancel?: () => void;
  action: ReactNode;
  look?: Look;
  disabled?: boolean;
  children: ReactNode;
}

export function ShortForm({
  state,
  onSubmit,
  onCancel,
  action,
  look = 'primary',
  disabled,
  children,
}: Props) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {!!state.error && <ProblemNote error={state.error} focus />}
      {children}
      <div className="sheet-foot">
        <Button look={look} type="submit" isPending={state.saving} isDisabled={disabled}>
          {action}
        </Button>
        {onCancel && (
          <Button look="quiet" onPress={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
