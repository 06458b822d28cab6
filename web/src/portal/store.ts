// What the page has read, and what a person has begun to write: in memory only, gone with the page.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, get } from './api';
import { useFrame } from './frame';

interface Entry {
  data?: unknown;
  error?: ApiError;
  stale: boolean;
  pending?: Promise<void>;
  watchers: Set<() => void>;
}
const entries = new Map<string, Entry>();

function entryOf(view: string) {
  let entry = entries.get(view);
  if (!entry) {
    entry = { stale: true, watchers: new Set() };
    entries.set(view, entry);
  }
  return entry;
}

function load(view: string, background = false) {
  const entry = entryOf(view);
  if (entry.pending) return entry.pending;
  entry.stale = false;
  // An answer to whoever sat here before is nobody's any more.
  const wanted = () => entry.pending === asked;
  const asked: Promise<void> = get<unknown>(view, { background })
    .then(
      (data) => {
        if (!wanted()) return;
        entry.data = data;
        entry.error = undefined;
      },
      (error: unknown) => {
        if (!wanted()) return;
        entry.error =
          error instanceof ApiError ? error : new ApiError(0, { code: 'internal', title: '', status: 0 });
        entry.stale = true;
      },
    )
    .then(() => {
      if (!wanted()) return;
      entry.pending = undefined;
      for (const watcher of entry.watchers) watcher();
      // It was changed while it was read.
      if (entry.stale && !entry.error && entry.watchers.size) void load(view, true);
    });
  entry.pending = asked;
  return asked;
}

export interface Loaded<T> {
  data?: T;
  error?: ApiError;
  /** It is known to have changed, and is on its way: what `data` lacks may be there. */
  reading: boolean;
  again: () => void;
}

/** GET /api/v1/portal/<view>, read again whenever somebody says that it has changed. */
export function useView<T>(name: string | null): Loaded<T> {
  const frame = useFrame();
  const view = name === null ? null : frame.address(name);
  const [, tick] = useState(0);
  useEffect(() => {
    if (view === null) return;
    const entry = entryOf(view);
    const watcher = () => tick((n) => n + 1);
    entry.watchers.add(watcher);
    if (entry.stale) void load(view);
    else tick((n) => n + 1);
    return () => void entry.watchers.delete(watcher);
  }, [view]);
  const entry = view === null ? undefined : entries.get(view);
  return {
    data: entry?.data as T | undefined,
    error: entry?.error,
    reading: !!entry && (!!entry.pending || (entry.stale && !entry.error)),
    again: () => {
      if (view !== null) void load(view);
    },
  };
}

/** These views (and every view whose name begins so) may say something new now. */
export function changed(...views: string[]) {
  for (const [name, entry] of entries)
    if (views.some((view) => name === view || name.startsWith(`${view}?`) || name.startsWith(`${view}/`))) {
      entry.stale = true;
      if (entry.watchers.size) void load(name, true);
    }
}

/** Reading a page anew after a while: everything shown once is asked for again when it is opened. */
export function forgetFreshness() {
  for (const entry of entries.values()) if (!entry.watchers.size) entry.stale = true;
}

const drafts = new Map<string, unknown>();
const begun = new Set<string>();

/** What is being written survives leaving the page and an ended session, not closing it. */
export function useDraft<T>(name: string, initial: T): [T, (next: T) => void, (kept?: T) => void] {
  const [value, setValue] = useState<T>(() => (drafts.has(name) ? (drafts.get(name) as T) : initial));
  return [
    value,
    (next) => {
      drafts.set(name, next);
      begun.add(name);
      setValue(next);
    },
    // Sent: what is kept now stands in the form, or nothing.
    (kept) => {
      drafts.delete(name);
      begun.delete(name);
      setValue(kept === undefined ? initial : kept);
    },
  ];
}
export const somethingBegun = () => begun.size > 0;

/** Somebody else sits here now, or nobody. */
export function forgetAll() {
  drafts.clear();
  begun.clear();
  for (const entry of entries.values()) {
    entry.data = undefined;
    entry.error = undefined;
    entry.pending = undefined;
    entry.stale = true;
  }
}
/** After a change of language the server's words are asked for again. */
export function readAgain() {
  for (const [name, entry] of entries) {
    entry.stale = true;
    if (entry.watchers.size) void load(name, true);
    else entry.data = undefined;
  }
}
