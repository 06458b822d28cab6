/** @jsxImportSource preact */
// A score over time as one line. Words stand where bands would: no colour says good or bad.
import { t } from '@lingui/core/macro';
import { daysBetween, monthShort, plainDate } from './dates';
import type { Score } from './types';

const WIDTH = 320;
const HEIGHT = 190;
const LEFT = 8;
const RIGHT = 36;
const TOP = 26;
const BOTTOM = 52;

/** Where each point stands, in the picture's own units. */
export function places(score: Pick<Score, 'points' | 'minimum' | 'maximum'>) {
  const { points, minimum, maximum } = score;
  const first = points[0]?.date ?? '';
  const span = Math.max(1, daysBetween(first, points.at(-1)?.date ?? first));
  return points.map((point) => ({
    x:
      points.length === 1
        ? (LEFT + WIDTH - RIGHT) / 2
        : LEFT + 8 + (daysBetween(first, point.date) / span) * (WIDTH - LEFT - RIGHT - 8),
    y: TOP + (1 - (point.total - minimum) / Math.max(1, maximum - minimum)) * (HEIGHT - TOP - BOTTOM),
    point,
  }));
}

export function ScoreLine({ score, today }: { score: Score; today: string }) {
  const dots = places(score);
  if (!dots.length) return null;
  const line = dots.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const last = dots.at(-1)!;
  const [top, bottom] = score.higher_is_worse
    ? [t`More symptoms`, t`Fewer symptoms`]
    : [t`Better`, t`Not so good`];
  const first = dots[0]!;
  return (
    <figure class="score">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${score.about || score.title}. ${score.words}`}
      >
        <text x={LEFT} y={14} class="words">
          {top} ↑
        </text>
        <text x={LEFT} y={HEIGHT - BOTTOM + 21} class="words">
          {bottom} ↓
        </text>
        <line x1={LEFT} x2={WIDTH} y1={TOP} y2={TOP} class="edge" />
        <line x1={LEFT} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} class="edge" />
        <path d={line} class="line" />
        {dots.map(({ x, y, point }) => (
          <circle key={point.id} cx={x} cy={y} r={point === last.point ? 6 : 3.5} class="dot" />
        ))}
        <text x={last.x + 10} y={last.y + 6} class="total">
          {last.point.total}
        </text>
        {dots.length > 1 && (
          <text x={first.x - 8} y={HEIGHT - 6} class="words">
            {monthShort(first.point.date)}
          </text>
        )}
        <text x={Math.min(last.x + 8, WIDTH)} y={HEIGHT - 6} class="words" text-anchor="end">
          {plainDate(last.point.date, today)}
        </text>
      </svg>
    </figure>
  );
}
