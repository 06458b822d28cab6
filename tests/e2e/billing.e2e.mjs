// Scenario L in a real browser: minutes on a clock that survives a reload, why each counts or not, the month board of the
// billing role, closing the month and the files.
import assert from 'node:assert/strict';
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
  until,
} from './support.mjs';

let dana;
let bea;
let patient;
let today;
let site;
const at = () => `/api/v1/patients/${patient}`;
const month = (n = 0) => {
  const all = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 + n;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`;
};

async function calm(page, name, address) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    if (address) await page.goto(base + address);
    await settled(page);
    assert.deepEqual(await axe(page), [], `${name} at ${width}`);
    assert.ok((await overflow(page)) <= 0, `${name} scrolls sideways at ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await shoot(page, name);
}

before(async () => {
  await launch();
  dana = await openPage();
  await signIn(dana);
  await setLanguage(dana, 'en');
  const session = (await api(dana, 'GET', '/auth/session')).body;
  site = session.sites[0].id;
  today = session.today[site];
  const rows = (await api(dana, 'GET', '/api/v1/caseload?care_manager=me&state=active&limit=50')).body.items;
  patient = rows[0].patient_id;
  await api(dana, 'POST', '/api/v1/timer/stop', { keep: false });
  bea = await openPage();
  await signIn(bea, 'bea.demo');
  await setLanguage(bea, 'en');
});
after(quit);

test('billing begins at the month, without a chart', async () => {
  await bea.goto(base);
  await bea.waitForURL(/\/billing/);
  await bea.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await bea.getByRole('link', { name: 'Caseload' }).count(), 0);
});

test('a clock started on the patient’s page goes on after a reload and on other pages', async () => {
  await dana.goto(`${base}/patients/${patient}`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Start a clock' }).click();
  await dana.getByRole('button', { name: 'Start', exact: true }).click();
  await dana.locator('.timer-chip').waitFor();
  await dana.reload();
  await dana.locator('.timer-chip').waitFor();
  await dana.goto(`${base}/tasks`);
  const chip = dana.locator('.timer-chip');
  await chip.waitFor();
  await chip.getByRole('button', { name: 'Stop' }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByText('Less than a minute has passed', { exact: false }).waitFor();
  await sheet.getByRole('button', { name: 'Stop it' }).click();
  await sheet.waitFor({ state: 'detached' });
  await chip.waitFor({ state: 'detached' });
});

test('the contact form has the same clock, and saving the contact ends it', async () => {
  await dana.goto(`${base}/patients/${patient}/contact`);
  await dana.getByRole('timer').waitFor();
  await until('the clock runs', async () => (await api(dana, 'GET', '/api/v1/timer')).body.timer !== null);
  await dana.reload();
  await dana.getByLabel('Note').fill('On the clock.');
  await dana.getByLabel('Minutes', { exact: true }).fill('18');
  await dana.getByRole('button', { name: 'Save the contact' }).click();
  await dana.waitForURL(new RegExp(`/patients/${patient}$`));
  assert.equal((await api(dana, 'GET', '/api/v1/timer')).body.timer, null);
});

test('the ledger says of every minute whether it counts, and why not', async () => {
  await dana.goto(`${base}/patients/${patient}/minutes`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Add minutes' }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Minutes', { exact: true }).fill('12');
  await sheet.getByLabel('What for').selectOption('clerical');
  await sheet.getByRole('button', { name: 'Add', exact: true }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.getByText('does not count: clerical work').first().waitFor();
  const ledger = (await api(dana, 'GET', `${at()}/minutes`)).body;
  assert.ok(ledger.items.some((one) => one.reason === 'clerical' && one.minutes === 12));
  await dana.getByText(`${ledger.minutes_counted} minutes count`).waitFor();
});

test('minutes that overlap others of mine are refused, with whom they overlap', async () => {
  // Yesterday's: today they could lie ahead.
  const day = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  await dana.goto(`${base}/patients/${patient}/minutes?month=${day.slice(0, 7)}`);
  const add = async (start, minutes) => {
    await dana.getByRole('button', { name: 'Add minutes' }).click();
    const sheet = dana.getByRole('dialog');
    await sheet.getByLabel('On', { exact: true }).fill(day);
    await sheet.getByLabel('From').fill(start);
    await sheet.getByLabel('Minutes', { exact: true }).fill(minutes);
    await sheet.getByRole('button', { name: 'Add', exact: true }).click();
    return sheet;
  };
  await (await add('00:05', '10')).waitFor({ state: 'detached' });
  const sheet = await add('00:10', '10');
  await sheet.getByText('These minutes overlap others of yours. Nothing was stored.').waitFor();
  await sheet.getByText(/00:05–00:15/).waitFor();
  await sheet.getByRole('button', { name: 'Cancel' }).click();
});

test('a correction keeps what was there, struck through', async () => {
  await dana
    .getByRole('button', { name: /^Correct 10 minutes/ })
    .first()
    .click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Minutes', { exact: true }).fill('9');
  await sheet.getByLabel('Why it is corrected').fill('Watch was fast');
  await sheet.getByRole('button', { name: 'Correct', exact: true }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.locator('.gone-row', { hasText: 'Watch was fast' }).waitFor();
  await calm(dana, 'minutes', `/patients/${patient}/minutes`);
});

test('billing records an initiating visit, a stay and a code billed by others', async () => {
  await bea.goto(`${base}/patients/${patient}/minutes`);
  await settled(bea);
  await bea.getByRole('button', { name: 'Record a visit' }).click();
  await bea.locator('select', { hasText: '99213' }).selectOption('99213');
  const part = (name) => bea.locator('.facts-grid section', { has: bea.getByRole('heading', { name }) });
  await part('Initiating visit').getByRole('button', { name: 'Record', exact: true }).click();
  await bea.getByText('The visit is on record.').waitFor();
  await bea.getByRole('button', { name: 'Record a stay' }).click();
  await part('Days in hospital').getByRole('button', { name: 'Record', exact: true }).click();
  await bea.getByText('Recorded. Minutes of these days do not count.').waitFor();
  await bea.getByText('does not count: while in hospital').first().waitFor();
  await bea
    .getByRole('button', { name: /^Take out the stay/ })
    .first()
    .click();
  await bea.getByText('does not count: while in hospital').first().waitFor({ state: 'detached' });
});

test('L: the month board says who is near a code and what is missing', async () => {
  await calm(bea, 'billing-board', '/billing');
  await bea.locator('.board tbody tr').first().waitFor();
  await bea.getByRole('button', { name: /with something missing/ }).click();
  await bea.waitForURL(/show=missing/);
});

test('L: a month that is over is closed after a plain sentence, charges are decided, the file is made once', async () => {
  // Months close in order: the earlier ones first, the last one by hand.
  const last = month(-1);
  for (let back = -48; back < -1; back += 1)
    if ((await api(bea, 'GET', `/api/v1/billing/months/${month(back)}?site=${site}`)).body.can_close)
      assert.equal(
        (await api(bea, 'POST', `/api/v1/billing/months/${month(back)}/close`, { site_id: site })).status,
        200,
      );
  await bea.goto(`${base}/billing?month=${last}`);
  await settled(bea);
  await bea.getByRole('button', { name: 'Close the month' }).click();
  await bea.getByText('Minutes of this month are then fixed.', { exact: false }).waitFor();
  await bea.getByRole('button', { name: 'Close the month' }).click();
  await bea.waitForURL(/part=charges/);
  await calm(bea, 'billing-charges');
  const held = bea.getByRole('button', { name: /^Decide on/ });
  if (await held.count()) {
    await held.first().click();
    const sheet = bea.getByRole('dialog');
    await sheet.getByText('Bill it', { exact: true }).click();
    await sheet.getByLabel('Because').fill('Payer confirmed by phone');
    await sheet.getByRole('button', { name: 'Save' }).click();
    await sheet.waitFor({ state: 'detached' });
  }
  const ready = (await api(bea, 'GET', `/api/v1/billing/months/${last}/charges?site=${site}&state=ready`))
    .body.items;
  if (ready.length) {
    await bea.getByRole('button', { name: 'Make the file' }).click();
    await bea.getByRole('link', { name: 'CSV' }).first().waitFor();
    const file = await bea.getByRole('link', { name: 'HL7' }).first().getAttribute('href');
    const [one, two] = [(await api(bea, 'GET', file)).body, (await api(bea, 'GET', file)).body];
    assert.ok(one.includes('DFT^P03'));
    assert.equal(one, two);
    assert.equal(
      (await api(bea, 'GET', `/api/v1/billing/months/${last}/charges?site=${site}&state=ready`)).body.items
        .length,
      0,
    );
  }
});

test('payers and published rates stand with their source', async () => {
  await calm(bea, 'billing-payers', '/billing?part=payers');
  await bea.getByText('99492').first().waitFor();
});

test('in Spanish, calm', async () => {
  await setLanguage(bea, 'es');
  await calm(bea, 'billing-es', '/billing');
  await calm(bea, 'minutes-es', `/patients/${patient}/minutes`);
  await setLanguage(bea, 'en');
});

test('no script error, refused style or missing text appeared on the way', () => {
  assertCalm(dana);
  assertCalm(bea);
});
