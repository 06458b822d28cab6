// What the patient wrote down between contacts: mood, activities, medicines taken, side effects. Small, in words, no verdict.
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { read } from '../api/ask';
import type { List, PatientLog, PatientSideSummary } from '../api/patient_side';
import { Button } from '../ui/button';
import { Empty, ProblemNote, Skeleton, unreadable } from '../ui/states';
import { When } from '../ui/when';
import { type Words, word } from '../ui/words';

const bothers: Words = {
  0: msg`not at all`,
  1: msg`a little`,
  2: msg`quite`,
  3: msg`very much`,
};
const takenWords: Words = { yes: msg`taken`, partly: msg`partly taken`, no: msg`not taken` };

export function logWords(log: PatientLog): string {
  switch (log.kind) {
    case 'mood':
      return [t`Mood ${log.score ?? '–'} of 10`, log.text].filter(Boolean).join(': ');
    case 'activity': {
      const felt = [
        log.pleasure != null && t`pleasure ${log.pleasure} of 10`,
        log.mastery != null && t`mastery ${log.mastery} of 10`,
      ].filter(Boolean);
      return [log.text, ...felt].filter(Boolean).join(', ');
    }
    case 'medicine':
      return `${log.treatment?.name ?? t`Medicine`}: ${word(takenWords, log.taken)}`;
    default:
      return [
        `${log.treatment?.name ?? t`Side effect`}: ${log.text ?? ''}`,
        log.bother != null && t`bothers ${word(bothers, String(log.bother))}`,
      ]
        .filter(Boolean)
        .join(', ');
  }
}

/** "Mood 4 → 6 over 9 days" */
export function moodWords(mood: { on: string; score: number }[]): string {
  const first = mood[0];
  const last = mood.at(-1);
  if (!first || !last) return '';
  if (mood.length === 1) return t`Mood ${last.score} of 10`;
  return t`Mood ${first.score} → ${last.score} of 10, ${mood.length} entries in 4 weeks`;
}

export function LogsBrief({
  logs,
  today,
  onOpen,
}: {
  logs: NonNullable<PatientSideSummary['patient_logs']>;
  today: string;
  onOpen?: () => void;
}) {
  const mood = moodWords(logs.mood);
  if (!mood && logs.last.length === 0) return null;
  return (
    <div className="stack-tight">
      {mood && <p>{mood}</p>}
      <ul className="small">
        {logs.last
          .filter((log) => log.kind !== 'mood' || log.text)
          .slice(0, 3)
          .map((log) => (
            <li key={log.id}>
              <span className="soft">
                <When date={log.on} today={today} />
              </span>{' '}
              {logWords(log)}
              {log.by === 'trusted_person' && (
                <span className="soft">, {t`written by a trusted person`}</span>
              )}
            </li>
          ))}
      </ul>
      {logs.side_effects > 0 && (
        <p className="small">
          {plural(logs.side_effects, {
            one: '# side effect written down',
            other: '# side effects written down',
          })}
        </p>
      )}
      {onOpen && (
        <div>
          <Button small look="quiet" onPress={onOpen}>
            <Trans>Everything written down</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

export function LogsSheet({ patient, name, today }: { patient: string; name: string; today: string }) {
  const logs = useInfiniteQuery({
    queryKey: ['patient', patient, 'logs'],
    queryFn: ({ pageParam }) =>
      read<List<PatientLog>>(`/api/v1/patients/${patient}/logs`, { limit: 50, after: pageParam }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  });
  if (logs.isPending) return <Skeleton rows={5} widths={[16, 50]} />;
  if (unreadable(logs)) return <ProblemNote error={logs.error} onRetry={() => void logs.refetch()} />;
  const items = logs.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <Empty title={t`${name} has written nothing down yet.`}>
        <p>
          <Trans>Mood, activities, medicines and side effects can be noted in the portal.</Trans>
        </p>
      </Empty>
    );
  return (
    <div className="stack">
      <ul>
        {items.map((log) => (
          <li key={log.id} className="plain-line">
            <span className="soft">
              <When date={log.on} today={today} />
            </span>{' '}
            {logWords(log)}
            {log.by === 'trusted_person' && <span className="soft">, {t`written by a trusted person`}</span>}
          </li>
        ))}
      </ul>
      {logs.hasNextPage && (
        <div>
          <Button isPending={logs.isFetchingNextPage} onPress={() => void logs.fetchNextPage()}>
            <Trans>Show earlier</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
