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
  latest.current = text;

  const send = useCallback(async () => {
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

  useEffect(() => {
    if (text === last.current) return;
    const timer = setTimeout(() => void send(), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, send]);

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
      await call(client.DELETE('/api/v1/drafts/{draft_key}', { params: { path: { draft_key: key } } })).catch(
        () => undefined,
      );
    },
  };
}
