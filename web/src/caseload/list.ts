import type { CaseloadRow } from '../api/types';

/** What the table and the cards both take. */
export interface ListProps {
  needing: CaseloadRow[];
  onTrack: CaseloadRow[];
  unfolded: boolean;
  onUnfold: () => void;
  changed: ReadonlySet<string>;
  today: string;
  sort?: string;
  onSort: (sort: string | undefined) => void;
  hidden: string[];
}
