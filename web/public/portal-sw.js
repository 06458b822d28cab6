// Keeps what the patients' page is made of, so that it opens without a connection and "Get help now" is there.
// Only the page itself and files under /assets/ (their names change with their content) are kept; an answer of the
// server about anybody never is. Small on purpose: read it all before changing it.
const STORE = 'concord-portal-1';
const SHELL = '/portal/';
const isAsset = (url) => url.origin === location.origin && url.pathname.startsWith('/assets/');

async function keepShell() {
  const store = await caches.open(STORE);
  const answer = await fetch(SHELL, { credentials: 'omit', cache: 'no-store' });
  if (!answer.ok) return;
  const text = await answer.clone().text();
  await store.put(SHELL, answer);
  const named = [...text.matchAll(/"(\/(?:assets\/[^"]+|mark\.svg))"/g)].map(([, path]) => path);
  await keep(store, named);
}
async function keep(store, paths) {
  for (const path of paths)
    if (!(await store.match(path))) {
      const answer = await fetch(path, { credentials: 'omit' });
      if (answer.ok) await store.put(path, answer);
    }
}

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keepShell().catch(() => undefined));
});
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== STORE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

/** The page says which files it is made of now; files of an older version go. */
self.addEventListener('message', (event) => {
  const wanted = Array.isArray(event.data?.keep) ? event.data.keep : [];
  const paths = wanted.filter((path) => typeof path === 'string' && isAsset(new URL(path, location.origin)));
  if (!paths.length) return;
  event.waitUntil(
    (async () => {
      await keepShell();
      const store = await caches.open(STORE);
      await keep(store, paths);
      const shell = await (await store.match(SHELL))?.text();
      for (const request of await store.keys()) {
        const path = new URL(request.url).pathname;
        if (path.startsWith('/assets/') && !paths.includes(path) && !shell?.includes(path))
          await store.delete(request);
      }
    })().catch(() => undefined),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (request.mode === 'navigate' && url.origin === location.origin && url.pathname.startsWith(SHELL))
    event.respondWith(fetch(request).catch(async () => (await caches.match(SHELL)) ?? Response.error()));
  else if (isAsset(url))
    event.respondWith(
      caches.match(url.pathname).then(async (kept) => {
        if (kept) return kept;
        const answer = await fetch(request);
        if (answer.ok) (await caches.open(STORE)).put(url.pathname, answer.clone()).catch(() => undefined);
        return answer;
      }),
    );
});
