// The groups of one patient: how often they came, and what was noted about them alone.
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { dateOf } from '../ui/dates';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { type Words, word } from '../ui/words';
import { patientGroupsQuery } from './queries';
import { memberWords } from './words';
import '../messaging/messaging.css';

const was: Words = {
  present: msg`there`,
  phone: msg`by phone`,
  excused: msg`excused`,
  absent: msg`not there`,
};

export function PatientGroups({ patient, today }: { patient: string; today: string }) {
  const list = useQuery(patientGroupsQuery(patient));
  if (list.isPending) return <Skeleton rows={3} widths={[50]} />;
  if (unreadable(list)) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.items.length === 0)
    return (
      <Empty title={t`In no group.`}>
        <p>
          <Link to="/groups">
            <Trans>See the groups</Trans>
          </Link>
        </p>
      </Empty>
    );
  return (
    <ul>
      {list.data.items.map((one) => (
        <li key={one.member.id} className="plain-line stack-tight">
          <p>
            <Link to="/groups/$group" params={{ group: one.group.id }} className="strong">
              {one.group.name}
            </Link>{' '}
            <span className="soft">{word(memberWords, one.member.state)}</span>
          </p>
          <p className="small soft">
            {t`${one.attended} times there, ${one.missed} missed`}
            {one.next_session && (
              <>
                ,{' '}
                <Trans>
                  next <When date={dateOf(one.next_session.starts_at)} today={today} />
                </Trans>
              </>
            )}
          </p>
          <ul className="small">
            {one.notes.map((note) => (
              <li key={note.date}>
                <When date={note.date} today={today} />: {word(was, note.status)}
                {note.note && `. ${note.note}`}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
