// Who was sent to us and is not yet seen. Age says how long they have been waiting.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { referralsQuery } from '../api/queries';
import type { Referral } from '../api/types';
import { NoPermission } from '../app/missing';
import { useHere } from '../app/session';
import { Button, LinkButton } from '../ui/button';
import { Choice } from '../ui/choice';
import { ageOn } from '../ui/dates';
import { Sheet } from '../ui/sheet';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { attemptWords, languageWords, modalityWords, outcomeWords, stateWords, word } from '../ui/words';
import { LogAttempt, ReferralOutcome, SeenElsewhere } from './referral_forms';
import './referrals.css';

const route = getRouteApi('/referrals');
const FIRST_TRY_DAYS = 2;
const OUTCOME_DAYS = 14;

/** A referral waits too long: no attempt in two days, no outcome in fourteen (domain.md, referral.waiting). */
export function isLate(referral: Pick<Referral, 'outcome' | 'attempts' | 'age_days'>) {
  const age = referral.age_days ?? 0;
  return (
    !referral.outcome && ((referral.attempts.length === 0 && age > FIRST_TRY_DAYS) || age > OUTCOME_DAYS)
  );
}

export function ReferralsPage() {
  const { can, site, today } = useHere();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const status = search.status ?? 'open';
  const list = useQuery({
    ...referralsQuery({ site: site ?? undefined, status }),
    enabled: can('referrals.read'),
  });
  useEffect(() => {
    document.title = `${t`Referrals`} · Concord`;
  }, []);
  if (!can('referrals.read')) return <NoPermission />;
  const open = (id: string, act: string) => void navigate({ search: (old) => ({ ...old, open: id, act }) });
  const close = () => void navigate({ search: (old) => ({ ...old, open: undefined, act: undefined }) });
  const chosen = list.data?.items.find((one) => one.id === search.open);
  const now = today();
  return (
    <div className="stack">
      <div className="row-apart">
        <div>
          <h1>
            {list.data && status === 'open'
              ? plural(list.data.items.length, {
                  0: 'Nobody is waiting',
                  one: '# person is waiting',
                  other: '# people are waiting',
                })
              : t`Referrals`}
          </h1>
        </div>
        <div className="row">
          <Choice
            label={t`Which`}
            hideLabel
            quiet
            value={status}
            onChange={(value) =>
              void navigate({ search: { status: value === 'open' ? undefined : (value as 'closed') } })
            }
            options={[
              { value: 'open', label: t`Open` },
              { value: 'closed', label: t`Closed` },
              { value: 'all', label: t`All` },
            ]}
          />
          {can('referrals.write') && (
            <LinkButton look="primary" to="/referrals/new">
              <Trans>New referral</Trans>
            </LinkButton>
          )}
        </div>
      </div>
      {unreadable(list) && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton rows={6} />}
      {list.data?.items.length === 0 && (
        <Empty title={status === 'open' ? t`No one is waiting.` : t`No referrals here.`}>
          {status === 'open' && (
            <p>
              <Trans>Everybody who was referred has been reached or has an answer.</Trans>
            </p>
          )}
        </Empty>
      )}
      {!!list.data?.items.length && (
        <ul className="referrals">
          {list.data.items.map((referral) => (
            <Row key={referral.id} referral={referral} today={now} open={open} />
          ))}
        </ul>
      )}
      {chosen && search.act && (
        <Sheet
          title={
            search.act === 'attempt'
              ? t`Log an attempt`
              : search.act === 'seen'
                ? t`Seen elsewhere`
                : t`Close the referral`
          }
          subtitle={`${chosen.patient?.given_name} ${chosen.patient?.family_name}`}
          onClose={close}
        >
          {search.act === 'attempt' && (
            <LogAttempt referral={chosen} patient={chosen.patient?.id ?? ''} today={now} onDone={close} />
          )}
          {search.act === 'outcome' && (
            <ReferralOutcome
              referral={chosen}
              patient={chosen.patient?.id ?? ''}
              today={now}
              onDone={close}
            />
          )}
          {search.act === 'seen' && (
            <SeenElsewhere referral={chosen} patient={chosen.patient?.id ?? ''} today={now} onDone={close} />
          )}
        </Sheet>
      )}
    </div>
  );
}

function Row({
  referral,
  today,
  open,
}: {
  referral: Referral;
  today: string;
  open: (id: string, act: string) => void;
}) {
  const { can } = useHere();
  const { patient } = referral;
  if (!patient) return null;
  const age = referral.age_days ?? 0;
  return (
    <li className="referral">
      <div className="referral-who">
        <h2>
          <Link to="/patients/$patient" params={{ patient: patient.id }}>
            {patient.family_name}, {patient.given_name}
          </Link>
          {patient.birth_date && <span className="soft"> {ageOn(patient.birth_date, today)}</span>}
        </h2>
        <p className="soft small">
          {[
            patient.phone,
            patient.language && patient.language !== 'en' && word(languageWords, patient.language),
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      </div>
      <div className="referral-age">
        <span className={isLate(referral) ? 'need-overdue hue strong' : ''}>
          {referral.outcome
            ? word(outcomeWords, referral.outcome)
            : plural(age, { 0: 'today', one: '# day', other: '# days' })}
        </span>
        {referral.outcome === 'other_level_of_care' && !referral.seen_elsewhere_date && (
          <p className="small need-overdue hue strong">
            <Trans>not yet seen there</Trans>
          </p>
        )}
        {referral.episode_state === 'assessed' && !referral.outcome && (
          <p className="small soft">{word(stateWords, 'assessed')}</p>
        )}
      </div>
      <div className="referral-why">
        <p>{referral.reason}</p>
        <p className="soft small">
          {referral.referred_by}, <When date={referral.received_date} today={today} />
        </p>
        {referral.attempts.length > 0 && (
          <ol className="attempts small">
            {referral.attempts.map((attempt) => (
              <li key={attempt.id}>
                <When date={attempt.on} today={today} />:{' '}
                {word(attemptWords, attempt.result).toLocaleLowerCase()},{' '}
                {word(modalityWords, attempt.modality).toLocaleLowerCase()}
                {attempt.note && <span className="soft">. {attempt.note}</span>}
              </li>
            ))}
          </ol>
        )}
      </div>
      <div className="referral-acts">
        {!referral.outcome && can('referrals.write') && (
          <>
            {can('episodes.write') && (
              <LinkButton small to="/patients/$patient/intake" params={{ patient: patient.id }}>
                <Trans>Intake</Trans>
              </LinkButton>
            )}
            <Button small onPress={() => open(referral.id, 'attempt')}>
              <Trans>Log attempt</Trans>
            </Button>
            <Button small look="quiet" onPress={() => open(referral.id, 'outcome')}>
              <Trans>Close</Trans>
            </Button>
          </>
        )}
        {referral.outcome === 'other_level_of_care' &&
          !referral.seen_elsewhere_date &&
          can('referrals.write') && (
            <Button small onPress={() => open(referral.id, 'seen')}>
              <Trans>Confirm seen</Trans>
            </Button>
          )}
      </div>
    </li>
  );
}
