// The one way to the server. A person's request keeps the session alive; one of the machine says so and does not.
import { language } from './i18n';

export interface Problem {
  code: string;
  title: string;
  status: number;
  issues?: { path: string; text: string }[];
  current?: unknown;
}

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
  /** The words never reached the server, or nobody knows: they may be sent again with the same key. */
  get unsent() {
    return this.status === 0 || this.status >= 502;
  }
}

/** When the session ends, by this page's clock (ms); null: nobody is signed in, or the server has not said. */
let ends: number | null = null;
export const sessionEnds = () => ends;
export const setSessionEnds = (at: number | null) => {
  ends = at;
};

const signedOutListeners = new Set<() => void>();
export function onSignedOut(listener: () => void) {
  signedOutListeners.add(listener);
  return () => void signedOutListeners.delete(listener);
}

interface Options {
  body?: unknown;
  version?: number;
  key?: string;
  background?: boolean;
}

export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() };
  if (method !== 'GET') headers['Content-Type'] = 'application/json';
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
  if (options.key) headers['Idempotency-Key'] = options.key;
  if (options.background) headers['X-Concord-Background'] = '1';
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: method === 'GET' ? undefined : JSON.stringify(options.body ?? {}),
    });
    text = await response.text();
  } catch {
    throw new ApiError(0, { code: 'offline', title: 'offline', status: 0 });
  }
  const stated = response.headers.get('X-Concord-Session-Expires');
  if (stated) ends = Date.parse(stated);
  let answer: unknown;
  try {
    answer = text ? JSON.parse(text) : undefined;
  } catch {
    answer = undefined;
  }
  if (response.ok) return answer as T;
  const problem =
    answer && typeof answer === 'object' && 'code' in answer
      ? (answer as Problem)
      : { code: 'internal', title: 'unexpected answer', status: response.status };
  if (problem.code === 'not_signed_in') {
    ends = null;
    for (const listener of signedOutListeners) listener();
  }
  throw new ApiError(response.status, problem);
}

const PORTAL = '/api/v1/portal';
export const get = <T>(view: string, options: Options = {}) =>
  request<T>('GET', `${PORTAL}/${view}`, options);

const keys = new Map<string, string>();
/**
 * A creating POST. Pressing "Send" again after a lost answer sends the same key, so that nothing is stored twice;
 * changed words are a new intention.
 */
export async function post<T>(path: string, body: unknown = {}, version?: number): Promise<T> {
  const intention = `${path} ${JSON.stringify(body)}`;
  const key = keys.get(intention) ?? crypto.randomUUID();
  keys.set(intention, key);
  try {
    const answer = await request<T>('POST', `${PORTAL}/${path}`, { body, key, version });
    keys.delete(intention);
    return answer;
  } catch (error) {
    if (error instanceof ApiError && !error.unsent) keys.delete(intention);
    throw error;
  }
}
export const patch = <T>(path: string, body: unknown, version?: number) =>
  request<T>('PATCH', `${PORTAL}/${path}`, { body, version });
export const put = <T>(path: string, body: unknown, version?: number) =>
  request<T>('PUT', `${PORTAL}/${path}`, { body, version });
