/** @jsxImportSource preact */
// Help with housing, food, work and the rest: what was found, where we asked, whether somebody saw you.
import { t } from '@lingui/core/macro';
import { useAct } from './act';
import { post } from './api';
import { plainDate } from './dates';
import { Phone } from './help';
import { useHere } from './session';
import { changed, useView } from './store';
import type { Community } from './types';
import { Button, H2, H3, Page, Shown, Sure, Trouble } from './ui';

export function needWords(kind: string): string {
  switch (kind) {
    case 'housing':
      return t`Housing`;
    case 'food':
      return t`Food`;
    case 'transport':
      return t`Getting around`;
    case 'utilities':
      return t`Power, water and heating`;
    case 'work':
      return t`Work`;
    case 'money':
      return t`Money`;
    case 'law':
      return t`Legal help`;
    case 'child_care':
      return t`Child care`;
    case 'education':
      return t`School and learning`;
    case 'health_access':
      return t`Getting health care`;
    case 'company':
      return t`Company`;
    default:
      return t`Something else`;
  }
}
const shareWords = (share: string): string =>
  ({
    name: t`your name`,
    phone: t`your phone number`,
    address: t`your address`,
    email: t`your email address`,
    language: t`your language`,
    need: t`what you need`,
    best_time: t`when to reach you`,
  })[share] ?? share;

export default function CommunityPage() {
  const community = useView<Community>('community');
  return (
    <Page title={t`Help with daily needs`}>
      <Shown of={community}>
        {(data) => (
          <>
            {data.needs.length === 0 && data.referrals.length === 0 && (
              <p>{t`Worries about housing, food, work or money? Tell your team. They know who can help.`}</p>
            )}
            {data.needs.length > 0 && (
              <section>
                <H2>{t`What you told us`}</H2>
                <ul class="rows tall">
                  {data.needs.map((one) => (
                    <Need key={one.id} need={one} />
                  ))}
                </ul>
              </section>
            )}
            {data.referrals.length > 0 && (
              <section>
                <H2>{t`Where we asked for help`}</H2>
                {data.referrals.map((one) => (
                  <Referral key={one.id} referral={one} />
                ))}
              </section>
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

function Need({ need }: { need: Community['needs'][number] }) {
  const here = useHere();
  const act = useAct();
  const answer = (wants_help: 'yes' | 'no' | 'later') =>
    void act.run(async () => {
      await post(`needs/${need.id}/answer`, { wants_help });
      changed('community');
    });
  const state =
    need.state === 'wants_help'
      ? t`You would like help.`
      : need.state === 'declined'
        ? t`You do not want help with this.`
        : need.state === 'later'
          ? t`Not now. We ask again later.`
          : need.state === 'met'
            ? t`This is solved.`
            : t`Would you like help with this?`;
  return (
    <li>
      <strong>{needWords(need.kind)}</strong>
      <p role="status">{state}</p>
      <Trouble act={act} />
      {here.may('appointments') && need.state !== 'met' && (
        <div class="row">
          {need.state !== 'wants_help' && (
            <Button look="small" busy={act.saving} onClick={() => answer('yes')}>
              {t`Yes, please`} <span class="hidden-text">{needWords(need.kind)}</span>
            </Button>
          )}
          {need.state !== 'later' && (
            <Button look="small" busy={act.saving} onClick={() => answer('later')}>
              {t`Later`} <span class="hidden-text">{needWords(need.kind)}</span>
            </Button>
          )}
          {need.state !== 'declined' && (
            <Button look="small" busy={act.saving} onClick={() => answer('no')}>
              {t`No, thank you`} <span class="hidden-text">{needWords(need.kind)}</span>
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function Referral({ referral }: { referral: Community['referrals'][number] }) {
  const here = useHere();
  const act = useAct();
  const tell = (what: 'seen' | 'withdraw_consent') =>
    void act.run(async () => {
      await post(`community/${referral.id}/acts`, { act: what });
      changed('community');
    });
  const { service } = referral;
  const on = plainDate(referral.sent_on, here.today);
  const open = referral.state === 'sent' || referral.state === 'accepted';
  const shares = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' }).format(
    referral.shares.map(shareWords),
  );
  return (
    <section class="card">
      <H3>{service.name}</H3>
      <p>
        {needWords(referral.kind)}. {t`Asked on ${on}.`}
      </p>
      <p role="status">
        {referral.state === 'accepted'
          ? t`They said yes and will be in touch.`
          : referral.state === 'declined'
            ? t`They could not help. Your team looks for another place.`
            : referral.state === 'seen'
              ? t`You were seen there.`
              : referral.state === 'closed'
                ? t`Closed.`
                : t`Waiting for their answer.`}
      </p>
      {service.phone && (
        <p>
          <Phone number={service.phone} />
          {service.hours && `, ${service.hours}`}
        </p>
      )}
      {service.web && (
        <p>
          <a href={service.web} rel="noreferrer" target="_blank">
            {service.web.replace(/^https?:\/\//, '')}
          </a>
        </p>
      )}
      {referral.shares.length > 0 && <p class="soft">{t`We told them ${shares}. Nothing else.`}</p>}
      <Trouble act={act} />
      {here.may('appointments') && open && (
        <div class="row">
          <Button busy={act.saving} onClick={() => tell('seen')}>{t`I was there`}</Button>
          <Sure
            act={t`Do not share any more`}
            ask={t`We will tell them nothing more. What they know already we cannot take back.`}
            yes={t`Stop sharing`}
            onYes={() => tell('withdraw_consent')}
          />
        </div>
      )}
    </section>
  );
}
