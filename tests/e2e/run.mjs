// Runs every *.e2e.mjs against a real server with a fresh demo clinic. CONCORD_URL names a running one;
// without it `concord demo` is started on a free port (CONCORD_BIN, or the newest build here) and stopped.
// CONCORD_POSTGRES_URL (tools/with_postgres.sh) puts its clinic into that PostgreSQL database instead of SQLite.
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

// A running server has its own mail; CONCORD_POST_OFFICE names a post office beside it, if there is one.
const post = process.env.CONCORD_URL
  ? { url: process.env.CONCORD_POST_OFFICE ?? '', close() {} }
  : await openPostOffice();
const server = process.env.CONCORD_URL
  ? { url: process.env.CONCORD_URL, stop() {} }
  : await startServer(post);
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter(
    (name) => name.endsWith('.e2e.mjs') && (!wanted.length || wanted.some((part) => name.includes(part))),
  )
  .sort();
const child = spawn(
  process.execPath,
  ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files.map((name) => join(here, name))],
  {
    stdio: 'inherit',
    env: { ...process.env, CONCORD_URL: server.url, CONCORD_POST_OFFICE: post.url },
  },
);
child.on('exit', (code) => {
  server.stop();
  post.close();
  process.exitCode = code ?? 1;
});
