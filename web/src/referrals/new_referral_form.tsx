import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client, create } from '../api/client';
import { refreshPatient } from '../api/queries';
import type { Patient } from '../api/types';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { DateField, Select, TextArea, TextField } from '../ui/field';
import { ShortForm } from '../ui/form';
import { issueFor } from '../ui/states';
import { say } from '../ui/toast';

type Body = {
  patient_id: string;
  site_id: string;
  referred_by: string;
  reason: string;
  received_date?: string;
};

export function NewReferralForm({
  patient,
  onDone,
}: {
  patient: Pick<Patient, 'id' | 'site_id'>;
  onDone?: () => void;
}) {
  const { session, today, hasRole } = useHere();
  const navigate = useNavigate();
  const [site, setSite] = useState(patient.site_id);
  const [by, setBy] = useState(hasRole('pcp') ? session.user.display_name : '');
  const [reason, setReason] = useState('');
  const [date, setDate] = useState(today(patient.site_id));
  const refer = useSave(
    (body: Body) =>
      create('referrals', body, (key) => client.POST('/api/v1/referrals', { params: { header: key }, body })),
    async () => {
      await refreshPatient(patient.id);
      say(t`Referred. It stands in the list with its age.`);
      onDone?.();
      await navigate({ to: '/patients/$patient', params: { patient: patient.id } });
    },
  );
  return (
    <ShortForm
      state={refer}
      action={<Trans>Refer</Trans>}
      onSubmit={() =>
        refer.save({ patient_id: patient.id, site_id: site, referred_by: by, reason, received_date: date })
      }
      onCancel={onDone}
    >
      <TextField
        label={t`Referred by`}
        value={by}
        onChange={setBy}
        required
        error={issueFor(refer.error, 'referred_by')}
      />
      <TextArea
        label={t`Why`}
        hint={t`What the visit showed, and what the patient hopes for`}
        value={reason}
        onChange={setReason}
        required
        error={issueFor(refer.error, 'reason')}
      />
      <div className="pair">
        <DateField
          label={t`Received on`}
          value={date}
          onChange={setDate}
          max={today(site)}
          required
          error={issueFor(refer.error, 'received_date')}
        />
        {session.sites.length > 1 && (
          <Select
            label={t`Site`}
            value={site}
            onChange={setSite}
            options={session.sites.map((one) => ({ value: one.id, label: one.name }))}
            error={issueFor(refer.error, 'site_id')}
          />
        )}
      </div>
    </ShortForm>
  );
}
