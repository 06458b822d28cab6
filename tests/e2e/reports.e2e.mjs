// Reports in a real browser: every number opens to exactly as many as it says, who sees only totals sees no small number, what is
// downloaded and printed is what was asked for, assumptions and publications say who and when.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import {
  api,
  assertCalm,
  axe,
  base,
  launch,
  openPage,
  overflow,
  quit,
  setLanguage,
  settled,
  shoot,
  signIn,
} from './support.mjs';

let dana;
let max;
const REPORTS = '/api/v1/reports';

async function person(who) {
  const page = await openPage();
  await signIn(page, who);
  await setLanguage(page, 'en');
  return page;
}

/** Columns of a clinic are read in the background; the first question may come too early. */
async function ready(page) {
  for (let waited = 0; waited < 20_000; waited += 250) {
    const answer = await api(page, 'GET', `${REPORTS}/dashboard?period=12months`);
    if (answer.status === 200) return answer.body;
    await page.waitForTimeout(250);
  }
  throw new Error('the reports were never ready');
}

const drawn = async (page) => {
  await settled(page);
  await page.waitForFunction(() => !document.querySelector('main [role=status]'));
};

async function calm(page, name, address) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    if (address) await page.goto(base + address);
    await drawn(page);
    assert.deepEqual(await axe(page), [], `${name} at ${width}`);
    assert.ok((await overflow(page)) <= 0, `${name} scrolls sideways at ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await shoot(page, name);
}

/** Goes to an address as a link of the page would, without loading everything again. */
const follow = (page, href) =>
  page.evaluate((to) => {
    window.history.pushState({}, '', to);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }, href);

/** Every number on this page that opens to those it counts: where it leads and what it says. */
const doors = (page, where) =>
  page.$$eval(`${where} a[data-opens]`, (links) =>
    links.map((link) => ({
      href: link.getAttribute('href'),
      n: Number(link.dataset.opens),
      text: link.textContent,
    })),
  );

/** The question of an address, as the list behind it repeats it. */
function askedBy(href) {
  const { pathname, searchParams } = new URL(href, base);
  const words = [...searchParams].map(([name, value]) => `${name}=${value.replace(/^"|"$/g, '')}`);
  const figure = /\/figures\/([^/]+)/.exec(pathname)?.[1];
  return [...words, ...(figure ? [`figure=${figure}`] : [])].sort().join('&');
}

const seen = new Map();
async function everyDoorLeads(page, where, part) {
  const wrong = [];
  const found = (await doors(page, part)).filter((door) => !seen.has(door.href));
  for (const door of found) {
    await follow(page, door.href);
    const list = await page.waitForFunction((words) => {
      const head = document.querySelector('[data-total]');
      return (
        head?.getAttribute('data-asked') === words && {
          total: Number(head.getAttribute('data-total')),
          lines: Number(head.getAttribute('data-lines')),
          rows: document.querySelectorAll('[data-patient]').length,
        }
      );
    }, askedBy(door.href));
    const { total, lines, rows } = await list.jsonValue();
    seen.set(door.href, total);
    if (total !== door.n || rows !== Math.min(lines, 50))
      wrong.push(`${where}: ${door.href} says ${door.n}, the list ${total}, its rows ${rows}`);
  }
  assert.deepEqual(wrong, []);
  return found.length;
}

before(async () => {
  await launch();
  dana = await person('dana.demo');
  max = await person('max.demo');
  await ready(dana);
  await ready(max);
  // Only what comes after the columns are there counts as a complaint.
  dana.complaints.length = 0;
  max.complaints.length = 0;
});
after(quit);

test('the overview is one calm page: what changed, five figures over two years, the way to remission', async () => {
  await dana.goto(`${base}/reports`);
  await drawn(dana);
  assert.equal(await dana.locator('.main-figure').count(), 5);
  assert.equal(await dana.locator('.main-figure svg[role=img]').count(), 5);
  await dana.locator('.funnel').first().waitFor();
  const sentence = await dana.locator('.main-figure svg desc').first().textContent();
  assert.match(sentence, /24 months to/);
  await calm(dana, 'reports', '/reports');
});

test('a chart and the table behind it say the same', async () => {
  await dana.goto(`${base}/reports/figures/response_of_enrolled`);
  await drawn(dana);
  const titles = await dana.locator('.run-point title').allTextContents();
  const rows = await dana.locator('.run-rows tbody tr').evaluateAll((all) =>
    all
      .map((row) => {
        const words = ['.run-value', '.run-counts'].map((cell) => row.querySelector(cell)?.textContent ?? '');
        return `${row.querySelector('th').textContent}: ${words.filter(Boolean).join(', ')}`;
      })
      .reverse(),
  );
  assert.equal(titles.length, 24);
  assert.deepEqual(titles, rows);
});

test('the drill-down count equals the figure, for every figure on every screen', async (t) => {
  let opened = 0;
  const open = async (address, part = 'main') => {
    await dana.goto(base + address);
    await drawn(dana);
    for (const fold of await dana.locator('main details:not([open]) > summary').all()) await fold.click();
    opened += await everyDoorLeads(dana, address, part);
  };
  await open('/reports');
  await open('/reports?period=month');
  await open('/reports/equity');
  await open('/reports/published');
  // The groups of one figure are opened on the page of equity; here its totals and its reasons.
  for (const figure of (await api(dana, 'GET', `${REPORTS}/figures`)).body.items)
    await open(`/reports/figures/${figure.id}`, 'main :is(.figure-top, .reasons)');
  await open('/reports/state');
  await open('/reports/measures');
  await open('/reports/measures?set=hedis');
  t.diagnostic(`${opened} numbers opened`);
  assert.ok(opened > 60);
});

test('a long list is read to its end, and each line opens the patient', async () => {
  const { groups } = (await api(dana, 'GET', `${REPORTS}/dashboard?period=12months`)).body;
  const enrolled = groups.flatMap((group) => group.figures).find((one) => one.id === 'enrolled');
  await dana.goto(`${base}/reports/figures/enrolled?standing=numerator`);
  await dana.locator('[data-total]').waitFor();
  while (await dana.getByRole('button', { name: /^Show more/ }).count()) {
    const before = await dana.locator('[data-patient]').count();
    await dana.getByRole('button', { name: /^Show more/ }).click();
    await dana.waitForFunction((n) => document.querySelectorAll('[data-patient]').length > n, before);
  }
  assert.equal(await dana.locator('[data-patient]').count(), enrolled.numerator ?? enrolled.value);
  await dana.locator('[data-patient] a').first().click();
  await dana.waitForURL(/\/patients\/[0-9a-f-]{36}$/);
});

test('period and filters are in the address, and say so in words', async () => {
  await dana.goto(`${base}/reports`);
  await drawn(dana);
  await dana.getByLabel('Period').selectOption('month');
  await dana.waitForURL(/period=month/);
  await dana.getByRole('button', { name: 'Filter' }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Sex').selectOption('female');
  await sheet.getByRole('button', { name: 'Show', exact: true }).click();
  await dana.waitForURL(/sex=female/);
  await dana.getByRole('button', { name: /^Not only Sex/ }).click();
  await dana.waitForURL((url) => !url.search.includes('sex='));
});

const shown = (figure) => [figure.numerator, figure.denominator].filter((n) => typeof n === 'number');
const small = (n) => n > 0 && n < 11;

test('who sees only totals finds no small number and opens nobody', async () => {
  const { groups, viewer } = (await api(max, 'GET', `${REPORTS}/dashboard?period=12months`)).body;
  assert.equal(viewer, 'aggregates');
  const figures = groups.flatMap((group) => group.figures);
  for (const one of figures.filter((figure) => figure.kind === 'rate')) {
    assert.deepEqual(shown(one).filter(small), [], one.id);
    if (one.denominator !== null) assert.ok(!small(one.denominator - one.numerator), one.id);
  }
  await max.goto(`${base}/reports/equity`);
  await drawn(max);
  assert.equal(await max.locator('a[data-opens]').count(), 0);
  const cells = await max.locator('.stratum td:last-child').allTextContents();
  for (const cell of cells.filter(Boolean))
    for (const n of cell.match(/\d+/g).map(Number)) assert.ok(!small(n), cell);
  await max.getByText('not shown').first().waitFor();
  await max.getByText('Fewer than 11 patients are not shown', { exact: false }).waitFor();
  assert.equal(
    (await api(max, 'GET', `${REPORTS}/figures/enrolled/patients?period=12months&standing=numerator`)).status,
    403,
  );
  await calm(max, 'reports-equity', '/reports/equity');
  await calm(max, 'reports-manager', '/reports');
});

async function downloads(page, button, item) {
  await page.getByRole('button', { name: button }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('what is on the page can be taken as CSV and Excel', async () => {
  await max.goto(`${base}/reports`);
  await drawn(max);
  const csv = await downloads(max, 'Download', 'All figures, CSV');
  assert.match(csv.name, /\.csv$/);
  assert.match(csv.bytes.toString('utf8'), /Response, of enrolled/);
  const excel = await downloads(max, 'Download', 'All figures, Excel');
  assert.match(excel.name, /\.xlsx$/);
  assert.equal(excel.bytes.subarray(0, 2).toString('latin1'), 'PK');
  await dana.goto(`${base}/reports/figures/response_of_enrolled?standing=denominator`);
  await dana.locator('[data-total]').waitFor();
  const total = Number(await dana.locator('[data-total]').getAttribute('data-total'));
  const who = await downloads(dana, 'Download these', 'CSV');
  assert.equal(who.bytes.toString('utf8').trim().split('\n').length, total + 1);
});

test('assumptions of the costs are changed with a reason, and say who did it', async () => {
  await max.goto(`${base}/reports/costs`);
  await drawn(max);
  const value = max.locator('[data-line=care_manager_cost] td').first();
  const before = await value.textContent();
  await max.getByRole('button', { name: 'Change', exact: true }).click();
  const sheet = max.getByRole('dialog');
  const field = sheet.locator('input[name=care_manager_hourly]');
  await field.fill(String(Number(await field.inputValue()) + 10));
  await sheet.getByLabel('Why it is changed').fill('Wages of this year');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  await max.getByText(/by Max Demo: Wages of this year/).waitFor();
  if (/\d/.test(before) && !/^\$0$/.test(before)) assert.notEqual(await value.textContent(), before);
  await calm(max, 'reports-costs', '/reports/costs');
  await dana.goto(`${base}/reports/costs`);
  await drawn(dana);
  assert.equal(await dana.getByRole('button', { name: 'Change', exact: true }).count(), 0);
});

test('what happened is written into the chart, and taken out again without being lost', async () => {
  await max.goto(`${base}/reports/figures/measured_in_30_days`);
  await drawn(max);
  await max.getByRole('button', { name: 'Note what happened' }).click();
  const sheet = max.getByRole('dialog');
  const month = (await max.locator('.run-point').last().getAttribute('data-id')).slice(0, 7);
  await sheet.getByLabel('When').fill(`${month}-05`);
  await sheet.getByLabel('What').fill('forms sent by message');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  await max.locator('.run-note', { hasText: 'forms sent by message' }).waitFor();
  await calm(max, 'reports-figure');
  await max.getByRole('button', { name: 'Take out: forms sent by message' }).click();
  await max.getByRole('dialog').getByLabel('Because').fill('a trial');
  await max.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await max.locator('.run-note', { hasText: 'forms sent by message' }).waitFor({ state: 'detached' });
});

test('published results stand beside ours with their source, or say that there is none', async () => {
  await calm(dana, 'reports-published', '/reports/published');
  const text = await dana.locator('.published-table').textContent();
  assert.match(text, /IMPACT/);
  assert.match(text, /of enrolled/);
  assert.match(text, /of re-measured/);
  assert.ok((await dana.getByText('No primary source found.').count()) >= 2);
});

/** "2026-10", "2026-09", ...: months that are over. */
const monthsBack = (n) => {
  const now = new Date();
  return Array.from({ length: n }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1 - back, 15)).toISOString().slice(0, 7),
  );
};

test('a month of the state report is published once, for good', async () => {
  const taken = (await api(max, 'GET', `${REPORTS}/nys-omh-2025/published`)).body.items.map((one) => one.month);
  const month = monthsBack(24).find((one) => !taken.includes(one));
  await max.goto(`${base}/reports/state?at=${month}`);
  await drawn(max);
  await max.getByText('Not published yet.').waitFor();
  await max.getByRole('button', { name: 'Publish', exact: true }).click();
  const sheet = max.getByRole('dialog');
  await sheet.getByText('kept for good', { exact: false }).waitFor();
  await sheet.getByRole('button', { name: 'Publish', exact: true }).click();
  await sheet.waitFor({ state: 'detached' });
  await max.getByText('Nothing has changed since.', { exact: false }).waitFor();
  await max.getByRole('link', { name: /^First/ }).click();
  await max.waitForURL(/published=1/);
  await max.getByText('As published on', { exact: false }).waitFor();
  await calm(max, 'reports-state', `/reports/state?at=${month}`);
});

test('the AIMS set and the health-plan measures are calm', async () => {
  await calm(dana, 'reports-aims', '/reports/measures');
  await calm(dana, 'reports-hedis', '/reports/measures?set=hedis');
});

test('another number in the rules says what it would have meant', async () => {
  await dana.goto(`${base}/reports/what-if`);
  await drawn(dana);
  await dana.getByLabel(/^Now 56, instead/).fill('28');
  await dana.getByRole('button', { name: 'See what it would have meant' }).click();
  await dana.getByRole('heading', { name: 'What it would have asked for' }).waitFor({ timeout: 30_000 });
  await dana.waitForURL(/change=/);
  await calm(dana, 'reports-what-if');
});

test('the letter is one page of paper', async () => {
  await calm(max, 'reports-letter', '/reports/letter');
  const pages = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
  assert.equal(pages(await max.pdf({ format: 'Letter', preferCSSPageSize: false })), 1);
  await max.goto(`${base}/reports`);
  await drawn(max);
  await max.emulateMedia({ media: 'print' });
  assert.equal(await max.locator('header.shell').isVisible(), false);
  assert.equal(await max.locator('.tabs').isVisible(), false);
  assert.equal(await max.locator('.main-figure').first().isVisible(), true);
  await max.emulateMedia({ media: null });
  assert.ok(pages(await max.pdf({ format: 'Letter' })) <= 2);
});

test('in Spanish, calm', async () => {
  await setLanguage(dana, 'es');
  for (const [name, address] of [
    ['reports-es', '/reports'],
    ['reports-figure-es', '/reports/figures/response_of_enrolled?standing=not_met'],
  ])
    await calm(dana, name, address);
  await setLanguage(dana, 'en');
});

test('no script error, refused style or missing text appeared on the way', () => {
  assertCalm(dana);
  assertCalm(max);
});
