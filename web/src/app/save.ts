// One way to save: what went wrong, who was faster, and the words stay where they were typed.
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { ApiError } from '../api/client';

export interface Save<V> {
  save: (values: V) => void;
  saving: boolean;
  error: unknown;
  /** the row as somebody else left it, after a 412 */
  theirs: Record<string, unknown> | null;
  reset: () => void;
}

export function useSave<V, R>(work: (values: V) => Promise<R>, onSaved: (result: R) => unknown): Save<V> {
  const mutation = useMutation({ mutationFn: work, onSuccess: onSaved });
  // A second press may come before the first is drawn: it would meet the change of the first as somebody else's.
  const busy = useRef(false);
  const error = mutation.error;
  const conflict = error instanceof ApiError && error.status === 412 && error.problem.current;
  return {
    save: (values) => {
      if (busy.current || mutation.isPending) return;
      busy.current = true;
      mutation.mutate(values, {
        onSettled: () => {
          busy.current = false;
        },
      });
    },
    saving: mutation.isPending,
    error: conflict ? null : error,
    theirs: conflict || null,
    reset: () => {
      busy.current = false;
      mutation.reset();
    },
  };
}
