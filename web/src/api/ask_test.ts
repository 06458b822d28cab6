import { afterEach, describe, expect, it, vi } from 'vitest';
import { act, make, read, withQuery } from './ask';
import { ApiError } from './client';

const answers = (...list: Response[]) => {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request);
    return list.shift()!;
  });
  return seen;
};
const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
afterEach(() => vi.unstubAllGlobals());

describe('asking by path', () => {
  it('leaves out what is empty', () => {
    expect(withQuery('/a', { b: '', c: undefined, d: null, e: 0, f: false, g: 'x y' })).toBe(
      '/a?e=0&f=false&g=x+y',
    );
    expect(withQuery('/a')).toBe('/a');
  });
  it('sends the version an act stands on', async () => {
    const seen = answers(json({ id: 'v' }));
    await act('POST', '/api/v1/x/acts', { act: 'cancel' }, 3);
    expect(seen[0]!.headers.get('If-Match')).toBe('"3"');
  });
  it('makes one row when the same words are sent twice after a lost answer', async () => {
    const lost = new TypeError('network');
    const seen: Request[] = [];
    let first = true;
    vi.stubGlobal('fetch', async (request: Request) => {
      seen.push(request);
      if (first) {
        first = false;
        throw lost;
      }
      return json({ id: 'r' }, 201);
    });
    await expect(make('/api/v1/x', { a: 1 })).rejects.toBeInstanceOf(ApiError);
    await make('/api/v1/x', { a: 1 });
    expect(seen[0]!.headers.get('Idempotency-Key')).toBe(seen[1]!.headers.get('Idempotency-Key'));
  });
  it('gives the server’s problem with what it carries', async () => {
    answers(json({ title: 'edited', status: 412, code: 'edited_meanwhile', current: { version: 4 } }, 412));
    const error = await read('/api/v1/x').catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem.current).toEqual({ version: 4 });
  });
});
