/** @jsxImportSource preact */
// Somebody with a page of their own may also help somebody else: whose page is it now?
import { t } from '@lingui/core/macro';
import { useAct } from './act';
import { auth } from './session';
import type { Session } from './types';
import { Button, Notice, Page, Trouble } from './ui';

export function ChoosePage({
  session,
  onChosen,
}: {
  session: Session;
  onChosen: (session: Session) => void;
}) {
  const act = useAct();
  const open = (grant: string | null) =>
    void act.run(async () => onChosen(await auth<Session>('act-for', { grant_id: grant })));
  return (
    <Page title={t`Whose page do you want to open?`}>
      <Trouble act={act} />
      {session.can_act_for.length === 0 && (
        <Notice>
          <p>{t`There is no page for you to open now. An invitation may have ended. Please ask the person who invited you, or the clinic.`}</p>
        </Notice>
      )}
      <ul class="stack">
        {session.can_act_for.map((one) => (
          <li key={one.grant_id ?? 'self'}>
            <Button
              look={one.kind === 'self' ? 'main' : 'plain'}
              busy={act.saving}
              onClick={() => open(one.grant_id)}
            >
              {one.kind === 'self' ? t`My own page` : t`The page of ${one.given_name}`}
            </Button>
          </li>
        ))}
      </ul>
    </Page>
  );
}
