// Check-ins as a patient meets them: from a real mail or text to the registry, on phones without JavaScript, with the network gone
// in the middle, on the clinic's tablet, by keyboard, in Spanish, at 320 px.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  assertCalm,
  axe,
  base,
  launch,
  linkIn,
  mailTo,
  openPage,
  overflow,
  path,
  postOffice,
  quit,
  shoot,
  signIn,
  slowly,
  textTo,
} from './support.mjs';

let staff;
let number = 0;

before(async () => {
  await launch();
  staff = await openPage();
  await signIn(staff);
});
after(quit);

/** A new patient with an address of their own. */
async function patient(more = {}) {
  number += 1;
  const site = (await api(staff, 'GET', '/auth/session')).body.sites[0].id;
  const made = await api(staff, 'POST', '/api/v1/patients', {
    given_name: `Checkin${number}`,
    family_name: 'Tester',
    birth_date: '1980-03-27',
    accept_duplicate: true,
    site_id: site,
    ...more,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body.id;
}
const checkIns = (id) => `/api/v1/patients/${id}/check-ins`;
async function code(id, instruments = ['phq-9'], channel = 'qr') {
  const made = await api(staff, 'POST', checkIns(id), { channel, instruments });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { ...made.body, link: `/c/${made.body.url.split('/c/')[1]}` };
}
const rows = async (id) => (await api(staff, 'GET', checkIns(id))).body.items;
const scores = async (id) => (await api(staff, 'GET', `/api/v1/patients/${id}/measurements`)).body.items;

/** A device of the patient's. */
async function phone({ js = true, width = 320, locale = 'en-US', colors = {} } = {}) {
  const first = await openPage();
  const context = await first
    .context()
    .browser()
    .newContext({
      viewport: { width, height: 640 },
      locale,
      javaScriptEnabled: js,
      reducedMotion: 'reduce',
      ...colors,
    });
  await first.context().close();
  await slowly(context);
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (
      ['error', 'warning'].includes(message.type()) &&
      !/status of (4\d\d|503)|ERR_(FAILED|INTERNET_DISCONNECTED)/.test(message.text())
    )
      page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(error.message));
  return page;
}
const choose = async (page, value) => {
  const from = page.url();
  await page.click(`label[for=value-${value}]`);
  await page.click('form button.main');
  await page.waitForURL((url) => url.href !== from);
};
async function start(page, link) {
  await page.goto(base + link);
  await page.click('button.main');
  await page.waitForURL('**/c/q/1');
}
async function send(page) {
  await page.waitForURL('**/c/check');
  await page.click('form[action="/c/check"] button');
}
const CALM = [1, 2, 1, 0, 3, 1, 0, 0, 0, 1];

test('from the mail to the registry, and back to the patient when it was read', {
  skip: !postOffice,
}, async () => {
  const address = `checkin.${Date.now()}@example.org`;
  const id = await patient({ email: address, preferred_channel: 'email' });
  const since = Date.now();
  const sent = await api(staff, 'POST', checkIns(id), { instruments: ['phq-9'], channel: 'link' });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  assert.equal(sent.body.url, undefined, 'nobody but the patient gets the link');
  const mail = await mailTo(address, since);
  assert.doesNotMatch(`${mail.subject} ${mail.text}`, /Checkin\d|Tester|depress|PHQ/i);
  const page = await phone();
  let bytes = 0;
  let requests = 0;
  page.on('response', async (response) => {
    requests += 1;
    const sizes = await response.request().sizes();
    bytes += sizes.responseBodySize + sizes.responseHeadersSize;
  });
  await page.goto(linkIn(mail), { waitUntil: 'networkidle' });
  assert.ok(requests <= 6, `${requests} requests`);
  assert.ok(bytes < 50_000, `${bytes} bytes`);
  await shoot(page, 'checkin-link');
  await page.click('button.main');
  await page.waitForURL('**/c/q/1');
  for (const value of CALM) await choose(page, value);
  await send(page);
  await page.waitForURL('**/c/done');
  assert.match(await page.textContent('main'), /What happens next.*Your (care )?team reads .*answers/s);
  assert.doesNotMatch(await page.textContent('main'), /\b8\b.*(score|points)/i);
  assertCalm(page);

  const [row] = await rows(id);
  assert.equal(row.state, 'submitted');
  assert.equal(row.identity_verified, false);
  const board = (await api(staff, 'GET', '/api/v1/check-ins?limit=200')).body.items;
  assert.ok(board.some((one) => one.id === row.id));
  const [score] = await scores(id);
  assert.equal(score.total, 8);
  assert.equal(score.seen_at, null);
  const read = Date.now();
  assert.equal((await api(staff, 'POST', `${checkIns(id)}/${row.id}/seen`)).status, 200);
  const told = await mailTo(address, read);
  assert.match(told.text, /read/);
  // The link is spent, and shows nothing.
  await page.goto(linkIn(mail));
  await page.locator('h1', { hasText: /sent already/ }).waitFor();
});

test('a text brings the link to a phone', { skip: !postOffice }, async () => {
  const to = `+1555${String(Date.now()).slice(-7)}`;
  const id = await patient({ phone: to, preferred_channel: 'sms', language: 'es' });
  const since = Date.now();
  assert.equal(
    (await api(staff, 'POST', checkIns(id), { instruments: ['weekly-mood'], channel: 'link' })).status,
    201,
  );
  const sms = await textTo(to, since);
  assert.ok(sms.text.length <= 160);
  const page = await phone();
  await page.goto(linkIn(sms));
  assert.equal(await page.getAttribute('html', 'lang'), 'es');
  await page.click('button.main');
  await choose(page, 7);
  await send(page);
  await page.waitForURL('**/c/done');
  assert.equal((await scores(id))[0].total, 7);
});

test('without JavaScript, in Spanish, at 320 px', async () => {
  const id = await patient();
  const { link } = await code(id);
  const page = await phone({ js: false });
  await page.goto(base + link);
  await page.click('footer a[lang=es]');
  await page.locator('h1', { hasText: /Algunas preguntas de/ }).waitFor();
  await page.click('button.main');
  await page.click('form button.main');
  assert.match(await page.textContent('.errors'), /Hay un problema/);
  assert.match(await page.title(), /^Error: /);
  for (const value of CALM) {
    await page.locator('h1', { hasText: /Durante las últimas 2 semanas|Si marcó/ }).waitFor();
    await choose(page, value);
  }
  await page.click('.answers .change a >> nth=2');
  await page.waitForURL('**/c/q/3?then=check');
  assert.ok(await page.isChecked('#value-1'));
  await choose(page, 3);
  await page.goto(`${base}/c/q/4`);
  await page.reload();
  assert.ok(await page.isChecked('#value-0'), 'a reload loses nothing');
  await page.goto(`${base}/c/check`);
  await page.click('form[action="/c/check"] button');
  await page.locator('h1', { hasText: /Gracias/ }).waitFor();
  await page.reload();
  const all = await scores(id);
  assert.equal(all.length, 1);
  assert.equal(all[0].total, 10);
  assert.equal(all[0].language, 'es');
});

test('a positive item 9 is heard before anything is sent', async () => {
  const id = await patient();
  const { link } = await code(id);
  const page = await phone();
  await start(page, link);
  for (const value of CALM.slice(0, 8)) await choose(page, value);
  await choose(page, 2);
  await page.waitForURL('**/c/pause**');
  await page.locator('h1', { hasText: /Thank you for telling us/ }).waitFor();
  await shoot(page, 'checkin-pause');
  const events = (await api(staff, 'GET', `/api/v1/patients/${id}/summary`)).body.safety_events;
  assert.equal(events.length, 1);
  assert.match(events[0].signal, /item 9 = 2/);
  await page.click('a[href="/c/help"]');
  assert.ok(await page.isVisible('main a[href="tel:988"]'));
  assert.deepEqual(await axe(page), []);
  await page.goBack();
  await page.click('.two a:last-child');
  await choose(page, 'skip');
  await send(page);
  await page.waitForURL('**/c/done');
  const after = (await api(staff, 'GET', `/api/v1/patients/${id}/summary`)).body.safety_events;
  assert.equal(after.length, 1);
  assert.equal(after[0].measurement_id, (await scores(id))[0].id);
  assertCalm(page);
});

test('the network goes in the middle: nothing lost, nothing doubled', async () => {
  const id = await patient();
  const { link } = await code(id);
  const page = await phone();
  await start(page, link);
  await choose(page, 1);
  let gone = true;
  await page.route('**/c/**', (route) =>
    gone && route.request().method() === 'POST' ? route.abort('internetdisconnected') : route.continue(),
  );
  await page.click('label[for=value-2]');
  await page.dblclick('form button.main');
  await page.waitForSelector('#net[data-state=waiting]');
  assert.match(await page.textContent('#net'), /Not sent yet\. We keep trying\./);
  assert.equal(path(page), '/c/q/2', 'the answer stays in sight');
  assert.ok(await page.isChecked('#value-2'));
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await shoot(page, 'checkin-offline');
  gone = false;
  await page.click('#net button');
  await page.waitForURL('**/c/q/3');
  // The answer of the server is lost, not the request: the same answer comes twice.
  let lost = 0;
  await page.route('**/c/q/3', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.fallback();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await choose(page, 1);
  await page.waitForURL('**/c/q/4');
  assert.equal(lost, 1);
  for (const value of CALM.slice(3)) await choose(page, value);
  await page.waitForURL('**/c/check');
  let cut = 0;
  await page.route('**/c/check', async (route) => {
    if (route.request().method() !== 'POST' || cut > 0) return route.fallback();
    cut += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.click('form[action="/c/check"] button');
  await page.waitForURL('**/c/done');
  assert.equal(cut, 1);
  const all = await scores(id);
  assert.equal(all.length, 1);
  assert.equal(all[0].total, 8);
});

test('a double tap goes one page on', async () => {
  for (const js of [true, false]) {
    const id = await patient();
    const { link } = await code(id);
    const page = await phone({ js });
    await page.goto(base + link);
    await page.dblclick('button.main');
    await page.waitForURL('**/c/q/1');
    await page.click('label[for=value-1]');
    await page.dblclick('form button.main');
    await page.waitForURL('**/c/q/2');
    assert.equal((await rows(id))[0].answered, 1);
  }
});

test('the tablet shows the next patient nothing of the last', async () => {
  const id = await patient();
  const { link } = await code(id, ['phq-2'], 'kiosk');
  const tablet = await phone({ width: 1024 });
  await start(tablet, link);
  await choose(tablet, 1);
  await choose(tablet, 2);
  await send(tablet);
  await tablet.waitForURL('**/c/finished');
  await tablet.locator('h1', { hasText: /Please hand the tablet back/ }).waitFor();
  await shoot(tablet, 'checkin-tablet');
  for (let i = 0; i < 4; i += 1) {
    await tablet.goBack().catch(() => undefined);
    assert.doesNotMatch(await tablet.textContent('body'), /Several days|More than half/);
  }
  assert.equal((await tablet.context().cookies()).length, 0);
  assert.equal((await scores(id))[0].mode, 'tablet');
});

test('the patient gets the tablet only when the staff member is signed out on it', async () => {
  const id = await patient();
  const tablet = await openPage({ width: 1024 });
  await signIn(tablet);
  await tablet.goto(`${base}/patients/${id}?do=check_in`);
  const sheet = tablet.getByRole('dialog');
  await sheet.getByText('PHQ-9', { exact: true }).first().waitFor();
  await sheet.getByText('Clinic tablet', { exact: true }).click();
  if (await sheet.getByRole('button', { name: 'Prepare the tablet' }).isDisabled())
    await sheet.getByText('PHQ-9', { exact: true }).first().click();
  await sheet.getByRole('button', { name: 'Prepare the tablet' }).click();
  const leave = sheet.getByRole('button', { name: 'Sign out and ask on this device' });
  await leave.waitFor();
  await tablet.route('**/auth/sign-out', (route) => route.abort('internetdisconnected'));
  await leave.click();
  await sheet.getByText('You are still signed in').waitFor();
  assert.match(tablet.url(), /do=check_in/, 'the questions are not there while staff are signed in');
  await tablet.unroute('**/auth/sign-out');
  await leave.click();
  await tablet.waitForURL('**/c/**');
  assert.equal((await api(tablet, 'GET', '/auth/session')).status, 401);
  await tablet.context().close();
});

test('a scanner that fetches the link 20 times spends nothing; forged, revoked and foreign links open nothing', async () => {
  const id = await patient();
  const made = await code(id);
  for (let i = 0; i < 20; i += 1) {
    const answer = await fetch(base + made.link, { method: i % 2 ? 'GET' : 'HEAD' });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('set-cookie'), null);
    await answer.text();
  }
  assert.equal((await rows(id))[0].state, 'made');
  const page = await phone();
  await page.goto(`${base}/c/${'A'.repeat(22)}`);
  await page.locator('h1', { hasText: /does not work/ }).waitFor();
  assert.ok(await page.isVisible('a[href="tel:988"]'));
  await page.goto(`${base}/c/q/3`);
  await page.locator('h1', { hasText: /open for a long time/ }).waitFor();
  const foreign = await fetch(base + made.link, {
    method: 'POST',
    headers: { Origin: 'https://elsewhere.example', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'language=en',
  });
  assert.equal(foreign.status, 403);
  await start(page, made.link);
  // Staff routes are not open to a check-in's cookie, nor the pages to a staff session.
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/caseload')).status), 401);
  assert.equal((await api(staff, 'GET', '/c/now')).status, 401);
  await page.goto(base + made.link);
  await page.click('.foreign button');
  await page.locator('h1', { hasText: /The link is off/ }).waitFor();
  await page.goto(base + made.link);
  await page.locator('h1', { hasText: /This link has ended/ }).waitFor();
  assert.equal((await rows(id))[0].ended_why, 'wrong_person');
});

test('by keyboard alone, with names for a screen reader', async () => {
  const id = await patient();
  const { link } = await code(id, ['phq-2']);
  const page = await phone({ width: 1280 });
  await page.goto(base + link);
  await page.keyboard.press('Tab'); // help
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#help');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/c/q/1');
  assert.equal(await page.getByRole('group', { name: /Over the last 2 weeks.*Little interest/s }).count(), 1);
  for (const downs of [1, 2]) {
    await page.focus('#value-0');
    for (let i = 0; i < downs; i += 1) await page.keyboard.press('ArrowDown');
    const from = page.url();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.href !== from);
  }
  assert.equal(path(page), '/c/check');
  assert.equal(
    await page.getByRole('link', { name: 'Change Feeling down, depressed, or hopeless' }).count(),
    1,
  );
  await page.focus('form[action="/c/check"] button');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/c/done');
  assert.equal((await scores(id))[0].total, 3);
});

test('every page passes axe and reflows, light, dark and in forced colours', async () => {
  const id = await patient();
  const looks = [
    { width: 320, colors: { colorScheme: 'light' } },
    { width: 1280, colors: { colorScheme: 'dark' } },
    { width: 320, colors: { forcedColors: 'active' } },
  ];
  for (const look of looks) {
    const { link } = await code(id);
    const page = await phone(look);
    const sound = async (name) => {
      assert.deepEqual(await axe(page), [], `${name} ${JSON.stringify(look)}`);
      assert.ok((await overflow(page)) <= 0, `${name} is too wide at ${look.width}`);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('a, button, .choice label')]
          .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44)
          .map((one) => one.textContent),
      );
      assert.deepEqual(small, [], `${name}: targets under 44 px`);
    };
    await page.goto(base + link);
    await sound('link');
    await page.click('button.main');
    await page.waitForURL('**/c/q/1');
    await sound('question');
    await page.click('form button.main');
    await page.waitForSelector('.errors');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'errors');
    await sound('error');
    for (const value of CALM) await choose(page, value);
    await page.waitForURL('**/c/check');
    await sound('check');
    await shoot(page, `checkin-check-${look.colors.colorScheme ?? 'forced'}`);
    await send(page);
    await page.waitForURL('**/c/done');
    await sound('done');
    assertCalm(page);
  }
});
