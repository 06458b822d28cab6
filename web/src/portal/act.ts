// Sending something: what is wrong beside its field, what did not arrive kept and offered again.
import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api';

/** Something to put right; `field` is the id of the input. */
export interface Issue {
  field: string;
  text: string;
}

export function problemWords(error: ApiError): string {
  switch (error.code) {
    case 'offline':
      return t`There is no connection right now.`;
    case 'too_many_requests':
      return t`Too many tries. Please wait a few minutes, then try again.`;
    case 'not_allowed':
      return t`You may not see or do this.`;
    case 'not_found':
      return t`This is not here any more.`;
    case 'conflict':
    case 'edited_meanwhile':
      return t`This was changed somewhere else. Please look at the newest version and try again.`;
    default:
      return error.status >= 500
        ? t`Our computer has a problem. Your words are safe on this page. Please try again in a few minutes.`
        : t`This did not work. Please try again, or call your clinic.`;
  }
}

export interface Act {
  saving: boolean;
  issues: Issue[];
  /** Not a fault of the words: said above the form. */
  problem: string | null;
  /** The words are still here and can be sent again. */
  unsent: boolean;
  error: ApiError | null;
  run: (work: () => Promise<unknown>, before?: Issue[]) => Promise<boolean>;
  clear: () => void;
}

/** `fields` names the input of a path that the server complains about: {"text": "message"}. */
export function useAct(fields: Record<string, string> = {}): Act {
  const [state, setState] = useState<{
    saving: boolean;
    issues: Issue[];
    problem: string | null;
    error: ApiError | null;
  }>({ saving: false, issues: [], problem: null, error: null });
  const busy = useRef(false);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  const set = (next: Partial<typeof state>) => {
    if (alive.current) setState((now) => ({ ...now, ...next }));
  };
  const run = async (work: () => Promise<unknown>, before: Issue[] = []) => {
    if (busy.current) return false;
    if (before.length) {
      set({ issues: [...before], problem: null, error: null });
      return false;
    }
    busy.current = true;
    set({ saving: true, issues: [], problem: null, error: null });
    try {
      await work();
      set({ saving: false });
      return true;
    } catch (caught) {
      const error =
        caught instanceof ApiError ? caught : new ApiError(500, { code: 'internal', title: '', status: 500 });
      const issues = (error.problem.issues ?? [])
        .map((issue) => ({ field: fields[issue.path] ?? '', text: t`Please check this.` }))
        .filter((issue) => issue.field);
      set({
        saving: false,
        issues,
        problem: issues.length || error.code === 'not_signed_in' ? null : problemWords(error),
        error,
      });
      return false;
    } finally {
      busy.current = false;
    }
  };
  return {
    ...state,
    unsent: !!state.error?.unsent,
    run,
    clear: () => set({ issues: [], problem: null, error: null }),
  };
}
