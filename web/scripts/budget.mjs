// Weighs what a browser loads (gzip -9) and fails the build above the budgets: the first route (sign-in
// and caseload, everything they import statically) and every chunk that may be loaded later.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const FIRST_ROUTE_KB = 200;
const LATER_CHUNK_KB = 120;
// What the caseload loads by itself, in Spanish: also the parts that follow at once, each with its words.
const FIRST_ROUTE = ['index.html', 'src/caseload/caseload_page.tsx', 'words:es.js'];
for (const part of ['src/app/home.tsx', 'src/billing/timer.tsx'])
  FIRST_ROUTE.push(part, `words:es/${part}.js`);

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist)));
const weight = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;

function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
}

const first = new Set();
for (const wanted of FIRST_ROUTE) {
  // A part that others import at once too has a chunk by its name.
  const name = `_${wanted
    .split('/')
    .pop()
    .replace(/\.tsx$/, '')}-`;
  const key = manifest[wanted] ? wanted : Object.keys(manifest).find((one) => one.startsWith(name));
  if (!key) throw new Error(`the build has no entry ${wanted}`);
  closure(key, first);
}
const scripts = (keys) =>
  [...new Set([...keys].map((k) => manifest[k].file))].filter((f) => f.endsWith('.js'));
const firstKb = scripts(first).reduce((sum, file) => sum + weight(file), 0);
const cssKb = [...new Set([...first].flatMap((k) => manifest[k].css ?? []))].reduce(
  (s, f) => s + weight(f),
  0,
);

let failed = firstKb > FIRST_ROUTE_KB;
console.log(
  `first route  ${firstKb.toFixed(1)} kB of ${FIRST_ROUTE_KB} kB JavaScript, ${cssKb.toFixed(1)} kB CSS`,
);
const later = scripts(Object.keys(manifest)).filter((f) => !scripts(first).includes(f));
for (const [kb, file] of later.map((f) => [weight(f), f]).sort((a, b) => b[0] - a[0])) {
  if (kb > LATER_CHUNK_KB) failed = true;
  if (kb > LATER_CHUNK_KB || kb > 3) console.log(`later chunk  ${kb.toFixed(1).padStart(5)} kB  ${file}`);
}
// The patients' page: what signing in and the first page load, in Spanish; every part that follows; all its styles.
const PORTAL_KB = { first: 100, later: 12, css: 12 };
const PORTAL = ['portal.html', 'src/portal/locales/es.po'];
const portal = new Set();
for (const key of PORTAL) {
  if (!manifest[key]) throw new Error(`the build has no entry ${key}`);
  closure(key, portal);
}
const portalFirst = scripts(portal);
const portalKb = portalFirst.reduce((sum, file) => sum + weight(file), 0);
const parts = [...portal].flatMap((key) => manifest[key].dynamicImports ?? []);
const portalAll = new Set();
for (const key of parts) closure(key, portalAll);
const portalLater = scripts(portalAll)
  .filter((file) => !portalFirst.includes(file) && !file.includes('/en-'))
  .map((file) => [weight(file), file])
  .sort((a, b) => b[0] - a[0]);
const portalCss = [...new Set([...portal, ...portalAll].flatMap((key) => manifest[key].css ?? []))].reduce(
  (sum, file) => sum + weight(file),
  0,
);
const [largestKb, largest] = portalLater[0] ?? [0, 'none'];
console.log(
  `portal       ${portalKb.toFixed(1)} kB of ${PORTAL_KB.first} kB JavaScript, ${portalCss.toFixed(1)} of ${PORTAL_KB.css} kB CSS; ` +
    `${portalLater.length} later chunks, the largest ${largestKb.toFixed(1)} of ${PORTAL_KB.later} kB (${largest})`,
);
if (portalKb > PORTAL_KB.first || portalCss > PORTAL_KB.css || largestKb > PORTAL_KB.later) failed = true;

// The check-in: opened from a text message on any phone. Its HTML is the server's (src/checkins): the heaviest first page is
// counted with HTML_KB, and the browser test weighs what really travels.
const CHECKIN = { js: 15, css: 10, total: 50, requests: 6 };
const HTML_KB = 4;
const checkinJs = scripts(closure('src/checkin/checkin.ts'));
const checkinCss = manifest['src/checkin/checkin.css'].file;
const jsKb = checkinJs.reduce((sum, file) => sum + weight(file), 0);
const styleKb = weight(checkinCss);
const totalKb = jsKb + styleKb + weight('mark.svg') + HTML_KB;
const requests = 1 + checkinJs.length + 1 + 1;
if (/@font-face|url\(|@import/.test(readFileSync(new URL(checkinCss, dist), 'utf8'))) failed = true;
if (jsKb > CHECKIN.js || styleKb > CHECKIN.css || totalKb > CHECKIN.total || requests > CHECKIN.requests)
  failed = true;
console.log(
  `check-in     ${jsKb.toFixed(1)} kB of ${CHECKIN.js} kB JavaScript, ${styleKb.toFixed(1)} kB of ${CHECKIN.css} kB CSS, ${totalKb.toFixed(1)} kB of ${CHECKIN.total} kB in ${requests} of ${CHECKIN.requests} requests`,
);
if (failed) {
  console.error('over budget');
  process.exit(1);
}
