// A new person, with a look first whether they are here already.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiError, client, create } from '../api/client';
import type { NewPatient } from '../api/types';
import { NoPermission } from '../app/missing';
import { useSave } from '../app/save';
import { useHere } from '../app/session';
import { Button } from '../ui/button';
import { plainDate } from '../ui/dates';
import { ShortForm } from '../ui/form';
import { say } from '../ui/toast';
import { emptyPatient, PatientFields, patientBody } from './patient_forms';
import '../referrals/referrals.css';

const route = getRouteApi('/patients/new');

export function NewPatientPage() {
  const { can, session, site } = useHere();
  const { next } = route.useSearch();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => emptyPatient(site ?? session.sites[0]?.id ?? ''));
  const add = useSave(
    (body: NewPatient) =>
      create('patients', body, (key) => client.POST('/api/v1/patients', { params: { header: key }, body })),
    async (patient) => {
      say(t`${patient.given_name} ${patient.family_name} is in the registry.`);
      if (next === 'referral') await navigate({ to: '/referrals/new', search: { patient: patient.id } });
      else await navigate({ to: '/patients/$patient', params: { patient: patient.id } });
    },
  );
  useEffect(() => {
    document.title = `${t`New patient`} · Concord`;
  }, []);
  if (!can('patients.write')) return <NoPermission />;
  const duplicates =
    add.error instanceof ApiError && add.error.code === 'possible_duplicate'
      ? (add.error.problem.duplicates ?? [])
      : [];
  const body = patientBody(draft);
  return (
    <div className="narrow-page">
      <h1>
        <Trans>New patient</Trans>
      </h1>
      <ShortForm
        state={duplicates.length ? { saving: add.saving, error: null } : add}
        action={<Trans>Add the patient</Trans>}
        onSubmit={() => add.save(body)}
      >
        <PatientFields draft={draft} onChange={setDraft} error={add.error} />
        {duplicates.length > 0 && (
          <div className="note" role="alert">
            <h2>
              <Trans>This person may be here already.</Trans>
            </h2>
            <ul>
              {duplicates.map((hit) => (
                <li key={hit.id}>
                  <Link to="/patients/$patient" params={{ patient: hit.id }}>
                    {hit.family_name}, {hit.given_name}
                  </Link>
                  {hit.birth_date && <>, {plainDate(hit.birth_date)}</>}{' '}
                  <span className="soft">
                    {hit.because === 'identifier' ? t`same record number` : t`same name and birth date`}
                  </span>
                </li>
              ))}
            </ul>
            <p style={{ marginTop: 12 }}>
              <Button onPress={() => add.save({ ...body, accept_duplicate: true })} isPending={add.saving}>
                <Trans>It is somebody else: add them</Trans>
              </Button>
            </p>
          </div>
        )}
      </ShortForm>
    </div>
  );
}
