// A figure over the months, drawn by hand: median, signals as words, gaps where nobody was or nothing may be shown, and under
// the axis how many patients each point speaks of. Without its colours it says the same; the table after it says it in rows.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { TableScroll } from '../ui/table_scroll';
import { amount, countWords, type Unit, valueWords } from './figures';
import './run_chart.css';

export interface RunPoint {
  id: string;
  /** under the axis: "Mar" */
  tick: string;
  /** a tick that carries the year */
  year?: boolean;
  /** in sentences and in the table: "March 2026" */
  name: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  suppressed: boolean;
  /** three-sigma limits of this month, where there are months enough for them */
  lower?: number | null;
  upper?: number | null;
}
export interface RunSignal {
  /** in words: "six months in a row above the median" */
  words: string;
  /** first and last point of it */
  from: string;
  to: string;
}
export interface RunNote {
  at: string;
  text: string;
  id?: string;
}
export interface RunModel {
  name: string;
  unit: Unit;
  points: RunPoint[];
  median: number | null;
  signals: RunSignal[];
  notes: RunNote[];
}

/** One point as the chart's title and the table's row say it. */
export const pointWords = (unit: Unit, point: RunPoint) =>
  `${point.name}: ${[valueWords({ ...point, unit }), countWords(point)].filter(Boolean).join(', ')}`;

/** "Response of enrolled, 12 months to October 2026; last 42.2%, 38 of 90; median 39.5%; six months above the median." */
export function runSentence(model: RunModel) {
  const { points, name, unit } = model;
  const last = points.at(-1);
  if (!last) return t`${name}: nothing yet.`;
  const parts = [
    plural(points.length, {
      one: `${name}: # month, ${last.name}`,
      other: `${name}: # months to ${last.name}`,
    }),
  ];
  const shown = points.filter((point) => point.value !== null);
  const newest = shown.at(-1);
  if (newest) {
    const words = [amount(newest.value!, unit, 1), countWords(newest)].filter(Boolean).join(', ');
    parts.push(newest === last ? t`last ${words}` : t`last shown ${newest.name}, ${words}`);
  } else parts.push(t`no value to show`);
  if (model.median !== null) parts.push(t`median ${amount(model.median, unit, 1)}`);
  for (const signal of model.signals) parts.push(signal.words);
  const hidden = points.filter((point) => point.suppressed).length;
  if (hidden) parts.push(plural(hidden, { one: '# month not shown', other: '# months not shown' }));
  return `${parts.join('; ')}.`;
}

/** Stretches without a gap. */
export function runs(points: RunPoint[]) {
  const all: { point: RunPoint; index: number }[][] = [];
  let open = false;
  for (const [index, point] of points.entries()) {
    if (point.value === null) open = false;
    else {
      if (!open) all.push([]);
      all.at(-1)!.push({ point, index });
      open = true;
    }
  }
  return all;
}

/** Limits differ from month to month: a line as wide as the month. */
function limitPath(
  points: RunPoint[],
  side: 'lower' | 'upper',
  x: (index: number) => number,
  y: (value: number) => number,
  gap: number,
) {
  let words = '';
  for (const [index, point] of points.entries()) {
    const value = point[side];
    if (value === null || value === undefined) continue;
    const before = points[index - 1]?.[side] ?? null;
    words += `${before === null ? 'M' : 'L'}${x(index) - gap / 2} ${y(value)}L${x(index) + gap / 2} ${y(value)}`;
  }
  return words;
}

/** Every point, every second, third, sixth or twelfth gets its words, so that they have room. */
export function tickStep(room: number, wanted: number) {
  return [1, 2, 3, 6, 12].find((step) => step * room >= wanted) ?? 24;
}

const LEFT = 46;
const RIGHT = 14;
const LANE = 15;
const CHAR = 6.2;
const DEFAULT_WIDTH = 560;

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(DEFAULT_WIDTH);
  useEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(230, Math.floor(entry.contentRect.width))),
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

/** Zero is always on the axis; a share never goes above 100. */
export function runDomain(model: RunModel): [number, number] {
  const values = model.points.flatMap((point) => [point.value ?? 0, point.upper ?? 0, point.lower ?? 0]);
  const top = Math.max(0, model.median ?? 0, ...values);
  const low = Math.min(0, model.median ?? 0, ...values);
  if (top === 0 && low === 0) return [0, model.unit === 'percent' ? 100 : 1];
  const [from, to] = scaleLinear([low * 1.08, top * 1.08], [0, 1])
    .nice(4)
    .domain() as [number, number];
  return [from, model.unit === 'percent' ? Math.min(100, to) : to];
}

/** Puts each text in the first lane where it does not touch the one before it. */
function laned<N extends { x: number; text: string }>(notes: N[], width: number) {
  const ends: number[] = [];
  return notes.map((note) => {
    const room = note.text.length * CHAR + 12;
    const start = Math.max(0, Math.min(note.x + 4, width - room));
    let lane = ends.findIndex((end) => end <= start);
    if (lane < 0) lane = ends.length;
    ends[lane] = start + room;
    return { ...note, start, lane };
  });
}

/** `compact` for a row of the overview: low, without the words of what happened when. */
export function RunChart({ model, compact }: { model: RunModel; compact?: boolean }) {
  const { box, width } = useWidth();
  const id = useId();
  const { points, unit } = model;
  const end = width - RIGHT;
  const gap = points.length > 1 ? (end - LEFT - 16) / (points.length - 1) : 0;
  const x = (index: number) => LEFT + 8 + index * gap;
  const at = new Map(points.map((point, index) => [point.id, index]));
  const notes = compact
    ? []
    : laned(
        model.notes.filter((note) => at.has(note.at)).map((note) => ({ ...note, x: x(at.get(note.at)!) })),
        width,
      );
  const lanes = Math.max(0, ...notes.map((note) => note.lane + 1));
  const plot = compact ? 52 : 200;
  const top = (compact ? 10 : 20) + lanes * LANE;
  const bottom = top + plot;
  const domain = runDomain(model);
  const y = scaleLinear(domain, [bottom, top]);
  const step = tickStep(gap || 60, 34);
  const digits = Math.max(1, ...points.map((point) => String(point.denominator ?? '').length));
  const every = tickStep(gap || 60, digits * CHAR + 5);
  // A January has its words, since it says the year; without one the newest month has.
  const january = points.findIndex((point) => point.year);
  const from = january < 0 ? points.length - 1 : january;
  const marked = (index: number, by: number) => (index - from) % by === 0;
  const withCounts = points.some((point) => point.denominator !== null);
  const height = bottom + (withCounts ? 36 : 20);
  const path = line<{ point: RunPoint; index: number }>(
    (one) => x(one.index),
    (one) => y(one.point.value!),
  );
  const sentence = runSentence(model);
  const inSignal = new Set<number>();
  for (const signal of model.signals)
    for (let i = at.get(signal.from) ?? 0; i <= (at.get(signal.to) ?? -1); i++) inSignal.add(i);
  const ticks = compact ? [domain[0], domain[1]] : y.ticks(4).filter((tick) => tick <= domain[1]);
  const newest = points.findLastIndex((point) => point.value !== null);

  return (
    <figure className={compact ? 'run-chart run-chart-compact' : 'run-chart'} ref={box}>
      <svg
        role="img"
        aria-labelledby={`${id}-title ${id}-words`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <title id={`${id}-title`}>{model.name}</title>
        <desc id={`${id}-words`}>{sentence}</desc>
        {ticks.map((tick) => (
          <g key={tick}>
            {tick !== domain[0] && !compact && (
              <line className="run-grid" x1={LEFT} x2={end} y1={y(tick)} y2={y(tick)} />
            )}
            <text className="run-tick" x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {amount(tick, unit, 1, 'short')}
            </text>
          </g>
        ))}
        <line className="run-axis" x1={LEFT} x2={end} y1={bottom} y2={bottom} />
        {domain[0] < 0 && <line className="run-axis" x1={LEFT} x2={end} y1={y(0)} y2={y(0)} />}
        {points.map((point, index) => (
          <g key={point.id}>
            {marked(index, step) && (
              <>
                <line className="run-axis" x1={x(index)} x2={x(index)} y1={bottom} y2={bottom + 3} />
                <text
                  className={point.year ? 'run-tick run-year' : 'run-tick'}
                  x={x(index)}
                  y={bottom + 15}
                  textAnchor="middle"
                >
                  {point.tick}
                </text>
              </>
            )}
            {withCounts && point.denominator !== null && marked(index, every) && (
              <text className="run-count" x={x(index)} y={bottom + 30} textAnchor="middle">
                {point.denominator}
              </text>
            )}
          </g>
        ))}
        {withCounts && (
          <text className="run-count" x={LEFT - 8} y={bottom + 30} textAnchor="end">
            {t`of`}
          </text>
        )}
        {notes.map((note) => (
          <g key={note.id ?? `${note.at} ${note.text}`} className="run-note">
            <line x1={note.x} x2={note.x} y1={4 + note.lane * LANE} y2={bottom} />
            <text x={note.start} y={13 + note.lane * LANE}>
              {note.text}
            </text>
          </g>
        ))}
        {compact &&
          model.notes
            .filter((note) => at.has(note.at))
            .map((note) => (
              <g key={note.id ?? `${note.at} ${note.text}`} className="run-note">
                <line x1={x(at.get(note.at)!)} x2={x(at.get(note.at)!)} y1={top - 6} y2={bottom} />
                <title>{note.text}</title>
              </g>
            ))}
        {model.median !== null && (
          <g>
            <line className="run-median" x1={LEFT} x2={end} y1={y(model.median)} y2={y(model.median)} />
            {!compact && (
              <text className="run-median-name" x={LEFT + 8} y={y(model.median) - 5}>
                {t`median ${amount(model.median, unit, 1)}`}
              </text>
            )}
          </g>
        )}
        {!compact &&
          (['upper', 'lower'] as const).map((side) => (
            <path key={side} className="run-limit" d={limitPath(points, side, x, y, gap)} />
          ))}
        {runs(points).map((run) => (
          <path key={run[0]!.point.id} className="run-line" d={path(run) ?? ''} />
        ))}
        {points.map((point, index) => (
          <g key={point.id} className="run-point" data-id={point.id}>
            {point.value !== null ? (
              <circle
                className={inSignal.has(index) ? 'run-dot run-dot-signal' : 'run-dot'}
                cx={x(index)}
                cy={y(point.value)}
                r={inSignal.has(index) ? 4.4 : compact ? 2.2 : 3.2}
              />
            ) : (
              // Nothing stands in a gap but that it is one.
              <path className="run-gap" d={`M${x(index) - 2.5} ${bottom - 5}l5 -5m0 5l-5 -5`} />
            )}
            {!compact && index === newest && (
              <text className="run-name" x={x(index)} y={y(point.value!) - 10} textAnchor="middle">
                {amount(point.value!, unit, 1, 'short')}
              </text>
            )}
            <title>{pointWords(unit, point)}</title>
          </g>
        ))}
      </svg>
      {!compact && (
        <figcaption className="stack-tight">
          {model.signals.length > 0 && (
            <ul className="run-signals">
              {model.signals.map((signal) => (
                <li key={`${signal.from} ${signal.words}`}>
                  <span aria-hidden="true">◉</span> {signal.words}
                </li>
              ))}
            </ul>
          )}
          <p className="small soft">
            {points.some((point) => point.value === null) && (
              <Trans>A cross marks a month without a value.</Trans>
            )}{' '}
            {withCounts && <Trans>Below each month: how many patients it speaks of.</Trans>}{' '}
            {points.some((point) => point.upper != null) && (
              <Trans>Dotted lines: what chance alone would stay within.</Trans>
            )}
          </p>
        </figcaption>
      )}
    </figure>
  );
}

/** Makes a number of a month open to those it counts. */
export type MonthDoor = (
  point: RunPoint,
  standing: 'numerator' | 'denominator',
  n: number,
  words?: string,
) => ReactNode;

/** "38 of 90", as in the chart; each number a door where there are doors. */
function MonthCounts({ point, door }: { point: RunPoint; door?: MonthDoor }) {
  const words = countWords(point);
  if (!door || !words) return words;
  if (point.numerator === null) return door(point, 'denominator', point.denominator!, words);
  const some = door(point, 'numerator', point.numerator);
  const all = door(point, 'denominator', point.denominator!);
  return (
    <Trans>
      {some} of {all}
    </Trans>
  );
}

/** The same in rows. `hidden`: only for who cannot see the chart beside it. */
export function RunTable({ model, hidden, door }: { model: RunModel; hidden?: boolean; door?: MonthDoor }) {
  const { points, unit } = model;
  const counted = points.some((point) => point.denominator !== null || point.suppressed);
  const table = (
    <table className="run-table">
      <caption className="hidden-text">{t`${model.name}, month by month`}</caption>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Month</Trans>
          </th>
          <th scope="col">
            <Trans>Value</Trans>
          </th>
          {counted && (
            <th scope="col">
              <Trans>Patients</Trans>
            </th>
          )}
          {model.notes.length > 0 && (
            <th scope="col">
              <Trans>What happened</Trans>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map((point) => (
          <tr key={point.id} data-id={point.id}>
            <th scope="row">{point.name}</th>
            <td className="run-value">
              {door && point.denominator === null && point.value !== null
                ? door(point, 'numerator', point.value, valueWords({ ...point, unit }))
                : valueWords({ ...point, unit })}
            </td>
            {counted && (
              <td className="run-counts">
                <MonthCounts point={point} door={door} />
              </td>
            )}
            {model.notes.length > 0 && (
              <td>
                {model.notes
                  .filter((note) => note.at === point.id)
                  .map((note) => note.text)
                  .join('; ')}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (hidden) return <div className="hidden-text">{table}</div>;
  return <TableScroll label={t`${model.name}, month by month`}>{table}</TableScroll>;
}
