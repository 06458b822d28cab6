// The caseload's view as it stands in the address: filters, order, columns. Ids only, nothing personal.
import type { Need } from '../api/types';

export const NEEDS: Need[] = ['safety', 'overdue', 'not_improving', 'review_due', 'target_met'];
export const COLUMNS = ['weeks', 'phq', 'gad', 'contact', 'next', 'plan', 'review'] as const;
export type Column = (typeof COLUMNS)[number];
const STATES = ['referred', 'assessed', 'active', 'on_hold', 'relapse_prevention'] as const;

export interface CaseloadSearch {
  need?: Need;
  /** 'me', 'all' or an id; without it: mine for a care manager, everybody's otherwise */
  who?: string;
  site?: string;
  state?: string;
  rule?: string;
  /** a column, '-' before it for falling order */
  sort?: string;
  /** hidden columns */
  hide?: string;
  /** on track unfolded */
  all?: true;
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
const one = <T extends string>(value: unknown, of: readonly T[]) => of.find((item) => item === value);

export function readCaseloadSearch(search: Record<string, unknown>): CaseloadSearch {
  const sort = text(search.sort);
  const sortable = ['name', ...COLUMNS];
  return {
    need: one(search.need, [...NEEDS, 'on_track' as const]),
    who: text(search.who),
    site: text(search.site),
    state: one(search.state, STATES),
    rule: text(search.rule),
    sort: sort && sortable.includes(sort.replace(/^-/, '')) ? sort : undefined,
    hide:
      text(search.hide)
        ?.split(',')
        .filter((name) => (COLUMNS as readonly string[]).includes(name))
        .join(',') || undefined,
    all: search.all === true || search.all === 'true' ? true : undefined,
  };
}
