// The same rows on a narrow page: name, why now, button; the rest folds out.
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { CaseloadRow } from '../api/types';
import { weeksWords } from '../ui/dates';
import { ChevronIcon, NeedIcon } from '../ui/icons';
import {
  gadColumn,
  LastContactCell,
  NextCell,
  PlanCell,
  phqColumn,
  ReviewCell,
  ScoreCell,
  WeeksCell,
} from './cells';
import type { ListProps } from './list';
import { WhyNow } from './table';
import { WhyLines } from './why_lazy';

function Card({ row, changed, today }: { row: CaseloadRow; changed: boolean; today: string }) {
  const [open, setOpen] = useState(false);
  const id = `why-${row.episode_id}`;
  return (
    <li data-row={row.patient_id} className={`card need-${row.need}${changed ? ' changed' : ''}`}>
      <div className="card-head">
        <h2>
          {row.need !== 'on_track' && (
            <span className="hue">
              <NeedIcon need={row.need} />
            </span>
          )}
          <span>
            <Link to="/patients/$patient" params={{ patient: row.patient_id }}>
              {row.name}
            </Link>
            {row.age != null && <span className="soft"> {row.age}</span>}
          </span>
        </h2>
        <ScoreCell series={phqColumn(row) ?? gadColumn(row)} today={today} />
      </div>
      <WhyNow row={row} open={open} onToggle={() => setOpen(!open)} id={id} />
      <details>
        <summary className="small soft">
          <Trans>Details</Trans>
        </summary>
        <dl className="facts small">
          <dt>
            <Trans>In care</Trans>
          </dt>
          <dd>
            {row.state === 'active' && row.weeks_in_care != null ? (
              weeksWords(row.weeks_in_care)
            ) : (
              <WeeksCell row={row} />
            )}
          </dd>
          <dt>
            <Trans>Scores</Trans>
          </dt>
          <dd>
            <ScoreCell series={phqColumn(row)} today={today} spark />
          </dd>
          <dt>GAD-7</dt>
          <dd>
            <ScoreCell series={gadColumn(row)} today={today} />
          </dd>
          <dt>
            <Trans>Last contact</Trans>
          </dt>
          <dd>
            <LastContactCell row={row} today={today} />
          </dd>
          <dt>
            <Trans>Next</Trans>
          </dt>
          <dd>
            <NextCell row={row} today={today} />
          </dd>
          <dt>
            <Trans>Plan since</Trans>
          </dt>
          <dd>
            <PlanCell row={row} />
          </dd>
          <dt>
            <Trans>Review</Trans>
          </dt>
          <dd>
            <ReviewCell row={row} today={today} />
          </dd>
        </dl>
      </details>
      {open && (
        <div id={id}>
          <WhyLines row={row} today={today} />
        </div>
      )}
    </li>
  );
}

export function CaseloadCards({ needing, onTrack, unfolded, onUnfold, changed, today }: ListProps) {
  return (
    <>
      <ul className="cards">
        {needing.map((row) => (
          <Card key={row.episode_id} row={row} changed={changed.has(row.episode_id)} today={today} />
        ))}
      </ul>
      {onTrack.length > 0 && (
        <>
          <button type="button" className="sort fold-button" aria-expanded={unfolded} onClick={onUnfold}>
            <span className={unfolded ? 'turned' : ''}>
              <ChevronIcon />
            </span>
            {t`On track (${onTrack.length})`}
          </button>
          {unfolded && (
            <ul className="cards">
              {onTrack.map((row) => (
                <Card key={row.episode_id} row={row} changed={changed.has(row.episode_id)} today={today} />
              ))}
            </ul>
          )}
        </>
      )}
    </>
  );
}
