// Which rows somebody just changed, for a moment's mark.
import { useEffect, useRef, useState } from 'react';
import type { CaseloadRow } from '../api/types';

const MARK_MS = 4000;

/** Ids of rows that are new or different from before; the first look marks nothing. */
export function differences(before: Map<string, string>, rows: CaseloadRow[]): string[] {
  if (before.size === 0) return [];
  return rows
    .filter((row) => before.get(row.episode_id) !== JSON.stringify(row))
    .map((row) => row.episode_id);
}

export function useChangedRows(rows: CaseloadRow[], view: string) {
  const before = useRef({ view: '', seen: new Map<string, string>() });
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const same = before.current.view === view;
    const ids = same ? differences(before.current.seen, rows) : [];
    before.current = { view, seen: new Map(rows.map((row) => [row.episode_id, JSON.stringify(row)])) };
    if (ids.length === 0) return;
    setChanged(new Set(ids));
    const timer = setTimeout(() => setChanged(new Set()), MARK_MS);
    return () => clearTimeout(timer);
  }, [rows, view]);
  return changed;
}
