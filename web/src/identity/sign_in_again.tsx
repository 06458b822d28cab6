import { Trans } from '@lingui/react/macro';
import type { Session } from '../api/types';
import { Sheet } from '../ui/sheet';
import { SignInForm } from './sign_in';

export default function SignInAgain({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  return (
    <Sheet
      shape="box"
      role="alertdialog"
      title={<Trans>Your session has ended</Trans>}
      subtitle={<Trans>Sign in to go on where you were. What you typed is still here.</Trans>}
    >
      <SignInForm onSignedIn={onSignedIn} />
    </Sheet>
  );
}
