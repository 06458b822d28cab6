// Fails when a sentence in the sources is not in the catalogues yet (then: npm run extract, and translate).
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const files = ['locales', 'portal/locales'].flatMap((folder) =>
  ['en', 'es'].map((language) => new URL(`../src/${folder}/${language}.po`, import.meta.url)),
);
const sentences = (text) =>
  [...text.matchAll(/^msgid (?:".*"\n)+/gm)]
    .map(([id]) => id)
    .sort()
    .join('');
const before = files.map((file) => readFileSync(file, 'utf8'));
execFileSync('npx', ['lingui', 'extract', '--clean'], { stdio: 'ignore' });
const changed = files.some(
  (file, index) => sentences(readFileSync(file, 'utf8')) !== sentences(before[index]),
);
for (const [index, file] of files.entries()) writeFileSync(file, before[index]);
if (changed) {
  console.error(
    'The catalogues do not have every sentence: npm run extract, then translate es.po in src/locales and src/portal/locales',
  );
  process.exit(1);
}
