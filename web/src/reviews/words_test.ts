import { describe, expect, it } from 'vitest';
import type { NewRecommendation, Recommendation, StoryFact, TeamMember } from '../api/types';
import { signingWords } from './builder';
import { trendModel } from './recommendation_page';
import {
  draftWords,
  isBlank,
  isLate,
  moreWords,
  needOf,
  shortSummary,
  stateLine,
  storyWords,
  versionSeen,
} from './words';

const TODAY = '2026-03-10';
const advice = (part: Partial<Recommendation>): Recommendation => ({
  id: 'r',
  patient_id: 'p',
  kind: 'increase',
  text: '',
  summary: 'Increase sertraline to 100 mg',
  to_role: 'pcp',
  urgency: 'routine',
  state: 'sent',
  may: [],
  version: 1,
  sent_date: '2026-03-03',
  ...part,
});
const row = (part: Partial<NewRecommendation>): NewRecommendation => ({
  kind: 'other',
  to_role: 'pcp',
  ...part,
});

describe('a recommendation in words', () => {
  it('says whose turn it is, and since when', () => {
    expect(stateLine(advice({ to: { id: 'l', name: 'Dr Lee' } }), TODAY)).toBe(
      'Waits for Dr Lee, sent 7 days ago',
    );
    expect(stateLine(advice({}), TODAY)).toBe('Waits for Primary care provider, sent 7 days ago');
    expect(stateLine(advice({ state: 'accepted', answered_date: '2026-03-09' }), TODAY)).toBe(
      'Accepted Mon 9 Mar; not done yet',
    );
    expect(stateLine(advice({ state: 'adequate_trial', trial_dose: '100 mg', trial_weeks: 6 }), TODAY)).toBe(
      'Tried long enough: 100 mg, 6 weeks',
    );
  });
  it('is late from the seventh day without an answer, and never after one', () => {
    expect(isLate(advice({}), '2026-03-09')).toBe(false);
    expect(isLate(advice({}), TODAY)).toBe(true);
    expect(isLate(advice({ state: 'declined' }), TODAY)).toBe(false);
  });
  it('does not say the words of the consultant twice', () => {
    const one = advice({ text: 'With food.', summary: 'Increase sertraline to 100 mg. With food.' });
    expect(shortSummary(one)).toBe('Increase sertraline to 100 mg');
    expect(moreWords(one)).toBe('With food.');
    const same = advice({ text: 'Order TSH', summary: 'Order TSH' });
    expect(shortSummary(same)).toBe('Order TSH');
    expect(moreWords(same)).toBe('');
  });
});

describe('a draft', () => {
  it('is blank until something is said; continuing says enough', () => {
    expect(isBlank(row({ kind: '' }))).toBe(true);
    expect(isBlank(row({ kind: 'start', text: ' ' }))).toBe(true);
    expect(isBlank(row({ kind: 'start', medication: 'sertraline' }))).toBe(false);
    expect(isBlank(row({ kind: 'continue' }))).toBe(false);
  });
  it('reads as one line', () => {
    expect(
      draftWords(row({ kind: 'increase', medication: 'sertraline', dose: '100 mg', text: 'With food' })),
    ).toBe('Raise the dose: sertraline 100 mg. With food');
  });
  it('says before signing who gets what', () => {
    const team = [{ id: 'm', role: 'pcp', name: 'Dr Lee', since: '2026-01-01' } as TeamMember];
    expect(signingWords([row({})], 1, team)).toBe(
      'Signing sends the recommendation to Dr Lee. It answers the question.',
    );
    expect(signingWords([row({}), row({ to_role: 'care_manager' })], 0, team)).toBe(
      'Signing sends 2 recommendations to Dr Lee and Care manager.',
    );
    expect(signingWords([row({ to_role: '' })], 0, team)).toBe(
      'Signing records the review; nobody is asked to act.',
    );
  });
});

describe('the story', () => {
  const tell = (fact: Partial<StoryFact>) => storyWords(fact as StoryFact, TODAY);
  it('tells what a colleague would', () => {
    expect(tell({ kind: 'in_care', weeks: 6, state: 'active', care_manager_name: 'Dana' })).toBe(
      'In care 6 weeks, active, with Dana',
    );
    expect(
      tell({
        kind: 'score',
        instrument: 'phq-9',
        baseline: 19,
        current: 17,
        percent: -10.5,
        current_date: '2026-03-06',
      }),
    ).toBe('PHQ-9 19 → 17 (−10%), last Fri 6 Mar');
    expect(tell({ kind: 'plan', since: '2026-01-01', weeks: 9, line: 'sertraline 50 -> 100 mg' })).toBe(
      'Same plan for 9 weeks: sertraline 50 → 100 mg',
    );
    expect(tell({ kind: 'last_review', date: '2026-02-10', open: 1 })).toBe(
      'Reviewed 4 weeks ago, 1 recommendation open',
    );
  });
  it('says what is missing instead of leaving it out', () => {
    expect(tell({ kind: 'score', instrument: 'phq-9', baseline: 12, baseline_date: '2026-03-02' })).toBe(
      'PHQ-9 12 on Mon 2 Mar, not repeated since',
    );
    expect(tell({ kind: 'score', instrument: '' })).toBe('No score yet');
    expect(tell({ kind: 'last_review' })).toBe('Never reviewed');
    expect(tell({ kind: 'contacts' })).toBe('No contact yet');
    expect(tell({ kind: 'plan' })).toBe('No treatment recorded');
  });
  it('an agenda row has the hue of the reason that ranks it', () => {
    const item = (kind: string) =>
      ({ reasons: [{ kind, text: 'x' }] }) as unknown as Parameters<typeof needOf>[0];
    expect(needOf(item('safety'))).toBe('safety');
    expect(needOf(item('worse'))).toBe('not_improving');
    expect(needOf(item('asked'))).toBe('review_due');
    expect(needOf(item('added'))).toBe('on_track');
  });
});

describe("the doctor's trend", () => {
  const page = (points: (string | number)[][]) => ({
    trend: { instrument: 'phq-9', points, baseline: 18, current: 9, range: [0, 27] },
    treatments: [],
  });
  it('keeps every point in order, with its baseline and half of it', () => {
    const model = trendModel(
      page([
        ['2026-02-01', 12],
        ['2026-01-05', 18],
        ['2026-03-01', 9],
      ]),
      TODAY,
    )!;
    expect(model.points.map((point) => point.total)).toEqual([18, 12, 9]);
    expect(model.baseline?.total).toBe(18);
    expect(model.current?.total).toBe(9);
    expect(model.response).toBe(9);
    expect(model.from < '2026-01-05').toBe(true);
  });
  it('draws nothing without a score', () => {
    expect(trendModel(page([]), TODAY)).toBeNull();
    expect(trendModel({ trend: null, treatments: [] }, TODAY)).toBeNull();
  });
});

describe('answering right after opening', () => {
  it('is not refused because of one’s own reading', () => {
    expect(versionSeen(1, advice({ version: 2, state: 'read' }))).toBe(2);
  });
  it('is still refused when somebody else changed it before the reading', () => {
    expect(versionSeen(1, advice({ version: 3, state: 'read' }))).toBe(1);
  });
  it('goes out with what is shown when the reading could not be told', () => {
    expect(versionSeen(1, null)).toBe(1);
  });
});
