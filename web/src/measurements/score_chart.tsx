// One instrument over true time, drawn by hand: prints as lines, can be read as words, and has a table.
import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { useEffect, useId, useRef, useState } from 'react';
import { fullDate, shortDate } from '../ui/dates';
import { TableScroll } from '../ui/table_scroll';
import { When } from '../ui/when';
import { instrumentName, modeWords, severityWord, signed, word } from '../ui/words';
import { type ChartMark, type ChartModel, type ChartPoint, responseReached } from './series';
import './score_chart.css';

const LEFT = 34;
const RIGHT = 12;
/** Room for the names of the bands beside the plot, where there is room. */
const NAMES = 116;
const ROOMY = 560;
const TOP = 16;
const PLOT = 216;
const PLOT_COMPACT = 126;
const LANE = 18;
const MAX_LANES = 5;
const CHAR = 6.8;
const DEFAULT_WIDTH = 720;

const time = (date: string) => new Date(`${date}T12:00:00Z`);

/** "Five scores since 3 Nov; 18 to 9; response reached 2 Feb." */
export function chartSentence(model: ChartModel, today: string) {
  const name = instrumentName(model.instrument);
  const { points, baseline, current } = model;
  if (points.length === 0) return t`${name}: no scores yet.`;
  const first = shortDate(points[0]!.date, today);
  const parts = [
    plural(points.length, { one: `${name}: # score, ${first}`, other: `${name}: # scores since ${first}` }),
  ];
  if (baseline && current) parts.push(t`${baseline.total} to ${current.total}`);
  else parts.push(t`last ${points.at(-1)!.total}`);
  const reached = responseReached(model);
  if (reached) parts.push(t`response reached ${shortDate(reached.date, today)}`);
  const rings = points.filter((p) => p.safety).length;
  if (rings)
    parts.push(
      plural(rings, { one: 'item 9 answered above 0 once', other: 'item 9 answered above 0 # times' }),
    );
  return `${parts.join('; ')}.`;
}

/** What a reader of the point hears; the table says the same. */
export function pointText(point: ChartPoint) {
  return `${fullDate(point.date)}: ${point.total}`;
}

function Marker({ point, x, y }: { point: ChartPoint; x: number; y: number }) {
  const r = 4;
  const shape =
    point.mode === 'phone' || point.mode === 'video' ? (
      <rect className="point" x={x - r + 0.5} y={y - r + 0.5} width={2 * r - 1} height={2 * r - 1} />
    ) : ['link', 'portal', 'paper', 'tablet'].includes(point.mode) ? (
      <path
        className="point"
        d={`M${x} ${y - r - 1} L${x + r + 0.5} ${y + r - 0.5} L${x - r - 0.5} ${y + r - 0.5}Z`}
      />
    ) : (
      <circle className="point" cx={x} cy={y} r={r} />
    );
  return (
    <g>
      {point.safety && <circle className="ring" cx={x} cy={y} r={9} />}
      {shape}
      <title>{pointText(point)}</title>
    </g>
  );
}

/** Puts each text in the first lane where it does not touch the one before it. */
export function lanes(
  marks: { x: number; text: string; before: boolean; start?: number }[],
  charWidth = CHAR,
) {
  const ends: number[] = [];
  return marks.map((mark) => {
    const width = mark.text.length * charWidth + 10;
    const from = mark.start ?? (mark.before ? mark.x - width : mark.x);
    let lane = ends.findIndex((end) => end <= from);
    if (lane < 0) lane = ends.length;
    ends[lane] = from + width;
    return lane;
  });
}

/** Every second, third ... tick, until their words have room; the newest one stays. */
export function spaced<T>(ticks: T[], at: (tick: T) => number, room = 52) {
  if (ticks.length < 2) return ticks;
  const step = Math.max(1, Math.ceil(room / Math.abs(at(ticks[1]!) - at(ticks[0]!))));
  return ticks.filter((_, index) => (ticks.length - 1 - index) % step === 0);
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(DEFAULT_WIDTH);
  useEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(260, Math.round(entry.contentRect.width))),
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

/** `compact` for a page that must fit on one screen: lower, without the legend. */
export function ScoreChart({
  model,
  today,
  compact,
}: {
  model: ChartModel;
  today: string;
  compact?: boolean;
}) {
  const { box, width } = useWidth();
  const id = useId();
  const plot = compact ? PLOT_COMPACT : PLOT;
  const roomy = width >= ROOMY;
  const end = width - (roomy ? NAMES : RIGHT);
  const x = scaleUtc([time(model.from), time(model.to)], [LEFT, end]);
  const y = scaleLinear([0, model.info.max], [TOP + plot, TOP]);
  const bottom = TOP + plot;
  const narrow = width < 480;
  const path = line<ChartPoint>(
    (p) => x(time(p.date)),
    (p) => y(p.total),
  );
  const months = spaced(x.ticks(narrow ? 3 : 6), (tick) => x(tick));
  const texts = model.marks
    .filter((mark) => mark.kind === 'treatment')
    .map((mark) => {
      const at = x(time(mark.date));
      const room = mark.text.length * CHAR + 10;
      // Words stand after their line; before it where they would run off the paper; on a phone wherever they fit.
      const before = at + room > width && at - room >= 0;
      const start = at + room > width && !before ? Math.max(0, width - room) : undefined;
      return { ...mark, x: at, before, start };
    });
  const laneOf = lanes(texts);
  const laneCount = Math.min(MAX_LANES, Math.max(0, ...laneOf.map((lane) => lane + 1)));
  const marksTop = bottom + 24;
  const height = marksTop + (compact ? 2 : 16) + laneCount * LANE + 4;
  const at = (mark: ChartMark) => x(time(mark.date));
  const sentence = chartSentence(model, today);
  const crowded = model.points.length > 14;
  const labelled = (index: number) =>
    !crowded ||
    index === 0 ||
    index === model.points.length - 1 ||
    model.points[index]!.id === model.baseline?.id;

  return (
    <figure className="score-chart" ref={box}>
      <svg
        role="img"
        aria-labelledby={`${id}-title ${id}-words`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <title id={`${id}-title`}>{instrumentName(model.instrument)}</title>
        <desc id={`${id}-words`}>{sentence}</desc>

        {model.info.bands.map((band, index) => {
          const top = y(index === model.info.bands.length - 1 ? model.info.max : band.to + 1);
          return (
            <g key={band.name}>
              <rect
                x={LEFT}
                width={end - LEFT}
                y={top}
                height={y(band.from) - top}
                fill={`var(--band-${Math.min(index, 4)})`}
              />
              {(roomy || !compact) && (
                <text
                  className="band-name"
                  x={roomy ? end + 8 : end - 6}
                  y={y(band.from) - 5}
                  textAnchor={roomy ? 'start' : 'end'}
                >
                  {severityWord(band.name)}
                </text>
              )}
            </g>
          );
        })}
        {[0, ...model.info.bands.slice(1).map((band) => band.from), model.info.max].map((tick) => (
          <text key={tick} className="tick" x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
            {tick}
          </text>
        ))}
        <line className="axis" x1={LEFT} x2={end} y1={bottom} y2={bottom} />
        {months.map((tick) => (
          <g key={tick.getTime()}>
            <line className="axis" x1={x(tick)} x2={x(tick)} y1={bottom} y2={bottom + 4} />
            <text className="tick" x={x(tick)} y={bottom + 16} textAnchor="middle">
              {shortDate(tick.toISOString().slice(0, 10), model.to).replace(/^\S+ (?=\d)/, '')}
            </text>
          </g>
        ))}

        {model.info.remission > 0 && (
          <g>
            <line
              className="target"
              x1={LEFT}
              x2={end}
              y1={y(model.info.remission)}
              y2={y(model.info.remission)}
            />
            <text className="target-name" x={LEFT + 6} y={y(model.info.remission) + 13}>
              {t`remission: below ${model.info.remission}`}
            </text>
          </g>
        )}
        {model.response !== null && model.response > model.info.remission && (
          <g>
            <line
              className="target target-response"
              x1={LEFT}
              x2={end}
              y1={y(model.response)}
              y2={y(model.response)}
            />
            <text className="target-name" x={LEFT + 6} y={y(model.response) - 4}>
              {t`response: half of ${model.baseline!.total}`}
            </text>
          </g>
        )}

        {model.marks
          .filter((mark) => mark.kind === 'contact')
          .map((mark) => (
            <line
              key={mark.id}
              className="contact-mark"
              x1={at(mark)}
              x2={at(mark)}
              y1={bottom - 5}
              y2={bottom}
            />
          ))}
        {texts.map((mark, index) => (
          <g key={mark.id}>
            <line
              className="treatment-mark"
              x1={mark.x}
              x2={mark.x}
              y1={TOP}
              y2={marksTop + 16 + Math.min(laneOf[index]!, MAX_LANES - 1) * LANE}
            />
            {laneOf[index]! < MAX_LANES && (
              <text
                className="mark-name"
                x={mark.start ?? (mark.before ? mark.x - 4 : mark.x + 4)}
                textAnchor={mark.before ? 'end' : 'start'}
                y={marksTop + 14 + laneOf[index]! * LANE}
              >
                {mark.text}
              </text>
            )}
          </g>
        ))}
        {model.marks
          .filter((mark) => mark.kind === 'review')
          .map((mark) => (
            <path key={mark.id} className="review-mark" d={`M${at(mark)} ${bottom - 6}l6 6-6 6-6-6z`}>
              <title>{`${mark.text}, ${fullDate(mark.date)}`}</title>
            </path>
          ))}

        {model.marks
          .filter((mark) => mark.kind === 'safety')
          .map((mark) => (
            <path key={mark.id} className="safety-mark" d={`M${at(mark)} ${TOP - 12}l6 11h-12z`}>
              <title>{`${mark.text}, ${fullDate(mark.date)}`}</title>
            </path>
          ))}

        <path className="score-line" d={path(model.points) ?? ''} />
        {model.points.map((point, index) => (
          <g key={point.id} className="score-point" data-date={point.date} data-total={point.total}>
            <Marker point={point} x={x(time(point.date))} y={y(point.total)} />
            {labelled(index) && (
              <text
                className="score-name"
                x={x(time(point.date))}
                y={y(point.total) - (point.safety ? 14 : 10)}
                textAnchor="middle"
              >
                {point.total}
              </text>
            )}
          </g>
        ))}
      </svg>
      {!compact && (
        <figcaption className="small soft">
          {sentence} <Trans>Higher means more symptoms.</Trans>
        </figcaption>
      )}
      {!compact && <Legend model={model} />}
    </figure>
  );
}

function Legend({ model }: { model: ChartModel }) {
  const modes = new Set(model.points.map((p) => p.mode));
  const self = ['link', 'portal', 'paper', 'tablet'].some((mode) => modes.has(mode));
  const phone = modes.has('phone') || modes.has('video');
  const entries = [
    (modes.has('in_person') || modes.has('unknown') || modes.has('import')) && (phone || self)
      ? { key: 'o', sign: '●', text: t`in person` }
      : null,
    phone ? { key: 's', sign: '■', text: t`by phone or video` } : null,
    self ? { key: 't', sign: '▲', text: t`filled in alone` } : null,
    model.points.some((p) => p.safety)
      ? { key: 'r', sign: '◯', text: t`item 9 above 0`, safety: true }
      : null,
    model.marks.some((m) => m.kind === 'review')
      ? { key: 'd', sign: '◆', text: t`psychiatric review`, review: true }
      : null,
    model.marks.some((m) => m.kind === 'safety')
      ? { key: 'a', sign: '△', text: t`safety signal`, safety: true }
      : null,
    model.marks.some((m) => m.kind === 'contact') ? { key: 'c', sign: '|', text: t`contact` } : null,
  ].filter((entry) => entry !== null);
  if (entries.length === 0) return null;
  return (
    <ul className="chart-legend small soft">
      {entries.map((entry) => (
        <li key={entry.key}>
          <span
            aria-hidden="true"
            className={entry.safety ? 'need-safety hue' : entry.review ? 'need-review_due hue' : ''}
          >
            {entry.sign}
          </span>{' '}
          {entry.text}
        </li>
      ))}
    </ul>
  );
}

/** The same data for eyes and ears that prefer rows; also printed. */
export function ScoreTable({ model, today }: { model: ChartModel; today: string }) {
  const rows = [...model.points].reverse();
  return (
    <TableScroll label={t`${instrumentName(model.instrument)} scores, newest first`}>
      <table className="score-table">
        <caption className="hidden-text">{t`${instrumentName(model.instrument)} scores, newest first`}</caption>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Date</Trans>
            </th>
            <th scope="col">{instrumentName(model.instrument)}</th>
            <th scope="col">
              <Trans>Since baseline</Trans>
            </th>
            <th scope="col">
              <Trans>Severity</Trans>
            </th>
            <th scope="col">
              <Trans>How</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.id} data-date={point.date} data-total={point.total}>
              <td>
                <When date={point.date} today={today} />
              </td>
              <td className="strong">
                {point.total}
                {point.safety && <span className="need-safety hue small"> {t`item 9 above 0`}</span>}
              </td>
              <td>
                {point.id === model.baseline?.id
                  ? t`baseline`
                  : model.baseline && point.date >= model.baseline.date
                    ? signed(point.total - model.baseline.total)
                    : t`before enrolment`}
              </td>
              <td>{severityWord(point.severity)}</td>
              <td className="soft">{word(modeWords, point.mode)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
