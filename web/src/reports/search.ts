// Which patients and which months: the question of every report, in the address. Nothing personal is ever in it.

export const PERIODS = ['month', 'quarter', 'year', '12months'] as const;
export type Period = (typeof PERIODS)[number];
export const STRATA = [
  'language',
  'interpreter',
  'race',
  'ethnicity',
  'sex',
  'age_band',
  'payer',
  'site',
] as const;
export const FILTERS = [...STRATA, 'care_manager', 'pathway'] as const;
export type Filter = (typeof FILTERS)[number];
export const STANDINGS = ['numerator', 'denominator', 'not_met', 'out'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface Question extends Partial<Record<Filter, string>> {
  period?: Period;
  /** a month in it, "2026-03" */
  at?: string;
}
export interface ReportSearch extends Question {
  /** whose list is open on a figure's page */
  standing?: Standing;
  reason?: string;
  /** what the equity page shows */
  figure?: string;
  by?: string;
  /** which set of measures, and which publication of a month */
  set?: 'aims' | 'hedis';
  published?: number;
  /** as the set was known on a day, "2026-03-31" */
  known?: string;
  /** other numbers of the rule set: "review.nonresponse.from_days=42" */
  change?: string;
}

const text = (value: unknown) =>
  (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') && value !== ''
    ? String(value)
    : undefined;

export function readQuestion(search: Record<string, unknown>): Question {
  const question: Question = {
    period: PERIODS.find((period) => period === search.period),
    at: /^\d{4}-(0[1-9]|1[0-2])$/.test(String(search.at)) ? String(search.at) : undefined,
  };
  for (const filter of FILTERS) question[filter] = text(search[filter]);
  return question;
}
export function readReportSearch(search: Record<string, unknown>): ReportSearch {
  return {
    ...readQuestion(search),
    standing: STANDINGS.find((standing) => standing === search.standing),
    reason: text(search.reason),
    figure: text(search.figure),
    by: text(search.by),
    set: search.set === 'hedis' || search.set === 'aims' ? search.set : undefined,
    published: /^\d{1,4}$/.test(String(search.published)) ? Number(search.published) : undefined,
    known: /^\d{4}-\d{2}-\d{2}$/.test(String(search.known)) ? String(search.known) : undefined,
    change: text(search.change),
  };
}

/** Only the question: what is open on a page does not travel to the next one. */
export const questionOf = (search: ReportSearch): Question => readQuestion({ ...search });
export const filtersOf = (question: Question) =>
  FILTERS.flatMap((filter) => {
    const value = question[filter];
    return value === undefined ? [] : [[filter, value] as const];
  });

/** The question and whose list, in one line: what a number and the list behind it must have in common. */
export const askedWords = (search: ReportSearch) =>
  [
    ...filtersOf(search),
    ...(['period', 'at', 'figure', 'standing', 'reason', 'set', 'published', 'known'] as const).map(
      (name) => [name, search[name]] as const,
    ),
  ]
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .sort()
    .join('&');
