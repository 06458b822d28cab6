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
/** The day of the clinic, which may not be the day here. */
let today;
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
  await page.waitForFunction(() => !document.querySelector('main [role=status]:not(:empty)'));
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

/** The question of an address, as the list behind it repeats it. */
function askedBy(href) {
  const { pathname, searchParams } = new URL(href, base);
  const words = [...searchParams].map(([name, value]) => `${name}=${value.replace(/^"|"$/g, '')}`);
  const figure = /\/figures\/([^/]+)/.exec(pathname)?.[1];
  return [...words, ...(figure ? [`figure=${figure}`] : [])].sort().join('&');
}

/** What the page of a figure asks for the list of an address. */
function listPath({ href }) {
  const { pathname, searchParams } = new URL(href, base);
  const words = new URLSearchParams({ period: '12months', limit: '1' });
  for (const [name, value] of searchParams) words.set(name, value.replace(/^"|"$/g, ''));
  return `${REPORTS}/figures/${pathname.split('/').pop()}/patients?${words}`;
}

/**
 * What a page of Reports says in numbers: those that open to whom they count (where to, how many), and those that stand there
 * bare, though whoever reads it may open them. A number is not bare when it says why it opens to nobody (nobody is counted; it
 * adds up others), or when a door in its row says the same number.
 */
const numbersOn = (page) =>
  page.evaluate(() => {
    const main = document.querySelector('main');
    const doors = [...main.querySelectorAll('a[data-opens]')].map((link) => ({
      href: link.getAttribute('href'),
      n: Number(link.dataset.opens),
      says: link.textContent,
    }));
    const bare = [];
    let shut = 0;
    for (const cell of main.querySelectorAll('td, [data-value], .main-words p, .letter-figure p')) {
      if (cell.closest('.hidden-text, .who, [data-target]')) continue;
      const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const text = walk.currentNode.data.trim();
        if (!/^\d[\d,.]*( of \d[\d,.]*)?$/.test(text)) continue;
        const box = walk.currentNode.parentElement;
        if (box.closest('a[data-opens]')) continue;
        const why = box.closest('[data-shut]')?.dataset.shut;
        if (why === (Number(text) === 0 ? 'nobody' : 'parts')) {
          shut += 1;
          continue;
        }
        const row = box.closest('tr, li, .figure-top, .equity-figure, .letter-figure');
        const n = text.replaceAll(',', '');
        if (row?.querySelector(`a[data-opens="${n}"]`)) continue;
        bare.push(`${(row ?? cell).textContent.trim().slice(0, 60)}: ${text}`);
      }
    }
    // An amount is divided by as many as open beside it.
    for (const row of main.querySelectorAll('[data-line]')) {
      const by = /÷ ([\d,]+)(?!.*÷)/.exec(row.querySelector('td:last-child').textContent)?.[1];
      const door = row.querySelector('a[data-opens]');
      if (door && door.dataset.opens !== by?.replaceAll(',', '')) bare.push(`${row.textContent}: ${by}`);
    }
    return { doors, bare, shut };
  });

/** Goes to an address of the same program as a link would, without loading everything again, until its answers are drawn. */
function follower(page) {
  const open = new Set();
  page.on('request', (request) => request.url().includes(REPORTS) && open.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request));
  return async (address) => {
    await page.evaluate((to) => {
      window.history.pushState({}, '', to);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }, address);
    do
      await page.evaluate(
        () =>
          new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
      );
    while (open.size);
    await drawn(page);
  };
}

/** Follows each door as a click would and says what stands behind it. Nothing is painted meanwhile: that is not asked here. */
const behind = (page, doors) =>
  page.evaluate(async (all) => {
    const listOf = (words) =>
      new Promise((resolve) => {
        const look = () => {
          const head = document.querySelector('[data-total]');
          if (head?.dataset.asked !== words) return false;
          resolve({
            total: Number(head.dataset.total),
            lines: Number(head.dataset.lines),
            rows: document.querySelectorAll('[data-patient]').length,
          });
          return true;
        };
        const watch = new MutationObserver(() => look() && watch.disconnect());
        watch.observe(document.querySelector('main'), { subtree: true, childList: true, attributes: true });
        if (look()) watch.disconnect();
        setTimeout(() => {
          watch.disconnect();
          resolve(null);
        }, 10_000);
      });
    const found = [];
    document.documentElement.style.display = 'none';
    for (const { href, asked } of all) {
      window.history.pushState({}, '', href);
      window.dispatchEvent(new PopStateEvent('popstate'));
      found.push(await listOf(asked));
    }
    document.documentElement.style.display = '';
    return found;
  }, doors);

before(async () => {
  await launch();
  dana = await person('dana.demo');
  max = await person('max.demo');
  today = Object.values((await api(dana, 'GET', '/auth/session')).body.today)[0];
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

/** Each tab takes the next one until none is left. */
async function shared(tabs, all, act) {
  const left = [...all];
  await Promise.all(
    tabs.map(async (page) => {
      while (left.length) await act(page, left.shift());
    }),
  );
}

/** "2026-10", "2026-09", ...: the n months that are over; none: the one that is not. */
const monthsBack = (n) => {
  const [year, month] = today.split('-').map(Number);
  return Array.from({ length: n || 1 }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back - (n ? 1 : 0), 15)).toISOString().slice(0, 7),
  );
};

const FILTERED = [
  'language=es',
  'sex=female&period=quarter',
  'age_band=65%2B&period=year',
  'race=black&payer=medicaid_managed_care',
];

/** Every address of Reports with numbers on it: each figure, each kind of period, filters, months, what was published. */
async function addresses() {
  const figures = (await api(dana, 'GET', `${REPORTS}/figures`)).body.items.map((one) => one.id);
  const { choices, groups } = (await api(dana, 'GET', `${REPORTS}/dashboard?period=12months`)).body;
  const manager = choices.care_manager[0].value;
  const [month, before, , , earlier] = monthsBack(5);
  const year = month.slice(0, 4);
  const strata = ['language', 'interpreter', 'race', 'ethnicity', 'sex', 'age_band', 'payer', 'site'];
  const questions = [
    '',
    'period=month',
    'period=quarter',
    'period=year',
    `period=month&at=${earlier}`,
    `care_manager=${manager}`,
    ...FILTERED,
  ];
  return {
    groups,
    all: [
      ...questions.map((question) => `/reports?${question}`),
      ...figures.map((id) => `/reports/figures/${id}`),
      ...[`care_manager=${manager}`, ...FILTERED].map(
        (one) => `/reports/figures/response_of_enrolled?${one}`,
      ),
      ...figures.map((id) => `/reports/equity?figure=${id}`),
      ...strata.map((by) => `/reports/equity?by=${by}`),
      '/reports/equity?period=quarter&sex=female&by=race',
      ...['', '?period=month', '?period=year'].flatMap((one) => [
        `/reports/costs${one}`,
        `/reports/published${one}`,
      ]),
      ...['', `?at=${before}`].map((one) => `/reports/letter${one}`),
      ...[month, before, earlier, monthsBack(0)[0]].map((at) => `/reports/state?at=${at}`),
      `/reports/state?at=${month}&known=${month}-20`,
      `/reports/state?at=${month}&published=1`,
      ...['', `?at=${before}`, '?period=quarter'].map((one) => `/reports/measures${one}`),
      ...['', `&at=${Number(year) - 1}-12`].map((one) => `/reports/measures?set=hedis${one}`),
    ],
  };
}

test('the drill-down count equals the figure, for every figure on every screen', async (t) => {
  const { all, groups } = await addresses();
  const tabs = [dana, await person('dana.demo')];
  const follow = new Map();
  for (const page of tabs) {
    await page.goto(`${base}/reports`);
    follow.set(page, follower(page));
  }
  const began = Date.now();
  const bare = [];
  const missing = [];
  const doors = new Map();
  let shut = 0;
  let met = 0;

  await shared(tabs, all, async (page, address) => {
    await follow.get(page)(address);
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll('main details')) fold.open = true;
    });
    const rows = page.getByRole('button', { name: 'Show it in rows' });
    if (await rows.count()) await rows.click();
    const found = await numbersOn(page);
    bare.push(...found.bare.map((words) => `${address}: ${words}`));
    shut += found.shut;
    met += found.doors.length;
    for (const door of found.doors) {
      const asked = askedBy(door.href);
      const key = `${new URL(door.href, base).pathname} ${asked}`;
      const known = doors.get(key);
      if (known && known.n !== door.n) missing.push(`${key} says ${known.n} and on ${address} ${door.n}`);
      doors.set(key, { ...door, asked, where: address });
    }
  });
  // What the server counts must be on the page: a figure that is left out would have no door to be wrong.
  for (const figure of groups.flatMap((group) => group.figures).filter((one) => one.opens))
    for (const [standing, n] of Object.entries({
      numerator: figure.kind === 'mean' || figure.kind === 'median' ? 0 : (figure.numerator ?? figure.value),
      denominator: figure.kind === 'count' ? 0 : figure.denominator,
    }))
      if (n && doors.get(`/reports/figures/${figure.id} figure=${figure.id}&standing=${standing}`)?.n !== n)
        missing.push(`${figure.id} counts ${n} in its ${standing}, and no door says so`);
  const looked = Date.now();

  const wrong = [];
  // Of the groups and months of each figure every fifth opens in the browser; the others ask the server what it would ask.
  const nth = new Map();
  const inBrowser = new Set();
  for (const key of [...doors.keys()].sort()) {
    const { href, where } = doors.get(key);
    const { pathname, searchParams } = new URL(href, base);
    const narrowed = /^.reports.(figures|equity)/.test(where) && [...searchParams.keys()].length > 1;
    const before = nth.get(pathname) ?? 0;
    if (narrowed) nth.set(pathname, before + 1);
    if (!narrowed || searchParams.has('reason') || before % 5 === 0) inBrowser.add(key);
  }
  const others = [...doors].filter(([key]) => !inBrowser.has(key)).map(([, door]) => door);
  const totals = await dana.evaluate(async (paths) => {
    const answers = [];
    const ask = async (path) => (await (await fetch(path)).json()).total;
    while (answers.length < paths.length)
      answers.push(...(await Promise.all(paths.slice(answers.length, answers.length + 6).map(ask))));
    return answers;
  }, others.map(listPath));
  for (const [index, { href, n, where }] of others.entries())
    if (totals[index] !== n) wrong.push(`${where}: ${href} says ${n}, the server's list ${totals[index]}`);

  // Questions that lie beside each other share what the page already knows.
  const keys = [...inBrowser];
  const lots = Array.from({ length: Math.ceil(keys.length / 40) }, (_, lot) =>
    keys.slice(lot * 40, lot * 40 + 40),
  );
  await shared(tabs, lots, async (page, lot) => {
    const asked = lot.map((key) => doors.get(key));
    const lists = await behind(page, asked);
    for (const [index, list] of lists.entries()) {
      const { href, n, where } = asked[index];
      if (!list) wrong.push(`${where}: ${href} says ${n} and opens nothing`);
      else if (list.total !== n || list.rows !== Math.min(list.lines, 50))
        wrong.push(`${where}: ${href} says ${n}, the list ${list.total}, its rows ${list.rows}`);
    }
  });
  t.diagnostic(
    `${all.length} screens with ${met} numbers that open, ${shut} that say why not; ` +
      `${keys.length} different doors opened in the browser, ${others.length} more asked of the server: ` +
      `${((looked - began) / 1000).toFixed(0)} s to read the screens, ${((Date.now() - looked) / 1000).toFixed(0)} s to open them`,
  );
  assert.deepEqual(bare.slice(0, 20), [], `${bare.length} numbers that open nothing and do not say why`);
  assert.deepEqual(missing.slice(0, 20), []);
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${doors.size}`);
  assert.ok(doors.size > 2500, `${doors.size} doors`);
  for (const page of tabs) assertCalm(page);
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
  if (/\d/.test(before) && !/^\$0$/.test(before))
    await max.waitForFunction(
      (was) => document.querySelector('[data-line=care_manager_cost] td')?.textContent !== was,
      before,
    );
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
  const [, , , month] = monthsBack(4);
  await sheet.getByLabel('When').fill(`${month}-05`);
  await sheet.getByLabel('What').fill('forms sent by message');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  await max.locator('.annotations', { hasText: 'forms sent by message' }).waitFor();
  await dana.goto(`${base}/reports/figures/measured_in_30_days`);
  await dana.locator('.run-note', { hasText: 'forms sent by message' }).waitFor();
  await calm(dana, 'reports-figure');
  await calm(max, 'reports-figure-manager');
  await max.getByRole('button', { name: 'Take out: forms sent by message' }).click();
  await max.getByRole('dialog').getByLabel('Because').fill('a trial');
  await max.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
  await max.locator('.annotations', { hasText: 'forms sent by message' }).waitFor({ state: 'detached' });
});

test('published results stand beside ours with their source, or say that there is none', async () => {
  await calm(dana, 'reports-published', '/reports/published');
  const text = await dana.locator('.published-table').textContent();
  assert.match(text, /IMPACT/);
  assert.match(text, /of [\d,]+ enrolled/);
  assert.match(text, /of [\d,]+ re-measured/);
  assert.ok((await dana.getByText('No primary source found.').count()) >= 2);
});

test('a month of the state report is published once, for good', async () => {
  const taken = (await api(max, 'GET', `${REPORTS}/nys-omh-2025/published`)).body.items.map(
    (one) => one.month,
  );
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

test('the report as it was known on another day says so, and leads back to now', async () => {
  const [month] = monthsBack(1);
  const asOf = `${month}-20`;
  for (const address of [`/reports/state?at=${month}`, `/reports/measures?at=${month}`]) {
    await dana.goto(base + address);
    await drawn(dana);
    await dana.getByText('As it was known on another day').click();
    await dana.getByLabel('Known on').fill(asOf);
    const asked = dana.waitForRequest((request) => request.url().includes(`as_of=${asOf}`));
    await dana.getByRole('button', { name: 'Show', exact: true }).click();
    await asked;
    await dana.getByText('As it was known on', { exact: false }).first().waitFor();
    await drawn(dana);
    await dana.getByRole('button', { name: 'See it as it is now' }).click();
    await dana.waitForURL((url) => !url.search.includes('known'));
  }
  // Who sees only totals may not lay two days beside each other.
  await max.goto(`${base}/reports/state?at=${month}`);
  await drawn(max);
  assert.equal(await max.getByText('As it was known on another day').count(), 0);
});

test('the AIMS set and the health-plan measures are calm', async () => {
  await calm(dana, 'reports-aims', '/reports/measures');
  await calm(dana, 'reports-hedis', '/reports/measures?set=hedis');
  await calm(max, 'reports-aims-manager', '/reports/measures');
  await calm(max, 'care-manager-time', '/program?show=time');
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
