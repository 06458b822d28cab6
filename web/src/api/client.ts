// The one way to the server. Foreground requests keep the session alive; background ones say so and do not.
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type { Problem } from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.title);
  }
  get code() {
    return this.problem.code;
  }
}

type Listener = () => void;
const activity = { lastForeground: Date.now(), background: false };
const signedOutListeners = new Set<Listener>();

/** When the server last saw a person at work, by this page's clock (ms). */
export function lastForegroundRequest() {
  return activity.lastForeground;
}

/** Requests started inside `work` were caused by the machine, not by a person. */
export function inBackground(work: () => unknown) {
  activity.background = true;
  try {
    work();
  } finally {
    activity.background = false;
  }
}

export function onSignedOut(listener: Listener) {
  signedOutListeners.add(listener);
  return () => void signedOutListeners.delete(listener);
}

export async function send(request: Request): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(request);
  } catch {
    throw new ApiError(0, { title: 'offline', status: 0, code: 'offline' });
  }
  if (response.ok && !request.headers.has('X-Concord-Background')) activity.lastForeground = Date.now();
  return response;
}

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  fetch: send,
  headers: { Accept: 'application/json' },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function asProblem(error: unknown, status: number): Problem {
  if (error && typeof error === 'object' && 'code' in error) return error as Problem;
  return { title: 'unexpected answer', status, code: 'internal' };
}

/** The data of an answer, or an ApiError. A lost session is announced once, then thrown like the rest. */
export async function call<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending;
  if (response.ok) return data as T;
  const problem = asProblem(error, response.status);
  if (problem.code === 'not_signed_in') for (const listener of signedOutListeners) listener();
  throw new ApiError(response.status, problem);
}

/** Headers for a read: marks it as background work when it was started by `inBackground`. */
export function readHeaders(): Record<string, string> {
  return activity.background ? { 'X-Concord-Background': '1' } : {};
}

export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });

const keys = new Map<string, string>();
/**
 * One key for one intended creation: pressing Save again after a lost answer sends the same key, so that
 * nothing is stored twice; a changed body is a new intention.
 */
export function idempotencyKey(path: string, body: unknown) {
  const intention = `${path} ${JSON.stringify(body)}`;
  let key = keys.get(intention);
  if (!key) {
    key = crypto.randomUUID();
    keys.set(intention, key);
  }
  return { 'Idempotency-Key': key };
}
/** After success the same words are a new intention. */
export function forgetIdempotencyKey(path: string, body: unknown) {
  keys.delete(`${path} ${JSON.stringify(body)}`);
}

/** A creating POST: sends its idempotency key and forgets it once the server has answered. */
export async function create<B, T>(
  path: string,
  body: B,
  post: (key: Record<string, string>) => Promise<Answer<T>>,
) {
  try {
    const result = await call(post(idempotencyKey(path, body)));
    forgetIdempotencyKey(path, body);
    return result;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 400 && error.status < 500)
      forgetIdempotencyKey(path, body);
    throw error;
  }
}
