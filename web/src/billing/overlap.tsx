// Two patients cannot have the same minute of one person. Which ones clash, and what to change.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ApiError } from '../api/client';
import { ProblemNote } from '../ui/states';

interface Overlap {
  entry_id: string;
  start: string;
  end: string;
  patient: { id: string; name: string } | null;
}
/** The minutes of this person that the new ones would overlap; from a 409. */
export function overlapsOf(error: unknown): Overlap[] {
  if (!(error instanceof ApiError)) return [];
  const found = (error.problem as unknown as { overlaps?: Overlap[] }).overlaps;
  return found ?? [];
}

export function OverlapNote({ error }: { error: unknown }) {
  const overlaps = overlapsOf(error);
  if (overlaps.length === 0) return <ProblemNote error={error} focus />;
  return (
    <div className="note" role="alert">
      <p className="strong">
        <Trans>These minutes overlap others of yours. Nothing was stored.</Trans>
      </p>
      <ul>
        {overlaps.map((one) => (
          <li key={one.entry_id}>
            {one.start}–{one.end} {one.patient?.name ?? t`somebody you may not see`}
          </li>
        ))}
      </ul>
      <p>
        <Trans>A minute belongs to one patient. Change the time or the minutes.</Trans>
      </p>
    </div>
  );
}
