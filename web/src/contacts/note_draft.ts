// What is being written is kept on the server a second after the last key: a reload, a crash or another computer
// loses nothing. It is no part of the record until it is saved.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, call, client, readHeaders } from '../api/client';

export interface KeptDraft {
  text: string;
  updated_at: string;
  version: number;
}

const SETTLE_MS = 1000;
/** Words that could not be kept are tried again while the page stands: after a lost connection or an ended session. */
const AGAIN_MS = 10_000;

/** null when nothing is kept under this key. */
export async function readDraft(key: string): Promise<KeptDraft | null> {
  try {
    return await call(
      client.GET('/api/v1/drafts/{draft_key}', {
        headers: readHeaders(),
        params: { path: { draft_key: key } },
      }),
    );
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

const write = (key: string, text: string, version?: number) =>
  call(
    client.PUT('/api/v1/drafts/{draft_key}', {
      params: { path: { draft_key: key } },
      body: { text, version },
    }),
  );

export type Keeping = 'idle' | 'kept' | 'failed' | 'elsewhere';

/**
 * Keeps `text` under `key` whenever it differs from `initial`. `elsewhere`: another window wrote meanwhile; nothing is
 * overwritten until `mine()` says so. `done()` stops and removes what is kept.
 */
export function useKeptDraft(key: string, text: string, initial: string, before: KeptDraft | null) {
  const [state, setState] = useState<Keeping>(before ? 'kept' : 'idle');
  const [at, setAt] = useState<string | null>(before?.updated_at ?? null);
  const version = useRef(before?.version);
  const last = useRef(before?.text ?? initial);
  const latest = useRef(text);
  const over = useRef(false);
  const blocked = useRef(false);
  const running = useRef<Promise<void>>(Promise.resolve());
  latest.current = text;

  const sendNow = useCallback(async () => {
    if (over.current || blocked.current || latest.current === last.current) return;
    const sent = latest.current;
    try {
      const kept = await write(key, sent, version.current);
      version.current = kept.version;
      last.current = sent;
      setAt(kept.updated_at);
      setState('kept');
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        const current = error.problem.current as unknown as KeptDraft | undefined;
        version.current = current?.version;
        blocked.current = true;
        setState('elsewhere');
      } else setState('failed');
    }
  }, [key]);
  // One at a time: two that overlap would look like two windows to each other.
  const send = useCallback(() => {
    running.current = running.current.then(sendNow);
    return running.current;
  }, [sendNow]);

  useEffect(() => {
    if (text === last.current) return;
    const timer = setTimeout(() => void send(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, send]);

  useEffect(() => {
    if (state !== 'failed') return;
    const timer = setInterval(() => void send(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [state, send]);

  // Leaving the page keeps the last words too.
  useEffect(() => () => void send(), [send]);

  return {
    state,
    at,
    mine: () => {
      blocked.current = false;
      last.current = '';
      void send();
    },
    done: async () => {
      over.current = true;
      // What is on its way arrives first, or it would be kept again after it was removed.
      await running.current;
      await call(client.DELETE('/api/v1/drafts/{draft_key}', { params: { path: { draft_key: key } } })).catch(
        () => undefined,
      );
    },
  };
}
