// Writes what the server may hand out compressed: app.js -> app.js.br and app.js.gz. A page has a nonce in its text and stays as it is.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const SMALLEST = 1000;
const dist = new URL('../dist/', import.meta.url);
for (const name of readdirSync(dist, { recursive: true })) {
  const file = new URL(name, dist);
  if (!/\.(js|css|svg)$/.test(name) || !statSync(file).isFile()) continue;
  const plain = readFileSync(file);
  if (plain.length < SMALLEST) continue;
  writeFileSync(new URL(`${name}.gz`, dist), gzipSync(plain, { level: 9 }));
  writeFileSync(
    new URL(`${name}.br`, dist),
    brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  );
}
