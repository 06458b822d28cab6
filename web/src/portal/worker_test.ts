// @vitest-environment node
// The service worker itself, in a small world: what it keeps, what it gives back without a connection.
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';

const source = readFileSync(new URL('../../public/portal-sw.js', import.meta.url), 'utf8');
const ORIGIN = 'https://clinic.example';
const PAGE = '<script src="/assets/portal-1.js"></script><link href="/assets/portal-1.css">';

type Handler = (event: Record<string, unknown>) => void;
let kept: Map<string, Response>;
let asked: string[];
let online: boolean;
let handlers: Record<string, Handler>;

const pathOf = (request: string | Request) =>
  typeof request === 'string' ? request : new URL(request.url).pathname;

beforeEach(() => {
  kept = new Map();
  asked = [];
  online = true;
  handlers = {};
  const store = {
    match: async (key: string | Request) => kept.get(pathOf(key))?.clone(),
    put: async (key: string | Request, answer: Response) => void kept.set(pathOf(key), answer),
    keys: async () => [...kept.keys()].map((path) => new Request(ORIGIN + path)),
    delete: async (key: string | Request) => kept.delete(pathOf(key)),
  };
  runInNewContext(source, {
    URL,
    Response,
    Promise,
    location: { origin: ORIGIN },
    caches: { open: async () => store, keys: async () => [], match: store.match },
    fetch: async (request: string | Request) => {
      const path = pathOf(request);
      asked.push(path);
      if (!online) throw new TypeError('no network');
      return new Response(path.startsWith('/portal') ? PAGE : path);
    },
    self: {
      skipWaiting: () => undefined,
      clients: { claim: () => undefined },
      addEventListener: (name: string, handler: Handler) => {
        handlers[name] = handler;
      },
    },
  });
});

async function tell(name: string, event: Record<string, unknown> = {}) {
  const waits: Promise<unknown>[] = [];
  handlers[name]!({ ...event, waitUntil: (work: Promise<unknown>) => waits.push(work) });
  await Promise.all(waits);
}
async function ask(path: string, mode = 'cors', method = 'GET') {
  let answer: Promise<Response> | undefined;
  handlers.fetch!({
    request: { url: ORIGIN + path, mode, method },
    respondWith: (given: Promise<Response>) => {
      answer = given;
    },
  });
  return answer === undefined ? undefined : await answer;
}

describe('the service worker', () => {
  it('keeps the page and its files when it is installed', async () => {
    await tell('install');
    expect([...kept.keys()].sort()).toEqual(['/assets/portal-1.css', '/assets/portal-1.js', '/portal/']);
  });
  it('never touches what the server says about anybody', async () => {
    await tell('install');
    for (const path of ['/api/v1/portal/home', '/auth/portal/session', '/c/now', '/caseload'])
      expect(await ask(path)).toBeUndefined();
    expect(await ask('/portal/goals', 'navigate', 'POST')).toBeUndefined();
    expect([...kept.keys()].some((path) => path.startsWith('/api') || path.startsWith('/auth'))).toBe(false);
  });
  it('asks the server for the page first, and gives the kept one without a connection', async () => {
    await tell('install');
    await ask('/portal/goals', 'navigate');
    expect(asked.at(-1)).toBe('/portal/goals');
    expect(kept.has('/portal/goals')).toBe(false);
    online = false;
    expect(await (await ask('/portal/help', 'navigate'))!.text()).toBe(PAGE);
  });
  it('gives a file it has without asking again', async () => {
    await tell('install');
    const before = asked.length;
    expect(await (await ask('/assets/portal-1.js'))!.text()).toBe('/assets/portal-1.js');
    expect(asked.length).toBe(before);
  });
  it('lets files of an older version go when the page says what it is made of', async () => {
    await tell('install');
    kept.set('/assets/old-0.js', new Response('old'));
    await tell('message', {
      data: { keep: ['/assets/portal-1.js', '/assets/goals-1.js', '/api/v1/portal/home'] },
    });
    expect([...kept.keys()].sort()).toEqual([
      '/assets/goals-1.js',
      '/assets/portal-1.css',
      '/assets/portal-1.js',
      '/portal/',
    ]);
  });
  it('is small enough to be read whole', () => {
    expect(source.split('\n').length).toBeLessThan(100);
  });
});
