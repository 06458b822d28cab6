// The trial clock in words: how a dose changed, and how long the present one has been tried.
import type { Treatment } from '../api/types';
import { type DateText, daysBetween } from '../ui/dates';

/** "50 → 100 mg daily" when both say the same unit, else both in full. */
export function doseStep(from: string | null | undefined, to: string) {
  if (!from) return to;
  const before = /^([\d.,/]+)\s*(.*)$/.exec(from.trim());
  const after = /^([\d.,/]+)\s*(.*)$/.exec(to.trim());
  if (before && after && before[2]!.toLowerCase() === after[2]!.toLowerCase())
    return `${before[1]} → ${after[1]} ${after[2]}`.trim();
  return `${from} → ${to}`;
}

/** The day the present form of a treatment began: its last change, or its start. */
export function presentSince(treatment: Pick<Treatment, 'start_date' | 'changes'>): DateText {
  return treatment.changes.reduce(
    (last, change) => (change.on > last ? change.on : last),
    treatment.start_date,
  );
}

/** Full weeks on the present dose or form; a start in the future is week 0. */
export function weeksOnPresent(treatment: Pick<Treatment, 'start_date' | 'changes'>, today: DateText) {
  return Math.max(0, Math.floor(daysBetween(presentSince(treatment), today) / 7));
}

/** "50 → 100 → 150 mg daily": every dose so far, the unit once. */
export function doseStory(treatment: Pick<Treatment, 'dose' | 'changes'>) {
  const { changes } = treatment;
  if (changes.length === 0) return treatment.dose ?? '';
  const steps = [changes[0]!.from_dose ?? '', ...changes.map((change) => change.to_dose)].filter(Boolean);
  return steps.reduce((story, step) => {
    if (!story) return step;
    const unit = /^[\d.,/]+\s*(.*)$/.exec(step.trim())?.[1];
    // The unit moves to the end as long as every step has the same.
    return unit && story.toLowerCase().endsWith(` ${unit.toLowerCase()}`)
      ? `${story.slice(0, -unit.length - 1)} → ${step}`
      : `${story} → ${step}`;
  }, '');
}
