// What runs between the patient and the team: forms asked, messages, visits, help outside, reading, who may come in. One line each.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { CheckIn, PatientSideSummary } from '../api/patient_side';
import { useHere } from '../app/session';
import { patientCheckInsQuery } from '../checkins/queries';
import { checkInState, formsWords, isOpen, isUnseenCheckIn } from '../checkins/words';
import { needWords, referralState } from '../community/words';
import { memberWords } from '../groups/words';
import { reachQuery, remindersQuery } from '../messaging/queries';
import { failed, kindOf } from '../messaging/words';
import { LogsBrief } from '../portal_access/logs';
import { portalQuery } from '../portal_access/portal_sheet';
import { Button } from '../ui/button';
import { dateOf } from '../ui/dates';
import { unreadable } from '../ui/states';
import { waitedWords } from '../ui/waited';
import { When } from '../ui/when';
import { word } from '../ui/words';
import { answerWords, clock, visitKindWords } from '../visits/words';
import type { PartProps } from './patient_page';
import './with_patient.css';

function Line({
  title,
  act,
  onAct,
  strong,
  children,
}: {
  title: string;
  act: string;
  onAct: () => void;
  strong?: boolean;
  children: ReactNode;
}) {
  return (
    <li className="with-line">
      <h3>{title}</h3>
      <div className="with-words">{children}</div>
      <Button small look={strong ? 'plain' : 'quiet'} onPress={onAct} aria-label={`${act}: ${title}`}>
        {act}
      </Button>
    </li>
  );
}

export default function WithPatient({ summary, today, open }: PartProps) {
  const { can } = useHere();
  const side = summary as unknown as Side;
  return (
    <section aria-labelledby="with-patient">
      <h2 id="with-patient">{t`With ${summary.patient.given_name}`}</h2>
      <ul className="with-list">
        {can('checkins.read') && <CheckInLine summary={summary} today={today} open={open} />}
        {can('patient_inbox.read') && <MessagesLine side={side} open={open} />}
        {can('visits.read') && <VisitsLine side={side} today={today} open={open} />}
        {!!side.groups?.length && <GroupsLine side={side} today={today} open={open} />}
        {can('community.read') && <CommunityLine side={side} today={today} open={open} />}
        {can('education.read') && <ReadingLineShown side={side} today={today} open={open} />}
        {can('patient_contact.read') && <ReachLine summary={summary} today={today} open={open} />}
        {can('portal.read') && <PortalLine summary={summary} today={today} open={open} />}
      </ul>
      {side.patient_logs && (side.patient_logs.mood.length > 0 || side.patient_logs.last.length > 0) && (
        <div className="with-logs stack-tight">
          <h3>
            <Trans>Written down by {summary.patient.given_name}</Trans>
          </h3>
          <LogsBrief logs={side.patient_logs} today={today} onOpen={() => open('logs')} />
        </div>
      )}
    </section>
  );
}

interface ReadingLine {
  open: number;
  finished: number;
  last?: { title: string; assigned_date: string; finished_at?: string | null } | null;
}
type Side = PatientSideSummary & { education?: ReadingLine | null };

function CheckInLine({ summary, today, open }: PartProps) {
  const { can, zone } = useHere();
  const list = useQuery(patientCheckInsQuery(summary.patient.id));
  const items = list.data?.items ?? [];
  const unseen = items.find(isUnseenCheckIn);
  const running = items.find(isOpen);
  const shown: CheckIn | undefined = unseen ?? running ?? items[0];
  const at = shown && (shown.ended_at ?? shown.started_at ?? shown.sent_at ?? shown.made_at);
  return (
    <Line
      title={t`Check-ins`}
      act={unseen ? t`See answers` : can('checkins.write') ? t`Send` : t`Show`}
      strong={!!unseen}
      onAct={() => (unseen ? open('answers', unseen.id) : open('check_in'))}
    >
      {list.isPending ? (
        <span className="skeleton" style={{ width: '60%' }} />
      ) : shown && at ? (
        <p>
          {formsWords(shown)}{' '}
          <span className={unseen ? 'need-review_due hue strong' : 'soft'}>{checkInState(shown)}</span>{' '}
          <span className="soft small">
            <When date={dateOf(at, zone(shown.site_id))} today={today} />
          </span>
        </p>
      ) : (
        <p className="soft">{unreadable(list) ? t`cannot be read now` : t`none yet`}</p>
      )}
    </Line>
  );
}

function MessagesLine({ side, open }: { side: Side; open: PartProps['open'] }) {
  const state = side.patient_messages;
  return (
    <Line
      title={t`Messages`}
      act={state?.waiting ? t`Answer` : t`Show`}
      strong={!!state?.waiting}
      onAct={() => open('messages', state?.thread_id ?? undefined)}
    >
      {state?.waiting ? (
        <p className="strong">
          {plural(state.waiting, { one: '# waits for an answer', other: '# wait for an answer' })}
          {state.oldest_waiting && `, ${waitedWords(state.oldest_waiting)}`}
        </p>
      ) : (
        <p className="soft">{t`nothing waits`}</p>
      )}
    </Line>
  );
}

function VisitsLine({ side, today, open }: { side: Side; today: string; open: PartProps['open'] }) {
  const { can } = useHere();
  const state = side.visits;
  const next = state?.next?.[0];
  const missed = state?.no_shows_90_days ?? 0;
  const answer = next && answerWords(next);
  return (
    <Line
      title={t`Visits`}
      act={next || !can('visits.write') ? t`Show` : t`Book`}
      onAct={() => open('visits', next ? undefined : can('visits.write') ? 'new' : undefined)}
    >
      {next ? (
        <p>
          <When date={next.date} today={today} /> {clock(next.start_minute)},{' '}
          {word(visitKindWords, next.kind).toLocaleLowerCase()}, {next.staff?.name}
          {answer && (
            <span className={next.answer === 'change_asked' ? 'need-overdue hue strong' : 'soft'}>
              , {answer}
            </span>
          )}
        </p>
      ) : (
        <p className="soft">{t`none booked`}</p>
      )}
      {missed > 0 && (
        <p className="small need-overdue hue">
          {plural(missed, { one: 'missed # in 90 days', other: 'missed # in 90 days' })}
        </p>
      )}
    </Line>
  );
}

function GroupsLine({ side, today, open }: { side: Side; today: string; open: PartProps['open'] }) {
  return (
    <Line title={t`Groups`} act={t`Show`} onAct={() => open('groups')}>
      {side.groups!.map((one) => (
        <p key={one.group_id}>
          {one.name} <span className="soft">{word(memberWords, one.state)}</span>
          {one.next_session && (
            <span className="soft small">
              {' '}
              <When date={dateOf(one.next_session.starts_at)} today={today} />
            </span>
          )}
        </p>
      ))}
    </Line>
  );
}

function CommunityLine({ side, today, open }: { side: Side; today: string; open: PartProps['open'] }) {
  const needs = side.community?.needs ?? [];
  const referrals = side.community?.referrals ?? [];
  const bare = needs.filter((need) => !referrals.some((one) => one.need.id === need.id));
  return (
    <Line title={t`Help outside`} act={t`Show`} onAct={() => open('community')}>
      {referrals.map((one) => (
        <p key={one.id}>
          {word(needWords, one.need.kind)}: {one.service.name},{' '}
          <span className={one.overdue_days > 0 ? 'need-overdue hue strong' : 'soft'}>
            {referralState(one, today)}
          </span>
        </p>
      ))}
      {bare.length > 0 && <p>{bare.map((need) => word(needWords, need.kind)).join(', ')}</p>}
      {needs.length + referrals.length === 0 && <p className="soft">{t`no open need`}</p>}
    </Line>
  );
}

function ReadingLineShown({ side, today, open }: { side: Side; today: string; open: PartProps['open'] }) {
  const state = side.education;
  return (
    <Line title={t`Reading`} act={state?.last ? t`Show` : t`Give`} onAct={() => open('reading')}>
      {state?.last ? (
        <p>
          {state.last.title}{' '}
          <span className="soft">
            {state.last.finished_at ? t`read` : t`not read yet`}
            {', '}
            <When date={state.last.assigned_date} today={today} />
          </span>
        </p>
      ) : (
        <p className="soft">{t`nothing given`}</p>
      )}
    </Line>
  );
}

const shortWhy = (why: string): string => {
  switch (why) {
    case 'no_address':
      return t`no mail and no phone`;
    case 'wants_none':
      return t`wants no messages`;
    case 'stopped':
      return t`has stopped the messages`;
    case 'deceased':
      return t`nothing is sent`;
    default:
      return t`sending is not set up`;
  }
};

function ReachLine({ summary, today, open }: PartProps) {
  const { can } = useHere();
  const patient = summary.patient.id;
  const out = useQuery(reachQuery(patient));
  const reminders = useQuery({ ...remindersQuery(patient), enabled: can('reminders.read') });
  const last = out.data?.items[0];
  const bad = last && failed(last) ? last : undefined;
  return (
    <Line title={t`Reached by`} act={t`Show`} onAct={() => open('reach')}>
      {out.data ? (
        <p className={out.data.reach.channel ? '' : 'need-overdue hue'}>
          {out.data.reach.channel
            ? out.data.reach.channel === 'mail'
              ? t`mail`
              : t`text message`
            : shortWhy(out.data.reach.why_not)}
          {reminders.data?.paused && (
            <span className="soft">
              , {t`reminders paused`}
              {reminders.data.paused_until && (
                <>
                  {' '}
                  <When date={reminders.data.paused_until} today={today} />
                </>
              )}
            </span>
          )}
        </p>
      ) : (
        <p className="soft">{unreadable(out) ? t`cannot be read now` : '…'}</p>
      )}
      {bad && <p className="small need-overdue hue">{t`not delivered: ${kindOf(bad)}`}</p>}
    </Line>
  );
}

function PortalLine({ summary, today, open }: PartProps) {
  const { zone, can } = useHere();
  const state = useQuery(portalQuery(summary.patient.id));
  const account = state.data?.account?.state === 'active' ? state.data.account : null;
  const invited = state.data?.invitations.some((one) => one.state === 'open');
  const people = (state.data?.trusted_persons ?? []).filter((one) => one.state === 'active');
  return (
    <Line
      title={t`Portal`}
      act={account || invited || !can('portal.write') ? t`Show` : t`Invite`}
      onAct={() => open('portal')}
    >
      {state.data ? (
        <>
          <p className={account ? '' : 'soft'}>
            {account ? (
              account.last_active_at ? (
                <Trans>
                  last there <When date={dateOf(account.last_active_at, zone())} today={today} />
                </Trans>
              ) : (
                t`not used yet`
              )
            ) : invited ? (
              t`invited, not yet accepted`
            ) : (
              t`no access yet`
            )}
          </p>
          {people.length > 0 && (
            <p className="soft small">{t`trusts ${people.map((one) => one.name).join(', ')}`}</p>
          )}
        </>
      ) : (
        <p className="soft">{unreadable(state) ? t`cannot be read now` : '…'}</p>
      )}
    </Line>
  );
}
