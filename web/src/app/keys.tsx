import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Sheet } from '../ui/sheet';

export default function Keys({ onClose }: { onClose: () => void }) {
  const keys: [string, string][] = [
    ['/', t`Find a patient`],
    ['j', t`Next row`],
    ['k', t`Previous row`],
    ['Enter', t`Open the patient`],
    ['c', t`New contact for this row or patient`],
    ['w', t`Why now: rule, evidence, source`],
    ['n', t`Next person in the review`],
    ['p', t`Previous person in the review`],
    ['Shift ↑ ↓', t`Move a person on the agenda`],
    ['Esc', t`Close what is open`],
    ['?', t`This list`],
  ];
  return (
    <Sheet shape="box" title={<Trans>All keys</Trans>} onClose={onClose}>
      <dl className="facts">
        {keys.map(([key, meaning]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <kbd className="key">{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
