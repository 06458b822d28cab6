import { Trans } from '@lingui/react/macro';
import { Button } from '../ui/button';
import { Sheet } from '../ui/sheet';

export default function IdleWarning({ left, onStay }: { left: number; onStay: () => void }) {
  return (
    <Sheet shape="box" role="alertdialog" title={<Trans>Are you still there?</Trans>}>
      <p>
        <Trans>
          Concord signs you out soon because nothing happened for a while. What you typed stays on this page.
        </Trans>
      </p>
      <p className="strong" aria-live="off">
        {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}
      </p>
      <div className="sheet-foot">
        <Button look="primary" onPress={onStay}>
          <Trans>Stay signed in</Trans>
        </Button>
      </div>
    </Sheet>
  );
}
