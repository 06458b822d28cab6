// A score over 26 weeks on the same axis in every row. The words beside it say the same, so it is hidden
// from screen readers. No line is drawn over a gap: what was not measured is not shown.
import type { DateText } from './dates';
import { daysBetween } from './dates';

const WEEKS = 26;
const GAP_DAYS = 42;
const WIDTH = 76;
const HEIGHT = 28;
const PAD = 4;

export interface SparkPoint {
  date: DateText;
  total: number;
}

/** Screen positions inside the window, split where nothing was measured for more than six weeks. */
export function sparkRuns(points: SparkPoint[], today: DateText, range: [number, number]) {
  const window = WEEKS * 7;
  const runs: { x: number; y: number }[][] = [];
  let last: DateText | null = null;
  for (const point of [...points].sort((a, b) => a.date.localeCompare(b.date))) {
    const age = daysBetween(point.date, today);
    if (age < 0 || age > window) continue;
    const at = {
      x: PAD + (1 - age / window) * (WIDTH - 2 * PAD),
      y: HEIGHT - PAD - ((point.total - range[0]) / (range[1] - range[0])) * (HEIGHT - 2 * PAD),
    };
    const run = runs.at(-1);
    if (run && last && daysBetween(last, point.date) <= GAP_DAYS) run.push(at);
    else runs.push([at]);
    last = point.date;
  }
  return runs;
}

export function Sparkline({
  points,
  today,
  range = [0, 27],
  line,
}: {
  points: SparkPoint[];
  today: DateText;
  range?: [number, number];
  line?: number;
}) {
  const runs = sparkRuns(points, today, range);
  const last = runs.at(-1)?.at(-1);
  const targetY =
    line === undefined
      ? null
      : HEIGHT - PAD - ((line - range[0]) / (range[1] - range[0])) * (HEIGHT - 2 * PAD);
  return (
    <svg
      className="sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      {targetY !== null && <line className="spark-target" x1={0} x2={WIDTH} y1={targetY} y2={targetY} />}
      {runs.map((run) =>
        run.length > 1 ? (
          <polyline
            key={run[0]!.x}
            className="spark-line"
            points={run.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(' ')}
          />
        ) : (
          run[0] !== last && (
            <circle key={run[0]!.x} className="spark-lone" cx={run[0]!.x} cy={run[0]!.y} r={1.6} />
          )
        ),
      )}
      {last && <circle className="spark-last" cx={last.x} cy={last.y} r={2.6} />}
    </svg>
  );
}
