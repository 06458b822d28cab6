// Weighs what a browser loads (gzip -9) and fails the build above the budgets: the first route (sign-in
// and caseload, everything they import statically) and every chunk that may be loaded later.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const FIRST_ROUTE_KB = 200;
const LATER_CHUNK_KB = 120;
const FIRST_ROUTE = ['index.html', 'src/caseload/caseload_page.tsx', 'src/locales/es.po'];

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
for (const key of FIRST_ROUTE) {
  if (!manifest[key]) throw new Error(`the build has no entry ${key}`);
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
if (failed) {
  console.error('over budget');
  process.exit(1);
}
