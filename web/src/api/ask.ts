// Asking by path, for rows whose shape is in `patient_side.ts`. Same session, same problems, same keys as the typed client.
import { ApiError, call, create, ifMatch, readHeaders, send } from './client';
import type { Problem } from './types';

type Query = Record<string, string | number | boolean | undefined | null>;

async function answer<T>(
  method: string,
  path: string,
  init: { body?: unknown; headers?: Record<string, string> },
) {
  const response = await send(
    new Request(new URL(path, window.location.origin), {
      method,
      headers: {
        Accept: 'application/json',
        ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
        ...init.headers,
      },
      body: method === 'GET' ? undefined : JSON.stringify(init.body ?? {}),
    }),
  );
  const text = response.status === 204 ? '' : await response.text();
  let data: unknown;
  try {
    data = text ? JSON.parse(text) : undefined;
  } catch {
    throw new ApiError(response.status, {
      title: 'unexpected answer',
      status: response.status,
      code: 'internal',
    });
  }
  return response.ok ? { data: data as T, response } : { error: data as Problem, response };
}

/** "/path?a=1" without what is empty. */
export function withQuery(path: string, query: Query = {}) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') words.set(name, String(value));
  const text = words.toString();
  return text ? `${path}?${text}` : path;
}

export const read = <T>(path: string, query?: Query): Promise<T> =>
  call<T>(answer<T>('GET', withQuery(path, query), { headers: readHeaders() }));

/** A POST that makes a row: pressing twice makes one. */
export const make = <T>(path: string, body: unknown = {}): Promise<T> =>
  create(path, body, (headers) => answer<T>('POST', path, { body, headers }));

/** An act on a row: with its version when two people may do it. */
export const act = <T>(
  method: 'POST' | 'PATCH' | 'PUT',
  path: string,
  body: unknown = {},
  version?: number,
): Promise<T> =>
  call<T>(answer<T>(method, path, { body, headers: version === undefined ? {} : ifMatch(version) }));
