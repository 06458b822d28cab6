// Save as you type: what is written during a review is kept on the server as the writer's own draft.
import { t } from '@lingui/core/macro';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, call, client, ifMatch } from '../api/client';
import { queryClient } from '../api/queries';
import type { NewRecommendation, ReviewDraft } from '../api/types';
import { say } from '../ui/toast';
import { leaving, reviewPageKey } from './queries';
import { isBlank } from './words';

export interface DraftWords {
  question: string;
  notes: string;
  recommendations: NewRecommendation[];
}
export const blankRecommendation = (): NewRecommendation => ({
  kind: '',
  text: '',
  medication: '',
  dose: '',
  to_role: 'pcp',
  urgency: 'routine',
});
export const emptyWords = (): DraftWords => ({ question: '', notes: '', recommendations: [] });
export const wordsOf = (draft: ReviewDraft | null | undefined): DraftWords => ({
  ...emptyWords(),
  ...draft?.content,
});

/** What is worth keeping: rows nobody has filled in are left out. */
export const worthKeeping = (words: DraftWords): DraftWords => ({
  ...words,
  recommendations: words.recommendations.filter((one) => !isBlank(one)),
});

export type DraftState = 'clean' | 'waiting' | 'saving' | 'saved' | 'failed' | 'conflict';

const SETTLE_MS = 700;

/** Words whose last save failed after somebody had walked on, by page: they stand there again when it is opened. */
const unsaved = new Map<string, { words: DraftWords; version: number }>();

/**
 * Words of one reviewer about one patient, saved a moment after each change. `settle()` saves what still waits.
 * When another tab was faster, `theirs` is what it saved; `take` or `keepMine` ends that.
 */
export function useReviewDraft(
  patient: string,
  session: string | undefined,
  loaded: ReviewDraft | null | undefined,
) {
  const key = reviewPageKey(patient, session).join();
  const [left] = useState(() => unsaved.get(key));
  const [overtaken] = useState(() => (left && loaded && loaded.version !== left.version ? loaded : null));
  const [words, setWords] = useState<DraftWords>(() => left?.words ?? wordsOf(loaded));
  const [state, setState] = useState<DraftState>(
    overtaken ? 'conflict' : left ? 'waiting' : loaded && loaded.version > 0 ? 'saved' : 'clean',
  );
  const [savedAt, setSavedAt] = useState<string | null>(loaded?.saved_at ?? null);
  const [theirs, setTheirs] = useState<ReviewDraft | null>(overtaken);
  const version = useRef(loaded?.version ?? 0);
  const latest = useRef(words);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const running = useRef<Promise<void> | null>(null);
  const ended = useRef(false);
  const changed = useRef(!!left);
  const failed = useRef(false);

  const send = useCallback(async () => {
    waiting.current = undefined;
    if (ended.current) return;
    const body = worthKeeping(latest.current);
    setState('saving');
    try {
      const saved = await call(
        client.PUT('/api/v1/patients/{patient_id}/review-draft', {
          params: { path: { patient_id: patient }, query: { session }, header: ifMatch(version.current) },
          body,
        }),
      );
      version.current = saved.version;
      failed.current = false;
      setSavedAt(saved.saved_at ?? null);
      if (!waiting.current) setState('saved');
    } catch (error) {
      failed.current = true;
      if (error instanceof ApiError && error.status === 412 && error.problem.current) {
        setTheirs(error.problem.current as unknown as ReviewDraft);
        setState('conflict');
      } else setState('failed');
    }
  }, [patient, session]);

  // One save at a time: the next one starts from the version the last one left.
  const queue = useCallback(() => {
    running.current = (running.current ?? Promise.resolve()).then(send);
    return running.current;
  }, [send]);

  const change = useCallback(
    (part: Partial<DraftWords>) => {
      const next = { ...latest.current, ...part };
      latest.current = next;
      changed.current = true;
      setWords(next);
      setState('waiting');
      clearTimeout(waiting.current);
      waiting.current = setTimeout(() => void queue(), SETTLE_MS);
    },
    [queue],
  );

  const settle = useCallback(async () => {
    if (waiting.current) {
      clearTimeout(waiting.current);
      await queue();
    } else await running.current;
  }, [queue]);

  // Leaving for the next patient saves what still waits; coming back reads what was saved, not what stood there before.
  useEffect(() => {
    unsaved.delete(key);
    if (left && !overtaken) void queue();
    return () => {
      if (waiting.current) clearTimeout(waiting.current);
      if (ended.current || !changed.current) return;
      const saved = (waiting.current ? queue() : (running.current ?? Promise.resolve())).then(() => {
        if (!failed.current) return;
        unsaved.set(key, { words: latest.current, version: version.current });
        say(
          t`What you wrote last could not be kept. It waits in this window: go back to that person to keep it.`,
        );
      });
      leaving.after(patient, session, saved);
      queryClient.removeQueries({ queryKey: reviewPageKey(patient, session), exact: true });
    };
  }, [queue, patient, session, key, left, overtaken]);

  const take = (draft: ReviewDraft) => {
    version.current = draft.version;
    latest.current = wordsOf(draft);
    setWords(latest.current);
    setTheirs(null);
    setState('saved');
  };
  const keepMine = (draft: ReviewDraft, merged: Partial<DraftWords>) => {
    version.current = draft.version;
    setTheirs(null);
    change(merged);
  };
  /** Signed: nothing of this is a draft any more. */
  const end = () => {
    ended.current = true;
    clearTimeout(waiting.current);
    waiting.current = undefined;
  };
  return { words, change, state, savedAt, theirs, take, keepMine, settle, retry: () => void queue(), end };
}
