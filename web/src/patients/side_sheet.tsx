// The sheets of what runs between the patient and the team, by their name in the address.
import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AnswersOf } from '../checkins/answers_sheet';
import { CheckInSheet } from '../checkins/check_in_sheet';
import { patientCheckInsQuery } from '../checkins/queries';
import { isUnseenCheckIn } from '../checkins/words';
import { PatientCommunity } from '../community/patient_community';
import { PatientMessages } from '../conversations/patient_messages';
import { ReadingSheet } from '../education/reading_sheet';
import { PatientGroups } from '../groups/patient_groups';
import { isUnseen, SeeMeasurement } from '../measurements/answers';
import { ReachSheet } from '../messaging/reach_sheet';
import { LogsSheet } from '../portal_access/logs';
import { PortalSheet } from '../portal_access/portal_sheet';
import { Sheet } from '../ui/sheet';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { PatientVisits } from '../visits/patient_visits';
import type { PartProps } from './patient_page';

export default function SideSheet({
  name,
  id,
  onClose,
  ...part
}: PartProps & { name: string; id?: string; onClose: () => void }) {
  const { summary, today, open } = part;
  const patient = summary.patient.id;
  const sheets: Record<string, () => [string, ReactNode]> = {
    check_in: () => [t`Check-ins`, <CheckInSheet key={name} summary={summary} today={today} open={open} />],
    answers: () => [t`Answers`, <AnswersById key={id} {...part} id={id} onDone={onClose} />],
    messages: () => [
      t`Messages`,
      <PatientMessages key={name} summary={summary} today={today} chosen={id} open={open} />,
    ],
    reach: () => [t`Contact and reminders`, <ReachSheet key={name} summary={summary} today={today} />],
    portal: () => [t`Portal`, <PortalSheet key={name} summary={summary} today={today} />],
    logs: () => [
      t`Written down by ${summary.patient.given_name}`,
      <LogsSheet key={name} patient={patient} name={summary.patient.given_name} today={today} />,
    ],
    reading: () => [t`Reading`, <ReadingSheet key={name} summary={summary} today={today} />],
    visits: () => [
      t`Visits`,
      <PatientVisits key={id ?? name} summary={summary} today={today} chosen={id} open={open} />,
    ],
    groups: () => [t`Groups`, <PatientGroups key={name} patient={patient} today={today} />],
    community: () => [
      t`Help outside`,
      <PatientCommunity key={id ?? name} summary={summary} today={today} chosen={id} />,
    ],
  };
  const made = sheets[name]?.();
  if (!made) return null;
  return (
    <Sheet
      title={made[0]}
      subtitle={`${summary.patient.given_name} ${summary.patient.family_name}`}
      onClose={onClose}
    >
      {made[1]}
    </Sheet>
  );
}

/** The check-in that is named, or the oldest nobody has read. */
function AnswersById({ summary, today, id, onDone }: PartProps & { id?: string; onDone: () => void }) {
  const list = useQuery(patientCheckInsQuery(summary.patient.id));
  if (list.isPending) return <Skeleton rows={4} widths={[60]} />;
  if (unreadable(list)) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />;
  const one = id
    ? list.data.items.find((item) => item.id === id)
    : list.data.items.filter(isUnseenCheckIn).at(-1);
  // An answer that came without a check-in: an import, or from before.
  const unseen = summary.measurements
    .filter(isUnseen)
    .sort((a, b) => a.administered_at.localeCompare(b.administered_at))[0];
  if (!one && unseen)
    return <SeeMeasurement patient={summary.patient.id} measurement={unseen} today={today} onDone={onDone} />;
  if (!one) return <Empty title={t`Everything has been seen.`} />;
  return <AnswersOf one={one} patient={summary.patient} today={today} onSeen={onDone} />;
}
