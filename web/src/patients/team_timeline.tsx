// What the team did besides contacts, scores and treatment: tasks, messages, hand-overs, people who joined, plans,
// consents, referrals. From the server's one timeline, read with each part's own permission.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call, client, readHeaders } from '../api/client';
import type { components } from '../api/schema';
import { outcomeWords, roleWords, type Words, word } from '../ui/words';

type Item = components['schemas']['TimelineItem'];

const KINDS = 'consent,team,task,conversation,hand_over,referral,plan';

export const teamTimelineQuery = (patient: string) =>
  queryOptions({
    queryKey: ['patient', patient, 'timeline'],
    queryFn: () =>
      call(
        client.GET('/api/v1/patients/{patient_id}/timeline', {
          headers: readHeaders(),
          params: { path: { patient_id: patient }, query: { kind: KINDS, limit: 200 } },
        }),
      ),
  });

const headings: Record<string, Words> = {
  consent: { given: msg`Consent given`, withdrawn: msg`Consent withdrawn` },
  team: { joined: msg`Joined the team`, left: msg`Left the team` },
  task: {
    created: msg`Task made`,
    edited: msg`Task changed`,
    assigned: msg`Task given on`,
    handed_over: msg`Task handed over`,
    done: msg`Task done`,
    cancelled: msg`Task dropped`,
    reopened: msg`Task opened again`,
  },
  conversation: { message: msg`Team message`, correction: msg`Team message corrected` },
  hand_over: { for_good: msg`Care manager changed`, cover: msg`Covered` },
  referral: { received: msg`Referral received`, attempt: msg`Tried to reach`, outcome: msg`Referral closed` },
  plan: {
    version: msg`Plan written`,
    written: msg`Plan written`,
    view: msg`Asked about the plan`,
    in_effect: msg`Plan in effect`,
    withdrawn: msg`Plan out of effect`,
    replaced: msg`Plan replaced`,
    ended: msg`Plan ended`,
  },
};

const text = (value: unknown) => (typeof value === 'string' ? value : '');

function words(item: Item): string {
  const data = (item.data ?? {}) as Record<string, unknown>;
  const role = text(data.role);
  return [
    text(data.name),
    role && word(roleWords, role),
    text(data.outcome) && word(outcomeWords, text(data.outcome)),
    data.until ? t`until ${text(data.until)}` : '',
    item.who?.name && item.who.name !== data.name ? item.who.name : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function Shown({ item, patient }: { item: Item; patient: string }) {
  // "written.2": what happened to the second version.
  const [act = '', version] = item.what.split('.');
  const heading = headings[item.kind]?.[act];
  return (
    <div>
      <span className="timeline-title">
        {heading ? word(headings[item.kind]!, act) : `${item.kind} ${item.what}`}
      </span>{' '}
      <span className="soft">
        {[version && version !== '1' && t`version ${version}`, words(item)].filter(Boolean).join(', ')}
      </span>
      {item.text && <p className="timeline-note">{item.text}</p>}
      {item.kind === 'conversation' && (
        <p className="small no-print">
          <Link to="/patients/$patient" params={{ patient }} search={{ do: 'conversation' }}>
            <Trans>Open the conversation</Trans>
          </Link>
        </p>
      )}
      {item.kind === 'plan' && (
        <p className="small no-print">
          <Link to="/patients/$patient/plan" params={{ patient }}>
            <Trans>Open the plan</Trans>
          </Link>
        </p>
      )}
    </div>
  );
}

export interface TeamEntry {
  key: string;
  date: string;
  at: string;
  show: 'team';
  node: ReactNode;
}

/** Empty while it is read: the rest of the timeline does not wait. */
export function useTeamEntries(patient: string): TeamEntry[] {
  const read = useQuery(teamTimelineQuery(patient));
  return (read.data?.items ?? []).map((item, index) => ({
    key: `${item.kind}-${item.what}-${item.id}-${index}`,
    date: item.date,
    at: item.at ?? '1',
    show: 'team' as const,
    node: <Shown item={item} patient={patient} />,
  }));
}
