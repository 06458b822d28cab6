// The staff's side of the patient's side in a real browser: asking for a check-in and reading it, answering a message, visits, a group
// with a waiting list, help outside until somebody was seen, and the numbers of help now.
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
  postOffice,
  quit,
  setLanguage,
  settled,
  shoot,
  signIn,
} from './support.mjs';

let dana;
let today;
let site;
/** three people of the caseload, with names of their own */
const people = [];
const stamp = `${Date.now() % 1_000_000}`;
const key = () => ({ 'Idempotency-Key': crypto.randomUUID() });

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
  for (const [given, n] of [
    ['Lila', 1],
    ['Omar', 2],
    ['Nina', 3],
  ]) {
    const made = await api(dana, 'POST', '/api/v1/patients', {
      site_id: site,
      given_name: given,
      family_name: `Willow${stamp}`,
      birth_date: `198${n}-04-02`,
      language: 'en',
      email: `${given.toLowerCase()}.${stamp}@example.org`,
      preferred_channel: 'email',
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    people.push({
      id: made.body.id,
      given,
      name: `Willow${stamp}, ${given}`,
      mail: `${given.toLowerCase()}.${stamp}@example.org`,
      born: `198${n}-04-02`,
    });
  }
});
after(quit);

/** Plays the patient on a phone without scripts: the first answer everywhere, to the end. */
async function answerForm(url) {
  const page = await openPage({ width: 360, height: 740, colors: { javaScriptEnabled: false } });
  await page.goto(url);
  for (let step = 0; step < 40 && !/\/c\/done/.test(page.url()); step += 1) {
    const first = page.locator('main input[type=radio]').first();
    if (await first.count()) await first.check({ force: true });
    await page.locator('main form button[type=submit], main form button:not([type])').first().click();
    await page.waitForLoadState();
  }
  assert.match(page.url(), /\/c\/done/);
  await page.context().close();
}

test('a check-in is shown as a code, answered on a phone, and waits to be read', async () => {
  const [lila] = people;
  await dana.goto(`${base}/patients/${lila.id}?do=check_in`);
  await settled(dana);
  await dana.getByText('Code to scan').click();
  const made = dana.waitForResponse(
    (one) => one.url().endsWith('/check-ins') && one.request().method() === 'POST',
  );
  await dana.getByRole('button', { name: 'Show the code' }).click();
  const { url } = await (await made).json();
  await dana.getByRole('img', { name: 'Code with the link to the questions' }).waitFor();
  await calm(dana, 'check-in-code');
  await answerForm(url);

  await dana.goto(`${base}/inbox/answers`);
  const row = dana.locator('[data-check-in]', { hasText: lila.name });
  await row.getByText('identity not checked').waitFor();
  await row.getByRole('button', { name: `Read: Lila Willow${stamp}` }).click();
  await dana.getByRole('dialog').getByText('Nobody has checked that it was Lila', { exact: false }).waitFor();
  await dana.getByText('Lila will see that you read it, and when.').waitFor();
  await dana.getByRole('button', { name: 'I have read it' }).click();
  await dana.getByText('Lila will see that you read it.', { exact: true }).waitFor();
  await row.waitFor({ state: 'detached' });
  const after = (await api(dana, 'GET', `/api/v1/patients/${lila.id}/check-ins`)).body.items[0];
  assert.ok(after.seen_at);
});

test('a link that was sent can be taken back, and says so', async () => {
  const [lila] = people;
  await dana.goto(`${base}/patients/${lila.id}?do=check_in`);
  await dana.getByText('Goes to Lila by mail.').waitFor();
  await dana.getByRole('button', { name: 'Send it' }).click();
  await dana
    .getByText(/sent, not opened yet|waits to be sent/)
    .first()
    .waitFor();
  await dana.getByRole('button', { name: 'Take back' }).first().click();
  await dana.getByLabel('Because').fill('Wrong form');
  await dana.getByRole('button', { name: 'Take it back' }).click();
  await dana.getByText('taken back').first().waitFor();
});

test('a patient who wrote stands in the inbox until somebody answers', { skip: !postOffice }, async () => {
  const [, omar] = people;
  let since = Date.now();
  await dana.goto(`${base}/patients/${omar.id}?do=portal`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Invite Omar' }).click();
  await dana.getByText('Invited', { exact: false }).first().waitFor();
  const letter = linkIn(await mailTo(omar.mail, since));
  const phone = await openPage({ width: 360, height: 740 });
  await phone.goto(`${base}/portal`);
  since = Date.now();
  const asked = await api(phone, 'POST', '/auth/portal/invitation/confirm', {
    token: letter.split('#')[1],
    birth_date: omar.born,
    channel: 'mail',
  });
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const code = /\b\d{8}\b/.exec((await mailTo(omar.mail, since)).text)[0];
  assert.equal((await api(phone, 'POST', '/auth/portal/code/verify', { code })).status, 200);
  const sent = await api(
    phone,
    'POST',
    '/api/v1/portal/messages',
    { subject: 'The new tablets', text: 'May I take them at night?' },
    key(),
  );
  assert.equal(sent.status, 201, JSON.stringify(sent.body));

  await calm(dana, 'inbox-messages', '/inbox/messages');
  const row = dana.locator('[data-thread]', { hasText: omar.name });
  await row.getByText('May I take them at night?').waitFor();
  await row.getByRole('link', { name: /^Answer/ }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Raise a safety concern' }).waitFor();
  await sheet.getByLabel('Answer', { exact: true }).fill('Yes, with a little food.');
  await sheet.getByRole('button', { name: 'Send the answer' }).click();
  await dana.getByText('Sent. Omar is told that an answer waits, without its words.').waitFor();
  await dana.goto(`${base}/inbox/messages`);
  await settled(dana);
  assert.equal(await dana.locator('[data-thread]', { hasText: omar.name }).count(), 0);
  const told = (await api(phone, 'GET', '/api/v1/portal/messages')).body.items[0];
  assert.equal(told.state, 'answered');
  await phone.context().close();
});

test('a visit is booked, moved, and called off with a reason', async () => {
  const [, , nina] = people;
  await dana.goto(`${base}/patients/${nina.id}?do=visits&id=new`);
  const form = dana.getByRole('dialog');
  // Not today: late in the evening it would be over.
  const day = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel('Day').fill(day);
  await form.getByLabel('Time').fill('23:30');
  await dana.getByRole('button', { name: 'Book it' }).click();
  const overlap = dana.getByLabel('Book it all the same, because');
  const booked = dana.getByText(/^Booked for/);
  await overlap.or(booked).first().waitFor();
  if (await overlap.count()) {
    await overlap.fill('Both agreed');
    await dana.getByRole('button', { name: 'Book it' }).click();
  }
  await booked.waitFor();
  await calm(dana, 'visits', `/visits?day=${day}`);
  await dana.locator('[data-visit]', { hasText: nina.name }).getByRole('button', { name: /^Show/ }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByText('23:30').first().waitFor();
  assert.equal(
    (
      await api(dana, 'GET', await sheet.getByRole('link', { name: 'Calendar file' }).getAttribute('href'))
    ).body.slice(0, 15),
    'BEGIN:VCALENDAR',
  );
  await sheet.getByRole('button', { name: 'Call off' }).click();
  await sheet.getByLabel('Because').fill('Nina is away');
  await sheet.getByRole('button', { name: 'Call it off' }).click();
  await dana.getByText('Called off. The patient is told.').waitFor();
});

test('a full group puts the next one on its waiting list', async () => {
  await dana.goto(`${base}/groups`);
  await settled(dana);
  await dana.getByRole('button', { name: 'New group' }).click();
  await dana.getByLabel('Name').fill(`Sleep ${stamp}`);
  await dana.getByLabel('Places').fill('2');
  await dana.getByRole('dialog').getByLabel('Time').fill('23:45');
  await dana.getByRole('button', { name: 'Make the group' }).click();
  await dana.getByRole('heading', { name: `Sleep ${stamp}` }).waitFor();
  for (const { given } of people) {
    await dana.getByRole('button', { name: 'Add somebody' }).click();
    await dana.getByLabel('Who', { exact: true }).fill(`Willow${stamp}`);
    await dana.getByRole('button', { name: `Choose: ${given} Willow${stamp}` }).click();
    await dana.getByText('In the group at once').click();
    await dana.getByRole('button', { name: 'Add', exact: true }).click();
    await dana.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await dana.getByRole('heading', { name: 'Waiting list' }).waitFor();
  await dana.getByText('2 of 2 places taken').waitFor();
  await calm(dana, 'group');
});

test('help outside stays on the list until somebody was seen', async () => {
  const [lila] = people;
  const wen = await openPage();
  await signIn(wen, 'wen.demo');
  await setLanguage(wen, 'en');
  const service = await api(
    wen,
    'POST',
    '/api/v1/community/services',
    {
      name: `Housing Desk ${stamp}`,
      kinds: ['housing'],
      areas: [],
      languages: ['en', 'es'],
      phone: '555-0107',
    },
    key(),
  );
  assert.equal(service.status, 201, JSON.stringify(service.body));
  await dana.goto(`${base}/patients/${lila.id}?do=community`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Add a need' }).click();
  await dana.getByText('Housing', { exact: true }).click();
  await dana.getByRole('button', { name: 'Save' }).click();
  await dana.getByRole('button', { name: 'Refer' }).click();
  await dana.getByLabel('Who is asked').selectOption(service.body.id);
  assert.ok(
    await dana.getByRole('button', { name: 'Keep the referral' }).isDisabled(),
    'nothing goes out without consent',
  );
  await dana.getByText('Verbal', { exact: true }).click();
  await dana.getByRole('button', { name: 'Keep the referral' }).click();
  await dana.getByText('sent, no answer yet').first().waitFor();

  await calm(wen, 'community', '/community');
  const row = wen.locator('[data-community]', { hasText: `Housing Desk ${stamp}` });
  await row.getByRole('button', { name: 'Confirm seen' }).click();
  await row.getByText('The service', { exact: true }).click();
  await row.getByRole('button', { name: 'Save' }).click();
  await row.getByText('confirmed by the service', { exact: false }).waitFor();
  assertCalm(wen);
  await wen.context().close();
});

test('the program says when somebody reads, and patients see it', async () => {
  const max = await openPage();
  await signIn(max, 'max.demo');
  await setLanguage(max, 'en');
  await calm(max, 'help-now', '/program?show=help');
  await max.getByLabel('When somebody reads (English)').fill('Your team reads this on weekdays before 4 pm.');
  await max
    .getByLabel('When somebody reads (Spanish)')
    .fill('Su equipo lo lee entre semana antes de las 4 pm.');
  await max.getByRole('button', { name: 'Save' }).click();
  await max.getByText('Kept. Patients see it at once.').waitFor();
  await max.locator('.crisis-seen').getByText('before 4 pm', { exact: false }).waitFor();
  for (const show of ['surveys', 'feedback', 'visits', 'rules'])
    await calm(max, `program-${show}`, `/program?show=${show}`);
  assertCalm(max);
  await max.context().close();
});

test('nothing was complained about', () => assertCalm(dana));
