// What a series of scores means on a page: baseline, current, change. The same definitions as the server's
// (domain.md, "Scores"); only for drawing, the record's numbers come from the server.
import type { Contact, Episode, Measurement, Review, SafetyEvent, Treatment } from '../api/types';
import { doseStep } from '../treatments/trial';
import { addDays, type DateText, daysBetween } from '../ui/dates';

const BASELINE_DAYS = 14;

export interface ScoreInfo {
  max: number;
  /** upper ends of the bands, with their names */
  bands: { from: number; to: number; name: string }[];
  /** remission is below this */
  remission: number;
}
const PHQ: ScoreInfo = {
  max: 27,
  remission: 5,
  bands: [
    { from: 0, to: 4, name: 'minimal' },
    { from: 5, to: 9, name: 'mild' },
    { from: 10, to: 14, name: 'moderate' },
    { from: 15, to: 19, name: 'moderately severe' },
    { from: 20, to: 27, name: 'severe' },
  ],
};
export const CHARTED: Record<string, ScoreInfo> = {
  'phq-9': PHQ,
  'phq-9m': PHQ,
  'gad-7': {
    max: 21,
    remission: 5,
    bands: [
      { from: 0, to: 4, name: 'minimal' },
      { from: 5, to: 9, name: 'mild' },
      { from: 10, to: 14, name: 'moderate' },
      { from: 15, to: 21, name: 'severe' },
    ],
  },
};

/** Valid, not corrected away, with a total, oldest first. */
export function scoresOf(measurements: Measurement[], instrument: string) {
  return measurements
    .filter((m) => m.instrument === instrument && m.valid && m.total != null && !m.replaced_by)
    .sort((a, b) => a.administered_at.localeCompare(b.administered_at));
}

export function baselineOf(scores: Measurement[], enrolled: DateText | null | undefined): Measurement | null {
  if (!enrolled) return null;
  const after = scores.filter((m) => m.administered_date >= enrolled);
  return after.find((m) => m.administered_date <= addDays(enrolled, BASELINE_DAYS)) ?? after[0] ?? null;
}

export interface ChartPoint {
  id: string;
  date: DateText;
  total: number;
  mode: string;
  safety: boolean;
  severity: string | null;
}
export interface ChartMark {
  id: string;
  date: DateText;
  kind: 'treatment' | 'review' | 'contact' | 'safety';
  text: string;
}
export interface ChartModel {
  instrument: string;
  info: ScoreInfo;
  points: ChartPoint[];
  baseline: ChartPoint | null;
  current: ChartPoint | null;
  /** half of the baseline, when there is one */
  response: number | null;
  marks: ChartMark[];
  from: DateText;
  to: DateText;
}

const MIN_WEEKS = 12;

export function treatmentMarks(
  treatments: Treatment[],
  words: { stopped: (name: string) => string },
): ChartMark[] {
  return treatments.flatMap((treatment) => [
    {
      id: treatment.id,
      date: treatment.start_date,
      kind: 'treatment' as const,
      text: [treatment.name, treatment.changes[0]?.from_dose ?? treatment.dose].filter(Boolean).join(' '),
    },
    ...treatment.changes.map((change) => ({
      id: change.id,
      date: change.on,
      kind: 'treatment' as const,
      text: `${treatment.name} ${doseStep(change.from_dose, change.to_dose)}`,
    })),
    ...(treatment.stop_date
      ? [
          {
            id: `${treatment.id}-stop`,
            date: treatment.stop_date,
            kind: 'treatment' as const,
            text: words.stopped(treatment.name),
          },
        ]
      : []),
  ]);
}

export function chartModel(
  record: {
    measurements: Measurement[];
    treatments: Treatment[];
    reviews: Review[];
    contacts: Contact[];
    safety_events?: Pick<SafetyEvent, 'id' | 'signalled_date'>[];
    episode?: Episode | null;
  },
  instrument: string,
  today: DateText,
  words: { stopped: (name: string) => string; review: string; contact: string; safety?: string },
): ChartModel {
  const scores = scoresOf(record.measurements, instrument);
  const point = (m: Measurement): ChartPoint => ({
    id: m.id,
    date: m.administered_date,
    total: m.total!,
    mode: m.mode,
    safety: m.safety === 'positive',
    severity: m.severity ?? null,
  });
  const points = scores.map(point);
  const base = baselineOf(scores, record.episode?.enrolled_date);
  const baseline = base ? point(base) : null;
  const last = scores.at(-1);
  const current =
    base && last && last.id !== base.id && last.administered_at > base.administered_at ? point(last) : null;
  const marks = [
    ...treatmentMarks(record.treatments, words),
    ...record.reviews.map((r) => ({ id: r.id, date: r.date, kind: 'review' as const, text: words.review })),
    ...record.contacts
      .filter((c) => c.kind === 'treatment')
      .map((c) => ({ id: c.id, date: c.date, kind: 'contact' as const, text: words.contact })),
    ...(record.safety_events ?? []).map((event) => ({
      id: event.id,
      date: event.signalled_date,
      kind: 'safety' as const,
      text: words.safety ?? '',
    })),
  ].sort((a, b) => a.date.localeCompare(b.date));
  const dates = [
    ...points.map((p) => p.date),
    ...(record.episode?.enrolled_date ? [record.episode.enrolled_date] : []),
  ].sort();
  const to = [today, ...dates].sort().at(-1)!;
  const earliest = dates[0] ?? addDays(today, -MIN_WEEKS * 7);
  const from =
    daysBetween(earliest, to) < MIN_WEEKS * 7 ? addDays(to, -MIN_WEEKS * 7) : addDays(earliest, -7);
  return {
    instrument,
    info: CHARTED[instrument] ?? {
      max: Math.max(10, ...points.map((p) => p.total)),
      remission: 0,
      bands: [],
    },
    points,
    baseline,
    current,
    response: baseline && baseline.total > 0 ? baseline.total / 2 : null,
    marks: marks.filter((mark) => mark.date >= from && mark.date <= to),
    from,
    to,
  };
}

/** First score at or below half of the baseline, after it. */
export function responseReached(model: ChartModel): ChartPoint | null {
  if (!model.baseline || model.response === null) return null;
  return model.points.find((p) => p.date > model.baseline!.date && p.total <= model.response!) ?? null;
}
