// Raising a concern, and the numbers that stand beside every safety form.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { client, create } from '../api/client';
import { useSave } from '../app/save';
import { TextArea } from '../ui/field';
import { ShortForm } from '../ui/form';
import { say } from '../ui/toast';
import { refreshSafety } from './queries';

export function CrisisNumbers() {
  return (
    <p className="note need-safety">
      <Trans>
        Danger now: <a href="tel:911">911</a>. To talk any time, call or text <a href="tel:988">988</a> (calls
        also in Spanish). Stay with the person until somebody else is.
      </Trans>
    </p>
  );
}

export function RaiseConcern({ patient, onDone }: { patient: string; onDone: () => void }) {
  const [note, setNote] = useState('');
  const raise = useSave(
    (body: { signal: string; note?: string }) =>
      create(`${patient}/safety-events`, body, (key) =>
        client.POST('/api/v1/patients/{patient_id}/safety-events', {
          params: { path: { patient_id: patient }, header: key },
          body,
        }),
      ),
    async () => {
      await refreshSafety(patient);
      say(t`It is on the caseload with a clock.`);
      onDone();
    },
  );
  return (
    <ShortForm
      state={raise}
      look="safety"
      action={<Trans>Raise it</Trans>}
      onSubmit={() => raise.save({ signal: 'staff concern', note: note || undefined })}
      onCancel={onDone}
    >
      <CrisisNumbers />
      <TextArea label={t`What worries you?`} value={note} onChange={setNote} required autoFocus />
    </ShortForm>
  );
}
