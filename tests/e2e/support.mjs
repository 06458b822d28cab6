// What the browser tests share: one browser, people who sign in, axe, and an eye on the console.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { signature } from './post_office.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const base = process.env.CONCORD_URL;
export const PASSWORD = 'correct horse battery staple demo';

/** CONCORD_SLOW_MS: each request of a page is held back for 0 to that many milliseconds, so that races show on a fast machine. */
export const SLOW = Number(process.env.CONCORD_SLOW_MS ?? 0);
const PROMPT = 'x-test-scene';
let asked = 0;
/** The same delays in the same order on every run: a counter, well mixed. */
function delay() {
  asked += 1;
  let mixed = Math.imul(asked ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return Math.round((((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32) * SLOW);
}
/** Makes a new context of the browser slow where that is wanted, and gives its pages time for it. */
export async function slowly(context) {
  context.setDefaultTimeout(10_000 + 10 * SLOW);
  if (!SLOW) return;
  await context.route(
    // The stream of events has no end to wait for.
    (url) => /^\/(api|auth|c)\//.test(url.pathname) && url.pathname !== '/api/v1/events',
    async (route) => {
      if (!route.request().headers()[PROMPT]) await new Promise((resolve) => setTimeout(resolve, delay()));
      // The page may have gone meanwhile.
      await route.fallback().catch(() => {});
    },
  );
}

let browser;
export async function launch() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
export const quit = () => browser.close();

/** Answers that a test provokes on purpose are not complaints of the page. */
const EXPECTED = /status of (401|403|404|409|412|422)|ERR_INTERNET_DISCONNECTED/;

export async function openPage({ width = 1280, height = 800, locale = 'en-US', colors = {} } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    reducedMotion: 'reduce',
    ...colors,
  });
  await slowly(context);
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text()))
      page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(error.message));
  return page;
}
/** No script error, no refused style or script, no uncompiled text on this page so far. */
export const assertCalm = (page) => assert.deepEqual(page.complaints, []);

export async function signIn(page, who = 'dana.demo') {
  await page.goto(`${base}/`);
  await page.fill('input[name=username]', who);
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForSelector('header.shell');
}

/** A call with the page's own session, for setting a scene or looking behind it: never slow, so it cannot hide that a page is. */
export function api(page, method, path, body, headers = {}) {
  return page.evaluate(
    async ([method, path, body, headers]) => {
      const response = await fetch(path, {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
      };
    },
    [method, path, body, SLOW ? { [PROMPT]: 'yes', ...headers } : headers],
  );
}

export async function setLanguage(page, language) {
  const account = (await api(page, 'GET', '/api/v1/account')).body;
  const answer = await api(
    page,
    'PATCH',
    '/api/v1/account',
    { language },
    { 'If-Match': `"${account.version}"` },
  );
  assert.equal(answer.status, 200);
}

export async function axe(page) {
  // Evaluated through the debugger, so that the page's own policy stays as strict as it is.
  if (!(await page.evaluate(() => !!window.axe))) await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    // The live region of the component library names buttons that may be gone by now.
    window.axe.run(
      { exclude: [['[data-live-announcer]']] },
      { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    ),
  );
  return found.violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes
        .slice(0, 3)
        .map((node) => `${node.target.join(' ')} (${node.failureSummary?.split('\n')[1]?.trim()})`)
        .join('; ')}`,
  );
}

/** Nothing may need sideways scrolling (WCAG 1.4.10). */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
export const path = (page) => new URL(page.url()).pathname;

/** A picture at both widths, when a folder is named for them (CONCORD_SHOTS). */
export async function shoot(page, name) {
  const folder = process.env.CONCORD_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: width === 360 });
  }
  await page.setViewportSize(before);
}

/** Asks until there is an answer, and gives it. page.waitForFunction cannot: it takes the promise of an answer for one. */
export async function until(what, asked, most = 10_000 + 10 * SLOW) {
  for (const end = Date.now() + most; Date.now() < end; ) {
    const answer = await asked();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never came: ${what}`);
}

/** Types words and waits until the server has kept them as a draft: that an earlier draft was kept may stand there already. */
export async function typeAndKeep(page, label, words) {
  const kept = page.waitForResponse(
    (answer) =>
      answer.request().method() === 'PUT' &&
      /draft/.test(answer.url()) &&
      answer.ok() &&
      (answer.request().postData() ?? '').includes(words),
  );
  await page.getByLabel(label).fill(words);
  await kept;
  await page.getByText(/Draft kept/).waitFor();
}

/** The page stands: its heading is there and nothing is loading. */
export const settled = async (page) => {
  await page.waitForSelector('main h1, main h2, [role=dialog]');
  await page.waitForFunction(() => !document.querySelector('main .skeleton, [role=dialog] .skeleton'));
};

// ---- mail and SMS (post_office.mjs)

/** "" when the tests run against a server without a post office: such tests skip. */
export const postOffice = process.env.CONCORD_POST_OFFICE ?? '';

const waitFor = (list, fits, what) =>
  until(what, async () => (await (await fetch(`${postOffice}/box`)).json())[list].filter(fits).at(-1), 15_000);
/** The newest mail to an address since a time (Date.now() before the act): {to, subject, text, headers, id}. */
export const mailTo = (to, since = 0) =>
  waitFor('mails', (one) => one.to === to && one.at >= since, `mail to ${to}`);
/** The newest SMS to a number: {to, text, id, callback}. */
export const textTo = (to, since = 0) =>
  waitFor('texts', (one) => one.to === to && one.at >= since, `text to ${to}`);
export const allMail = async () => (await (await fetch(`${postOffice}/box`)).json()).mails;
export const allTexts = async () => (await (await fetch(`${postOffice}/box`)).json()).texts;
/** The first link of a mail or SMS. */
export const linkIn = (message) => /https?:\/\/\S+/.exec(message.text)?.[0];
/** refuse({mail: '550 no such box'}), refuse({sms: 400}); refuse({mail: '', sms: 0}) takes everything again. */
export const refuse = (what) => fetch(`${postOffice}/refuse`, { method: 'POST', body: JSON.stringify(what) });
/** Somebody answers by SMS: textBack('+15550100', 'STOP'). The answer's status. */
export async function textBack(from, body, url = `${base}/hooks/sms/inbound`) {
  const fields = { From: from, To: '+15550100999', Body: body, MessageSid: `SM${Date.now()}` };
  return callHook(url, fields);
}
/** The gateway says what became of a text: delivered, undelivered, failed. */
export const deliver = (text, status = 'delivered', code = '') =>
  callHook(text.callback, { MessageSid: text.id, MessageStatus: status, ErrorCode: code });
async function callHook(url, fields) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Twilio-Signature': signature(url, fields),
    },
    body: new URLSearchParams(fields),
  });
  return answer.status;
}
