// Runs every *.e2e.mjs against a real server with a fresh demo clinic. CONCORD_URL names a running one;
// without it `concord demo` is started on a free port (CONCORD_BIN, or the newest build here) and stopped.
// CONCORD_POSTGRES_URL (tools/with_postgres.sh) puts its clinic into that PostgreSQL database instead of SQLite.
// CONCORD_SLOW_MS=600 holds each request of a page back for 0 to 600 ms, the same way on every run, so that what does not wait for an
// answer fails here too and not only on a slower machine.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPostOffice } from './post_office.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');

function binary() {
  if (process.env.CONCORD_BIN) return process.env.CONCORD_BIN;
  const built = ['release', 'dev'].map((preset) => join(root, 'build', preset, 'concord')).filter(existsSync);
  if (!built.length) throw new Error('no concord program: build it, or set CONCORD_BIN or CONCORD_URL');
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

// Messages hold links, so the server's address must be known before it starts.
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function startServer(post) {
  const folder = mkdtempSync(join(tmpdir(), 'concord-e2e-'));
  const database = process.env.CONCORD_POSTGRES_URL ? ['--db', process.env.CONCORD_POSTGRES_URL] : [];
  const port = await freePort();
  const server = spawn(
    binary(),
    ['demo', '--port', `${port}`, '--folder', folder, '--patients', '120', ...database],
    {
      cwd: root,
      env: { ...process.env, ...post.env(`http://127.0.0.1:${port}`) },
    },
  );
  let said = '';
  server.stdout.on('data', (text) => {
    said += text;
  });
  server.stderr.on('data', (text) => {
    said += text;
  });
  for (let waited = 0; waited < 60_000; waited += 100) {
    const url = /Open (http:\/\/[^\s]+)/.exec(said)?.[1];
    if (url)
      return {
        url,
        stop: () => {
          server.kill('SIGTERM');
          rmSync(folder, { recursive: true, force: true });
        },
      };
    if (server.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill('SIGKILL');
  throw new Error(`the server did not start:\n${said}`);
}

// One lane: some files, one after the other, against one server. A lane that is not shown while it runs is printed when it ends.
function runFiles(names, { url, post }, { held = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--test', '--test-concurrency=1', '--test-reporter=spec', ...names.map((name) => join(here, name))],
      {
        stdio: held ? ['ignore', 'pipe', 'pipe'] : 'inherit',
        env: { ...process.env, CONCORD_URL: url, CONCORD_POST_OFFICE: post },
      },
    );
    const said = [];
    child.stdout?.on('data', (text) => said.push(text));
    child.stderr?.on('data', (text) => said.push(text));
    child.on('exit', (code) => resolve({ code: code ?? 1, said: Buffer.concat(said).toString() }));
  });
}

// A lane with a clinic and a post office of its own: what it changes is nobody else's matter.
async function lane(names, options) {
  if (!names.length) return { code: 0, said: '' };
  // A running server has its own mail; CONCORD_POST_OFFICE names a post office beside it, if there is one.
  if (process.env.CONCORD_URL)
    return runFiles(
      names,
      { url: process.env.CONCORD_URL, post: process.env.CONCORD_POST_OFFICE ?? '' },
      options,
    );
  const post = await openPostOffice();
  const server = await startServer(post);
  try {
    return await runFiles(names, { url: server.url, post: post.url }, options);
  } finally {
    server.stop();
    post.close();
  }
}

const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter(
    (name) => name.endsWith('.e2e.mjs') && (!wanted.length || wanted.some((part) => name.includes(part))),
  )
  .sort();
// axe and the reports, which open thousands of numbers, take as long as everything else together, so they have a lane of their own
// where they can have a clinic of their own; what is timed runs alone.
const one = (pattern) => files.filter((name) => pattern.test(name));
const shared = process.env.CONCORD_URL || process.env.CONCORD_POSTGRES_URL;
const codes = [];
if (shared) {
  codes.push((await lane(files)).code);
} else {
  const [others, long] = await Promise.all([
    lane(one(/^(?!axe\.|reports\.|speed\.)/)),
    lane(one(/^(axe|reports)\./), { held: true }),
  ]);
  process.stdout.write(long.said);
  codes.push(others.code, long.code, (await lane(one(/^speed\./))).code);
}
process.exitCode = codes.find((code) => code !== 0) ?? 0;
