// The patient's minutes of the month in one line, the way to the ledger, and a clock.
import { t } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import type { Summary } from '../api/types';
import { useHere } from '../app/session';
import { StartTimer } from './timer';
import { codesWords, nextWords } from './words';

export function MinutesFact({ summary }: { summary: Summary }) {
  const { can } = useHere();
  const { billing } = summary;
  const words = t`${billing?.minutes_counted ?? summary.minutes_this_month} this month`;
  if (!can('minutes.read')) return <>{words}</>;
  return (
    <>
      <Link to="/patients/$patient/minutes" params={{ patient: summary.patient.id }}>
        {words}
      </Link>
      {billing && (billing.codes.length > 0 || billing.next) && (
        <span className="soft">
          , {[codesWords(billing.codes), nextWords(billing.next, billing.codes)].filter(Boolean).join(', ')}
        </span>
      )}
      <div className="no-print">
        <StartTimer patient={summary.patient.id} />
      </div>
    </>
  );
}
