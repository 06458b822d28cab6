// The patients' page against a real server and real mail: joining, goals, messages, somebody who helps, words in
// Spanish, a lost connection, an ended session, the keyboard alone; and axe on every page.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  codeIn,
  giveAddress,
  invite,
  join,
  patientInPortal,
  portal,
  portalSettled,
  signInByCode,
  staffAndPatient,
  visit,
} from './portal_people.mjs';
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
  until,
} from './support.mjs';

const skip = postOffice ? false : 'no post office beside this server';
const address = (name) => `${name}.${Date.now()}@example.org`;

before(launch);
after(quit);

/** Nothing of the browser keeps anything about a person; the cookie is out of reach of scripts. */
async function assertNothingKept(page) {
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
  }));
  assert.deepEqual(kept, { local: 0, session: 0, cookie: '', databases: 0 });
}
const title = (page) => page.title();
const focused = (page) =>
  page.evaluate(() =>
    `${document.activeElement?.tagName} ${document.activeElement?.textContent ?? ''}`.trim(),
  );

test('a patient joins from the mailed link, a wrong birth date is said, and later signs in by code', {
  skip,
}, async () => {
  const { staff, id } = await staffAndPatient();
  const mail = address('join');
  const patient = await giveAddress(staff, id, mail);
  const since = Date.now();
  await invite(staff, id);
  const page = await openPage({ width: 360, height: 740 });
  await page.goto(linkIn(await mailTo(mail, since)));
  await page.waitForSelector('#birth');
  assert.equal(new URL(page.url()).hash, '', 'the secret is out of the address');
  assert.deepEqual(await axe(page), []);
  await page.click('form button[type=submit]');
  await page.waitForSelector('.summary');
  await page.waitForFunction(() => document.title.startsWith('Error: '));
  await page.fill('#birth-day', '1');
  await page.fill('#birth-month', '1');
  await page.fill('#birth-year', patient.birth_date.startsWith('1950') ? '1951' : '1950');
  await page.click('form button[type=submit]');
  await page.waitForFunction(() => /birth date/.test(document.querySelector('.summary')?.textContent ?? ''));
  await page.fill('#birth-day', String(Number(patient.birth_date.slice(8))));
  await page.fill('#birth-month', String(Number(patient.birth_date.slice(5, 7))));
  await page.fill('#birth-year', patient.birth_date.slice(0, 4));
  const asked = Date.now();
  await page.click('form button[type=submit]');
  await page.waitForSelector('#code');
  await page.fill('#code', '00000000');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.summary');
  await page.waitForFunction(() => document.title.startsWith('Error: '));
  await page.fill('#code', codeIn(await mailTo(mail, asked)));
  await page.click('form button[type=submit]');
  await page.waitForSelector('.next');
  await portalSettled(page);
  assert.equal(path(page), '/portal/');
  await page.locator('h1', { hasText: new RegExp(patient.given_name) }).waitFor();
  assert.match(await focused(page), /^H1/);
  assert.equal(await page.locator('.next').count(), 1, 'one thing is next');
  await shoot(page, 'portal-home');
  await assertNothingKept(page);

  await page.click('footer >> text=Sign out');
  await page.waitForSelector('#name');
  assert.equal((await portal(page, 'GET', 'home')).status, 401);
  await signInByCode(page, mail);
  await page.locator('h1', { hasText: new RegExp(patient.given_name) }).waitFor();
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

test('signing out without a connection says that it did not work, shows nothing more, and works when tried again', {
  skip,
}, async () => {
  const { page, staff, patient } = await patientInPortal({ address: address('leave') });
  await page.context().setOffline(true);
  await page.click('footer >> text=Sign out');
  await page.getByRole('heading', { name: 'You are still signed in' }).waitFor();
  assert.doesNotMatch(await page.textContent('body'), new RegExp(patient.family_name));
  await shoot(page, 'portal-still-signed-in');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.waitForSelector('#name');
  assert.equal((await portal(page, 'GET', 'home')).status, 401);
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

test('an unknown address gets the same answer, and a wrong code says nothing more', { skip }, async () => {
  const page = await openPage({ width: 360, height: 740 });
  await page.goto(`${base}/portal/`);
  await page.fill('#name', address('nobody'));
  await page.click('form button[type=submit]');
  await page.waitForSelector('#code');
  await page.fill('#code', '1234 5678');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.summary');
  await page.context().close();
});

test('a goal is made one step at a time with the keyboard alone, and checked off', { skip }, async () => {
  const { page, staff, id } = await patientInPortal({ address: address('goal') });
  const tabTo = async (wanted) => {
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate((words) => {
        const here = document.activeElement;
        const name =
          here?.getAttribute('aria-label') ?? here?.labels?.[0]?.textContent ?? here?.textContent ?? '';
        const style = here ? getComputedStyle(here) : null;
        return {
          there: name.trim().startsWith(words),
          seen: !!style && (style.outlineStyle !== 'none' || here.closest('.scale')),
        };
      }, wanted);
      if (found.there) {
        assert.ok(found.seen, `the focus on “${wanted}” can be seen`);
        return;
      }
    }
    assert.fail(`no way to “${wanted}” by Tab from ${await focused(page)}`);
  };
  await page.locator('h1').focus();
  await tabTo('Skip').catch(() => undefined);
  await visit(page, 'goals');
  await tabTo('Make a new goal');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#what');
  assert.match(await focused(page), /^H1 What will you do/);
  await tabTo('I will');
  await page.keyboard.press('Enter');
  // The summary takes the focus once it is drawn.
  await page.waitForSelector('.summary:focus, .summary :focus');
  assert.match(await focused(page), /There is a problem/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#what:focus');
  await page.keyboard.type('walk with Marta');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#long');
  await tabTo('For how long');
  await page.keyboard.type('10 minutes');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#days');
  await tabTo('Monday');
  await page.keyboard.press('Space');
  await tabTo('Continue');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#at');
  await page.goBack();
  await page.waitForSelector('#days');
  assert.ok(await page.isChecked('#days input[value=mon]'), 'going back keeps the answers');
  await page.goForward();
  await page.waitForSelector('#at');
  await tabTo('When in the day');
  await page.keyboard.type('after lunch');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#sure');
  await tabTo('0, not sure at all');
  for (let press = 0; press < 5; press += 1) await page.keyboard.press('ArrowRight');
  await page.waitForSelector('text=A smaller step is often better');
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight');
  await page.waitForSelector('text=A smaller step is often better', { state: 'detached' });
  await tabTo('Continue');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#obstacle');
  await tabTo('Continue');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Save my goal');
  assert.equal(
    await page.textContent('.sentence'),
    'I will walk with Marta for 10 minutes on Monday, after lunch.',
  );
  await shoot(page, 'portal-goal');
  await tabTo('Save my goal');
  await page.keyboard.press('Enter');
  await page.waitForURL(/goals\/[0-9a-f-]{36}/);
  await portalSettled(page);
  await tabTo('I did it today');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Done today');
  const goals = (await api(staff, 'GET', `/api/v1/patients/${id}/goals`)).body.items;
  const mine = goals.find((goal) => goal.what === 'walk with Marta' && goal.written_by === 'patient');
  assert.ok(mine, 'the team sees the goal as the patient’s own');
  assert.equal(mine.check_offs[0].result, 'done');
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

test('a message is sent, the answer time stands there, and “read by” appears when somebody has read it', {
  skip,
}, async () => {
  const { page, staff, id } = await patientInPortal({ address: address('message') });
  await visit(page, 'messages/new');
  await page.waitForSelector('main .notice');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.summary');
  await page.fill('#text', 'My mouth is dry. 😀 שלום');
  await page.fill('#subject', 'Dry mouth');

  // The network goes away in the middle: nothing is lost, nothing is doubled.
  await page.context().setOffline(true);
  await page.click('form button[type=submit]');
  await page.waitForSelector('text=Not sent yet.');
  assert.equal(await page.inputValue('#text'), 'My mouth is dry. 😀 שלום');
  await page.context().setOffline(false);
  await page.click('.notice button');
  await page.waitForURL(/messages\/[0-9a-f-]{36}/);
  await portalSettled(page);
  assert.match(await page.textContent('.message'), /My mouth is dry. 😀 שלום/);
  assert.match(await page.textContent('.message'), /Not read yet/);
  await shoot(page, 'portal-message');

  const threads = (await api(staff, 'GET', `/api/v1/patients/${id}/patient-messages`)).body.items;
  assert.equal(threads.length, 1, 'sent once');
  const thread = threads[0];
  const answered = await api(
    staff,
    'POST',
    `/api/v1/patients/${id}/patient-messages/${thread.id ?? thread.thread_id}/replies`,
    { text: 'Sip water often.' },
    { 'Idempotency-Key': randomUUID() },
  );
  assert.equal(answered.status, 201, JSON.stringify(answered.body));
  await page.reload();
  await portalSettled(page);
  await page.waitForFunction(() => document.querySelectorAll('.message').length === 2);
  assert.match(await page.locator('.message').first().textContent(), /Read by/);
  assert.match(await page.locator('.message').last().textContent(), /Sip water often/);
  page.complaints = page.complaints.filter((text) => !/ERR_INTERNET/.test(text));
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

test('somebody who helps sees what was previewed, acts under a banner, and is out at once when stopped', {
  skip,
}, async () => {
  const { page, staff, patient } = await patientInPortal({ address: address('patient') });
  const friend = address('marta');
  await visit(page, 'people/new');
  await page.fill('#name', 'Marta Friend');
  await page.fill('#address', friend);
  await page.click('form button[type=submit]');
  await page.waitForSelector('#scopes');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.summary');
  await page.check('#scopes input[value=goals]');
  await page.check('#scopes input[value=appointments]');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.preview h3');
  await portalSettled(page);
  assert.match(await page.textContent('#preview-heading'), /What Marta Friend will see/);
  const shown = await page.locator('.preview .inner > h3').allTextContents();
  assert.deepEqual(shown.sort(), ['Goals', 'Groups', 'Help with daily needs', 'Visits'].sort());
  assert.deepEqual(await axe(page), []);
  await shoot(page, 'portal-preview');
  const previewed = {};
  for (const view of ['goals', 'visits', 'groups', 'community'])
    previewed[view] = JSON.stringify(
      (await portal(page, 'GET', `trusted-persons/preview/${view}?scopes=appointments,goals&language=en`))
        .body,
    );
  const since = Date.now();
  await page.click('form button[type=submit]');
  await page.waitForURL(/portal\/people$/);
  await page.waitForSelector('text=Invited, not here yet');

  const hers = await openPage({ width: 360, height: 740 });
  await join(hers, friend, since);
  assert.match(await hers.textContent('.acting'), new RegExp(`You are acting for ${patient.given_name}`));
  await shoot(hers, 'portal-acting');
  for (const view of Object.keys(previewed))
    assert.equal(
      JSON.stringify((await portal(hers, 'GET', view)).body),
      previewed[view],
      `${view} is what was previewed`,
    );
  for (const view of [
    'scores',
    'plan',
    'messages',
    'safety-plan',
    'logs',
    'accesses',
    'record',
    'trusted-persons',
    'contact-preferences',
  ])
    assert.equal((await portal(hers, 'GET', view)).status, 403, view);
  await visit(hers, 'pages');
  const links = await hers.locator('main a').allTextContents();
  assert.ok(!links.some((words) => /score|message|safety|diary|record/i.test(words)), links.join());
  assert.deepEqual(await axe(hers), []);

  await page.reload();
  await portalSettled(page);
  await page.click('text=Stop now');
  await page.locator('.notice.care .button.main').click();
  await page.waitForSelector('text=sees nothing more');
  assert.notEqual((await portal(hers, 'GET', 'goals')).status, 200);
  assertCalm(page);
  for (const one of [page, hers, staff]) await one.context().close();
});

test('an ended session keeps what was written: signing in again goes on where it was', { skip }, async () => {
  const mail = address('ended');
  const { page, staff } = await patientInPortal({ address: mail });
  await visit(page, 'feedback');
  await page.fill('#text', 'Words that must stay');
  // Another page of the same browser signs out.
  await page.evaluate(() =>
    fetch('/auth/portal/sign-out', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }),
  );
  await page.click('#topic label');
  await page.click('#named label');
  await page.click('form button[type=submit]');
  await page.waitForSelector('#name:visible');
  assert.match(await page.textContent('main:visible .notice'), /What you wrote is kept/);
  const asked = Date.now();
  await page.locator('#name:visible').fill(mail);
  await page.keyboard.press('Enter');
  await page.locator('#code:visible').fill(codeIn(await mailTo(mail, asked)));
  await page.keyboard.press('Enter');
  await page.waitForSelector('#text:visible');
  assert.equal(await page.inputValue('#text'), 'Words that must stay');
  assert.match(await title(page), /Praise/);
  await assertNothingKept(page);

  // Two and a half minutes before the end somebody who does nothing is asked, and can stay with one press.
  const idle = await page.context().newPage();
  await idle.clock.install();
  await idle.goto(`${base}/portal/`);
  await portalSettled(idle);
  await idle.clock.fastForward('12:10');
  await idle.clock.runFor(1000);
  assert.equal(await idle.locator('dialog[open]').count(), 0);
  await idle.clock.fastForward('00:25');
  await idle.waitForSelector('dialog[open]');
  assert.equal(await focused(idle), 'BUTTON Stay signed in');
  const [minutes, seconds] = (await idle.textContent('dialog .big')).split(':').map(Number);
  assert.ok(minutes * 60 + seconds >= 120, 'at least two minutes are left');
  assert.deepEqual(await axe(idle), []);
  const stays = idle.waitForResponse((answer) => answer.url().endsWith('/auth/portal/session'));
  await idle.keyboard.press('Enter');
  assert.equal((await stays).status(), 200);
  await page.context().close();
  await staff.context().close();
});

test('everything is Spanish for somebody who reads Spanish, from the mail to the answer', {
  skip,
}, async () => {
  const { page, staff, id } = await patientInPortal({
    address: address('rosa'),
    language: 'es',
    page: { width: 320, height: 640 },
  });
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'es');
  await page.locator('h1', { hasText: /^Hola/ }).waitFor();
  await page.click('nav >> text=Metas');
  await portalSettled(page);
  await page.click('text=Hacer una meta nueva');
  await page.fill('#what', 'caminar con Marta');
  await page.click('form button[type=submit]');
  await page.click('form button[type=submit]');
  await page.check('#days input[value=mon]');
  await page.click('form button[type=submit]');
  await page.click('form button[type=submit]');
  await page.locator('#sure label').nth(8).click();
  await page.click('form button[type=submit]');
  await page.click('form button[type=submit]');
  assert.equal(await page.textContent('.sentence'), 'Voy a caminar con Marta los días lunes.');
  await page.click('form button[type=submit]');
  await page.waitForURL(/goals\/[0-9a-f-]{36}/);
  await portalSettled(page);
  await page.locator('h1', { hasText: /caminar con Marta/ }).waitFor();
  const goals = (await api(staff, 'GET', `/api/v1/patients/${id}/goals`)).body.items;
  assert.equal(goals.find((goal) => goal.what === 'caminar con Marta').language, 'es');
  await visit(page, 'messages');
  assert.match(await page.textContent('.notice'), /Si escribe ahora|equipo/);
  // A letter may name a page by another word.
  await visit(page, 'education');
  await page.locator('h1', { hasText: /Leer y aprender/ }).waitFor();
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

/** The six numbers of an app for a moment. */
function appCode(secret, at = Date.now()) {
  const bits = [...secret.replace(/[\s=]/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const from = hash[19] & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('app codes and a password are set up in the settings, and let the person in', { skip }, async () => {
  const mail = address('factor');
  const { page, staff } = await patientInPortal({ address: mail });
  await visit(page, 'settings');
  await page.click('summary:has-text("app code")');
  await page.click('text=Set up app codes');
  await page.waitForSelector('code');
  const secret = await page.textContent('code');
  await page.fill('#app-code', '000000');
  await page.click('text=Turn on');
  await page.waitForSelector('.wrong');
  await page.fill('#app-code', appCode(secret));
  await page.click('text=Turn on');
  await page.waitForSelector('text=App codes work now');
  // The part stays open and asks for the next thing.
  await page.fill('#new-password', 'short');
  await page.click('text=Save the password');
  await page.waitForSelector('#new-password-wrong');
  await page.fill('#new-password', 'walk soup river lamp');
  await page.click('text=Save the password');
  await page.waitForSelector('text=The password is set.');
  assert.deepEqual(await axe(page), []);
  await page.click('footer >> text=Sign out');
  await page.waitForSelector('#name');
  await page.click('summary');
  await page.click('text=Use a password and an app code');
  await page.fill('#name', mail);
  await page.fill('#password', 'walk soup river lamp');
  // Each code works once: the next one is taken.
  await page.fill('#totp', appCode(secret, Date.now() + 30_000));
  await page.click('form button[type=submit]');
  await page.waitForSelector('nav.places');
  await portalSettled(page);
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

test('the small acts of a week: each is kept, and the team sees it', { skip }, async () => {
  const { page, staff, id } = await patientInPortal({ address: address('week') });
  const of = `/api/v1/patients/${id}`;
  const key = () => ({ 'Idempotency-Key': randomUUID() });
  const create = async (where, body) => {
    const answer = await api(staff, 'POST', where, body, key());
    assert.equal(answer.status, 201, `${where}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const site = (await api(staff, 'GET', '/auth/session')).body.sites[0].id;
  const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const visited = await create(`${of}/visits`, {
    date: day(9),
    start_minute: 607,
    minutes: 20,
    kind: 'phone',
    overlap_reason: 'a test of the browser',
  });
  const group = await create('/api/v1/groups', {
    site_id: site,
    name: 'Better sleep',
    kind: 'skills',
    modality: 'in_person',
    place: 'Room 2',
    capacity: 6,
    first_date: day(5),
    start_minute: 1080,
    minutes: 60,
    every_weeks: 1,
    sessions: 4,
  });
  await create(`/api/v1/groups/${group.id}/members`, { patient_id: id, as: 'invite' });
  await create(`${of}/needs`, { kind: 'company', wants_help: 'yes', source: 'conversation' });

  await visit(page, 'visits');
  await page.click('text=I will be there');
  await page.waitForSelector('text=You said: I will be there.');
  const calendar = await page.evaluate(async () =>
    (await (await fetch(document.querySelector('a[download]').href)).text()).slice(0, 15),
  );
  assert.equal(calendar, 'BEGIN:VCALENDAR');
  assert.equal((await api(staff, 'GET', `${of}/visits/${visited.id}`)).body.answer, 'confirmed');
  await page.click('text=I need another time');
  await page.fill('textarea', 'In the morning');
  await page.click('form button[type=submit]');
  await page.waitForSelector('text=You asked for another time');

  await visit(page, 'groups');
  await page.click('text=Yes, I will come');
  await page.waitForSelector('text=You have a place.');
  await visit(page, 'community');
  await page.locator('li:has-text("Company") >> text=Later').click();
  await page.waitForSelector('text=Not now. We ask again later.');
  await visit(page, 'learn/sleep');
  await page.click('text=I have read this');
  await page.waitForSelector('text=You have read this.');

  await visit(page, 'diary');
  await page.locator('#mood label').nth(6).click();
  await page.click('text=Keep my mood');
  await page.waitForSelector('text=Kept. Thank you');
  await page.fill('#activity', 'Cooked soup');
  await page.click('text=Keep my activity');
  await page.waitForSelector('.rows >> text=Cooked soup');
  // Newest first; the invented history of this clinic may hold some already.
  const logs = (await api(staff, 'GET', `${of}/logs`)).body.items.map((log) => log.kind);
  assert.deepEqual(logs.slice(0, 2).sort(), ['activity', 'mood']);

  await visit(page, 'safety-plan');
  await page.locator('main .button[href]').first().click();
  await page.waitForSelector('#line');
  const lines = page.locator('.editor button:has-text("Take away")');
  for (let left = await lines.count(); left > 0; left -= 1) {
    await lines.first().click();
    await lines.nth(left - 1).waitFor({ state: 'detached' });
  }
  for (const line of ['First', 'Second']) {
    await page.fill('#line', line);
    await page.click('form button:has-text("Add")');
  }
  await page.click('button[aria-label="Move up: Second"]');
  // The focus goes with the line.
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Move down: Second',
  );
  await page.click('text=Continue');
  await page.waitForSelector('text=Step 2 of 6');
  if (await page.locator('main button:text-is("Not for me")').count())
    await page.click('main button:text-is("Not for me")');
  await page.goto(page.url());
  await portalSettled(page);
  await visit(page, 'safety-plan/write');
  await page.fill('#line', 'I do not sleep');
  await page.click('form button:has-text("Add")');
  await page.click('text=Save and stop here');
  await page.waitForSelector('ol.steps');
  assert.match(await page.locator('ol.steps li').first().textContent(), /I do not sleep/);
  const saved = page.waitForEvent('download');
  await page.click('text=Save to this phone');
  await page.waitForSelector('text=Anybody who uses this phone can read it');
  await page.click('text=Save the file');
  assert.equal((await saved).suggestedFilename(), 'my-plan.txt');

  await visit(page, 'settings');
  await page.locator('#channel .choice').nth(1).click();
  await page.click('main form >> text=Save');
  await page.waitForSelector('text=Saved.');
  assert.equal((await api(staff, 'GET', `${of}/contact-preferences`)).body.channel, 'mail');
  await visit(page, 'feedback');
  await page.locator('#topic .choice').first().click();
  await page.fill('#text', 'The phone line was busy.');
  await page.locator('#named .choice').nth(1).click();
  await page.click('main form >> text=Send');
  await page.waitForSelector('text=It was sent');
  await visit(page, 'record');
  const record = page.waitForEvent('download');
  await page.click('text=Download the file');
  assert.match((await record).suggestedFilename(), /^record-.*\.json$/);
  await visit(page, 'seen');
  assert.match(await page.textContent('.rows'), /Dana Demo/);
  await visit(page, 'check-ins');
  await page.click('main .button');
  await page.waitForURL(/\/c\//);
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

const PAGES = [
  '',
  'messages',
  'messages/new',
  'goals',
  'goals/new',
  'goals/new/long',
  'goals/new/days',
  'goals/new/at',
  'goals/new/sure',
  'goals/new/hard',
  'goals/new/check',
  'scores',
  'plan',
  'team',
  'medicines',
  'diary',
  'choices',
  'check-ins',
  'visits',
  'groups',
  'community',
  'learn',
  'learn/sleep',
  'safety-plan',
  'safety-plan/write',
  'safety-plan/write/coping',
  'safety-plan/write/people',
  'safety-plan/write/check',
  'questions',
  'feedback',
  'people',
  'people/new',
  'people/new/parts',
  'seen',
  'record',
  'record/print',
  'settings',
  'pages',
  'help',
  'nowhere',
];

test('every page in both languages, narrow and wide, light and dark: axe finds nothing, nothing scrolls sideways, help stands in one place', {
  skip,
  timeout: 600_000,
}, async (t) => {
  const { page, staff } = await patientInPortal({
    address: address('every'),
    page: { width: 320, height: 640 },
  });
  const failures = [];
  const pages = [...PAGES];
  const goal = (
    await portal(page, 'POST', 'goals', {
      what: 'walk',
      how_long: '10 minutes',
      days: ['mon'],
      at: 'after lunch',
      confidence: 6,
    })
  ).body;
  pages.push(`goals/${goal.id}`, `goals/${goal.id}/edit`);
  const thread = (await portal(page, 'POST', 'messages', { text: 'Hello' })).body;
  pages.push(`messages/${thread.id}`);
  const open = (await portal(page, 'GET', 'decisions')).body.open[0];
  if (open) pages.push(`choices/${open.aid.id}`);
  const due = (await portal(page, 'GET', 'surveys')).body.due[0];
  if (due) pages.push(`questions/${due.id}`);
  let looks = 0;
  for (const [language, width, colorScheme] of [
    ['en', 320, 'light'],
    ['en', 1280, 'dark'],
    ['es', 320, 'dark'],
    ['es', 1280, 'light'],
  ]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 720 });
    await visit(page, '');
    // The next page is a load of its own: the account must know the language before.
    await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith('/auth/portal/language') && answer.ok()),
      page.click(`footer button[lang=${language}]`),
    ]);
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
    let help = null;
    for (const one of pages) {
      await visit(page, one);
      looks += 1;
      const name = `${one || 'home'}, ${language}, ${width}, ${colorScheme}`;
      assert.equal(await page.evaluate(() => document.documentElement.lang), language, name);
      for (const found of await axe(page)) failures.push(`${name}: ${found}`);
      const wide = await overflow(page);
      if (wide > 0) failures.push(`${name}: ${wide} px too wide`);
      const place = JSON.stringify(await page.locator('.help-button').boundingBox());
      help ??= place;
      if (place !== help) failures.push(`${name}: help stands at ${place}, elsewhere at ${help}`);
      const small = await page.evaluate(() =>
        [
          ...document.querySelectorAll(
            'button, .button, summary, .places a, .choice, .scale label, select, .input',
          ),
        ]
          .filter((target) => target.checkVisibility() && target.getBoundingClientRect().height < 43.5)
          .map((target) => target.textContent),
      );
      if (small.length) failures.push(`${name}: targets under 44 px: ${small.slice(0, 3)}`);
      const headings = await page.evaluate(() => [...document.querySelectorAll('main h1')].length);
      if (headings !== 1) failures.push(`${name}: ${headings} first headings`);
      await shoot(page, `portal-${(one || 'home').replace(/\W+/g, '_')}-${language}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ forcedColors: 'active' });
  for (const one of ['', 'goals/new/sure', 'scores', 'settings']) {
    await visit(page, one);
    for (const found of await axe(page)) failures.push(`${one}, forced colours: ${found}`);
  }
  t.diagnostic(`${looks} looks, ${failures.length} findings`);
  assert.deepEqual(failures, []);
  assertCalm(page);
  await page.context().close();
  await staff.context().close();
});

test('the sign-in page has help, both languages and no findings, before anybody has signed in', {
  skip: false,
}, async () => {
  const page = await openPage({ width: 320, height: 640 });
  await page.goto(`${base}/portal/`);
  await page.waitForSelector('#name');
  for (const language of ['en', 'es']) {
    await page.click(`footer button[lang=${language}]`);
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
    await page.click('.help-button');
    await page.waitForSelector('#help-now');
    for (const link of ['tel:988', 'tel:911'])
      assert.ok(await page.locator(`#help-now a[href="${link}"]`).first().isVisible(), link);
    assert.deepEqual(await axe(page), []);
    assert.ok((await overflow(page)) <= 0);
    await page.keyboard.press('Escape');
    assert.match(await focused(page), /^BUTTON/);
  }
  assertCalm(page);
  await page.context().close();
});

test('without a connection the page opens all the same, and help is there', { skip: false }, async () => {
  const page = await openPage({ width: 360, height: 740 });
  await page.goto(`${base}/portal/`);
  await page.waitForSelector('#name');
  const ready = await page.evaluate(async () => {
    const worker = await Promise.race([
      navigator.serviceWorker?.ready,
      new Promise((resolve) => setTimeout(resolve, 10_000)),
    ]);
    return !!worker;
  });
  assert.ok(ready, 'the service worker is there');
  const cached = () =>
    page.evaluate(async () =>
      (await (await caches.open('concord-portal-1')).keys()).map((request) => new URL(request.url).pathname),
    );
  await until('the page is kept', async () => {
    const paths = await cached();
    return paths.includes('/portal/') && paths.filter((one) => one.endsWith('.js')).length >= 2;
  });
  await page.context().setOffline(true);
  await page.goto(`${base}/portal/help`);
  await page.waitForSelector('text=No connection');
  await page.click('.help-button');
  assert.ok(await page.locator('#help-now a[href="tel:988"]').first().isVisible());
  const kept = await cached();
  assert.ok(
    kept.every((one) => one === '/portal/' || one.startsWith('/assets/') || one === '/mark.svg'),
    kept.join(),
  );
  await page.context().close();
});
