// Keeps the page's own files and "Get help now" for a time without a connection (public/portal-sw.js). Never an answer
// of the server about anybody.
interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ) => { createScriptURL: (address: string) => string };
}

const WORKER = '/portal-sw.js';

export function keepShell() {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  const policy = types?.createPolicy('concord-portal', {
    createScriptURL: (address) => {
      if (address !== WORKER) throw new TypeError('not our worker');
      return address;
    },
  });
  void navigator.serviceWorker
    .register(policy ? policy.createScriptURL(WORKER) : WORKER, { scope: '/portal/' })
    .then(() => navigator.serviceWorker.ready)
    .then((ready) => {
      // What this page has loaded before the worker was there.
      const loaded = performance
        .getEntriesByType('resource')
        .map((entry) => new URL(entry.name).pathname)
        .filter((path) => path.startsWith('/assets/'));
      ready.active?.postMessage({ keep: loaded });
    })
    .catch(() => undefined);
}
