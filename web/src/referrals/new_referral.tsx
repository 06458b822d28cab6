// A referral needs a person: found, or new.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call, client, readHeaders } from '../api/client';
import { searchQuery } from '../api/queries';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { LinkButton } from '../ui/button';
import { plainDate } from '../ui/dates';
import { TextField } from '../ui/field';
import { ProblemNote, Skeleton, unreadable } from '../ui/states';
import { stateWords, word } from '../ui/words';
import { NewReferralForm } from './new_referral_form';
import './referrals.css';

const route = getRouteApi('/referrals/new');

export function NewReferralPage() {
  const { patient } = route.useSearch();
  const { can } = useHere();
  useEffect(() => {
    document.title = `${t`New referral`} · Concord`;
  }, []);
  if (!can('referrals.write')) return <NoPermission />;
  return (
    <div className="narrow-page">
      <h1>
        <Trans>New referral</Trans>
      </h1>
      {patient ? <ForPatient id={patient} /> : <Pick />}
    </div>
  );
}

function ForPatient({ id }: { id: string }) {
  const patient = useQuery({
    queryKey: ['patient-row', id],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}', {
          headers: readHeaders(),
          params: { path: { patient_id: id } },
        }),
      ),
  });
  if (patient.isPending) return <Skeleton rows={3} widths={[60]} />;
  if (unreadable(patient))
    return <ProblemNote error={patient.error} onRetry={() => void patient.refetch()} />;
  return (
    <>
      <p className="row-apart">
        <span>
          <span className="strong">
            {patient.data.given_name} {patient.data.family_name}
          </span>
          {patient.data.birth_date && (
            <span className="soft"> {t`born ${plainDate(patient.data.birth_date)}`}</span>
          )}
        </span>
        <Link to="/referrals/new">
          <Trans>Somebody else</Trans>
        </Link>
      </p>
      <NewReferralForm patient={patient.data} />
    </>
  );
}

function Pick() {
  const { can } = useHere();
  const [q, setQ] = useState('');
  const found = useQuery(searchQuery(q));
  const hits = q.trim().length >= 2 ? (found.data?.items ?? []) : [];
  return (
    <>
      <TextField
        label={t`Who is it for?`}
        hint={t`Name, birth date or record number`}
        value={q}
        onChange={setQ}
        type="search"
        autoFocus
      />
      <ul className="pick">
        {hits.map((hit) => (
          <li key={hit.id}>
            <Link to="/referrals/new" search={{ patient: hit.id }}>
              <span className="strong">
                {hit.family_name}, {hit.given_name}
              </span>
              <span className="soft">
                {hit.birth_date && ` ${plainDate(hit.birth_date)}`}{' '}
                {hit.episode_state && word(stateWords, hit.episode_state)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {q.trim().length >= 2 && found.data && hits.length === 0 && (
        <p className="soft" role="status">
          <Trans>Nobody found.</Trans>
        </p>
      )}
      {can('patients.write') && (
        <p>
          <LinkButton to="/patients/new" search={{ next: 'referral' }}>
            <Trans>Add a new patient</Trans>
          </LinkButton>
        </p>
      )}
    </>
  );
}
