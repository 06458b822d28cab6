// The review hour in a real browser: a question is asked, an agenda is proposed and reordered, the consultant
// writes beside the chart, the doctor answers on a phone, the treatment closes the recommendation.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  assertCalm,
  base,
  launch,
  openPage,
  overflow,
  PASSWORD,
  path,
  quit,
  setLanguage,
  settled,
  shoot,
  signIn,
  typeAndKeep,
} from './support.mjs';

let dana;
let amari;
let lee;
let patient;
let name;
let session;
let recommendation;
const QUESTION = `Is the dose enough? (${Date.now() % 100000})`;

before(async () => {
  await launch();
  dana = await openPage();
  await signIn(dana);
  await setLanguage(dana, 'en');
  amari = await openPage();
  await signIn(amari, 'amari.demo');
  await setLanguage(amari, 'en');
  lee = await openPage({ width: 360, height: 740 });
  await signIn(lee, 'lee.demo');
  await setLanguage(lee, 'en');
  const rows = (await api(dana, 'GET', '/api/v1/caseload?limit=200')).body.items;
  for (const row of rows.filter((one) => one.state === 'active' && one.need !== 'safety')) {
    const { body } = await api(dana, 'GET', `/api/v1/patients/${row.patient_id}/summary`);
    const medicine = body.treatments.find((one) => one.kind === 'medication' && !one.stop_date);
    if (!medicine || body.safety_events.some((one) => !one.closed_at)) continue;
    patient = row.patient_id;
    name = row.name;
    break;
  }
  assert.ok(patient, 'nobody with a medicine in the demo clinic');
});
after(quit);

test('the consultant and the doctor begin where their work is', async () => {
  assert.equal(path(amari), '/reviews');
  assert.equal(path(lee), '/recommendations');
  assert.ok((await overflow(lee)) <= 0);
});

test('the care manager asks a question from the patient page', async () => {
  await dana.goto(`${base}/patients/${patient}?do=ask`);
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('What do you want to know?').fill(QUESTION);
  await sheet.getByText('This week', { exact: true }).click();
  await sheet.getByRole('button', { name: 'Ask' }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.getByText(QUESTION).first().waitFor();
});

test('the question waits in the list of questions', async () => {
  await amari.goto(`${base}/reviews`);
  await amari.getByText(QUESTION).first().waitFor();
});

test('a new session proposes an agenda, with a reason for each rank', async () => {
  await dana.goto(`${base}/reviews`);
  await settled(dana);
  await dana.getByRole('link', { name: 'New session' }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Minutes the consultant has').fill('60');
  await sheet.getByRole('button', { name: 'Prepare the agenda' }).click();
  await dana.waitForURL(/\/reviews\/[0-9a-f-]{36}$/);
  session = path(dana).split('/')[2];
  await dana.locator('[data-agenda]').first().waitFor();
  const places = await dana.locator('.agenda-place').allTextContents();
  assert.deepEqual(
    places,
    places.map((_, index) => String(index + 1)),
  );
  const reasons = await dana.locator('.agenda-reason').count();
  assert.equal(reasons, places.length);
  await dana.locator(`[data-agenda="${patient}"]`).waitFor();
  await shoot(dana, 'agenda');
});

test('the order changes by button and by keyboard, and says so', async () => {
  const ids = () =>
    dana.locator('[data-agenda]').evaluateAll((rows) => rows.map((row) => row.dataset.agenda));
  const before = await ids();
  const second = dana.locator('[data-agenda]').nth(1);
  const moved = await second.getAttribute('data-agenda');
  await second.getByRole('button', { name: /^Move .* up$/ }).click();
  await dana.waitForFunction((id) => document.querySelector('[data-agenda]')?.dataset.agenda === id, moved);
  await dana.locator(`[data-agenda="${moved}"] .agenda-who a`).focus();
  await dana.keyboard.press('Shift+ArrowDown');
  await dana.waitForFunction(
    (id) => document.querySelectorAll('[data-agenda]')[1]?.dataset.agenda === id,
    moved,
  );
  await dana.getByRole('status').filter({ hasText: 'is now 2 of' }).waitFor({ state: 'attached' });
  assert.deepEqual([...(await ids())].sort(), [...before].sort());
});

test('somebody is taken off with a reason and comes back', async () => {
  const last = dana.locator('.agenda [data-agenda]').last();
  const id = await last.getAttribute('data-agenda');
  await last.getByRole('button', { name: /^Take off / }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Why not today?').fill('Seen by psychiatry last week');
  await sheet.getByRole('button', { name: 'Take off', exact: true }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.locator(`[data-agenda="${id}"]`).waitFor({ state: 'detached' });
  await dana.locator('details > summary', { hasText: 'taken off' }).click();
  await dana.getByText('Seen by psychiatry last week').waitFor();
  await dana.getByRole('button', { name: 'Bring back' }).click();
  await dana.getByRole('dialog').getByLabel('Why today?').fill('Asked by the PCP after all');
  await dana.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await dana.locator(`[data-agenda="${id}"]`).waitFor();
});

test('the review hour: n and p walk, nothing scrolls at 1280 x 800, notes are kept as a draft', async () => {
  await amari.goto(`${base}/reviews/${session}/hour`);
  await amari.getByText(/minutes left/).waitFor();
  await amari.locator('.hour-page h1').waitFor();
  const first = await amari.locator('.hour-page h1').textContent();
  await amari.keyboard.press('n');
  await amari.waitForFunction(
    (words) => document.querySelector('.hour-page h1')?.textContent !== words,
    first,
  );
  await amari.keyboard.press('p');
  await amari.waitForFunction(
    (words) => document.querySelector('.hour-page h1')?.textContent === words,
    first,
  );
  await amari.goto(`${base}/reviews/${session}/hour?patient=${patient}`);
  await amari.locator('.hour-question', { hasText: QUESTION }).waitFor();
  const over = await amari.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  assert.ok(over <= 0, `${over} px below the fold`);
  await typeAndKeep(amari, 'Notes', 'Partial response.');
  // Walking on with the last words still on their way, and coming back at once, finds all of them.
  await amari.getByLabel('Notes').fill('Partial response, tolerates it well.');
  const walk = ['Next', 'Previous'].map((way) => amari.getByRole('button', { name: new RegExp(`^${way} `) }));
  if (await walk[0].isDisabled()) walk.reverse();
  await walk[0].click();
  await amari.locator('.hour-question', { hasText: QUESTION }).waitFor({ state: 'detached' });
  await walk[1].click();
  await amari.locator('.hour-question', { hasText: QUESTION }).waitFor();
  assert.equal(await amari.getByLabel('Notes').inputValue(), 'Partial response, tolerates it well.');
  await amari.getByText(/Draft kept/).waitFor();
  await amari.reload();
  await amari.locator('.hour-question', { hasText: QUESTION }).waitFor();
  assert.equal(await amari.getByLabel('Notes').inputValue(), 'Partial response, tolerates it well.');
  await shoot(amari, 'review-hour');
});

test('signing says what it will do, sends the recommendation and goes on', async () => {
  await amari.getByLabel('What', { exact: true }).selectOption('increase');
  await amari.getByLabel('To', { exact: true }).selectOption('pcp');
  const medicine = amari.getByLabel('Medicine');
  if (!(await medicine.inputValue())) await medicine.fill('sertraline');
  await amari.getByLabel('To dose').fill('150 mg daily');
  await amari.getByLabel('Words (optional)').fill('If the stomach allows it.');
  await amari.getByText(/Signing sends the recommendation to/).waitFor();
  await amari.getByText(/It answers/).waitFor();
  await amari.getByRole('button', { name: 'Sign and send' }).click();
  await amari.getByText(/Signed\. One recommendation is on its way/).waitFor();
  const { body } = await api(dana, 'GET', `/api/v1/patients/${patient}/recommendations`);
  recommendation = body.items.find((one) => one.kind === 'increase' && ['sent', 'read'].includes(one.state));
  assert.ok(recommendation, JSON.stringify(body.items).slice(0, 400));
  await amari.goto(`${base}/reviews/${session}/hour?patient=${patient}`);
  await amari.getByText('Reviewed in this session').waitFor();
});

test('the link in a message asks for sign-in and comes back to the recommendation', async () => {
  const page = await openPage({ width: 360, height: 740 });
  const link = `/patients/${patient}/recommendations/${recommendation.id}`;
  await page.goto(base + link);
  await page.fill('input[name=username]', 'lee.demo');
  await page.fill('input[name=password]', PASSWORD);
  await page.click('button[type=submit]');
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  assert.equal(path(page), link);
  await page.goto(`${base}/recommendations/${recommendation.id}`);
  await page.waitForURL(new RegExp(`${link}$`));
  assertCalm(page);
  await page.context().close();
});

test("the doctor's two minutes on a phone: changing asks why, accepting is one press", async () => {
  await lee.goto(`${base}/recommendations`);
  await settled(lee);
  await lee
    .getByRole('link', { name: new RegExp(name.split(',')[0]) })
    .filter({ hasText: recommendation.dose })
    .click();
  await lee.getByText(QUESTION).first().waitFor();
  assert.ok((await overflow(lee)) <= 0);
  await shoot(lee, 'pcp');
  await lee.getByRole('button', { name: 'Change' }).click();
  await lee.getByLabel('What will be done instead, and why').waitFor();
  await lee.getByRole('button', { name: 'Back' }).click();
  await lee.getByRole('button', { name: 'Accept' }).click();
  await lee.getByText(/Accepted .*not done yet/).waitFor();
});

test('a withdrawn or answered recommendation cannot be answered again: it says so', async () => {
  const answer = await api(
    lee,
    'POST',
    `/api/v1/patients/${patient}/recommendations/${recommendation.id}/answer`,
    { state: 'declined', reason: 'too late' },
    { 'If-Match': `"${recommendation.version}"` },
  );
  assert.ok([409, 412].includes(answer.status), String(answer.status));
});

test('the change of dose closes the recommendation in one step', async () => {
  await dana.goto(`${base}/patients/${patient}`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Mark as done' }).first().click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByRole('link', { name: 'Record the change of dose' }).click();
  await sheet.getByLabel('New dose or form').waitFor();
  assert.equal(await sheet.getByLabel('New dose or form').inputValue(), '150 mg daily');
  assert.equal(await sheet.getByLabel('Does what was recommended').inputValue(), recommendation.id);
  await sheet.getByLabel('Because').fill('Recommended by the consultant');
  await sheet.getByRole('button', { name: 'Change', exact: true }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana
    .getByText(/Done .*; on trial/)
    .first()
    .waitFor();
  await shoot(dana, 'patient-after-review');
});

test('tried long enough ends its life', async () => {
  await dana.getByRole('button', { name: 'Tried long enough?' }).first().click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByText('No', { exact: true }).click();
  await sheet.getByLabel('Why not').fill('Stopped after a week, nausea');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  const { body } = await api(dana, 'GET', `/api/v1/patients/${patient}/recommendations/${recommendation.id}`);
  assert.equal(body.state, 'not_adequate');
});

test('two windows of one reviewer: the later draft is shown beside the earlier, nothing is lost', async () => {
  const other = (await api(amari, 'GET', `/api/v1/review-sessions/${session}/agenda`)).body.items.find(
    (item) => !item.review_id,
  );
  const at = `${base}/reviews/${session}/hour?patient=${other.patient.id}`;
  await amari.goto(at);
  await amari.getByLabel('Notes').waitFor();
  const second = await amari.context().newPage();
  await second.goto(at);
  await typeAndKeep(second, 'Notes', 'From the second window.');
  await amari.getByLabel('Notes').fill('From the first window.');
  await amari.getByText('Somebody else changed this while you were writing.').waitFor();
  await amari.getByRole('button', { name: 'Save this' }).click();
  await amari.getByText(/Draft kept/).waitFor();
  const kept = (
    await api(amari, 'GET', `/api/v1/patients/${other.patient.id}/review-draft?session=${session}`)
  ).body;
  assert.match(kept.content.notes, /From the second window\.\s+From the first window\./);
  await second.close();
});

test('a contact writes adherence and side effects beside the treatment', async () => {
  await dana.goto(`${base}/patients/${patient}/contact`);
  await settled(dana);
  await dana.getByText('Taken sometimes', { exact: true }).first().click();
  await dana.getByLabel('Side effects').first().fill('nausea in the morning');
  await dana.getByText('Quite a bit', { exact: true }).first().click();
  await dana.getByLabel('Minutes', { exact: true }).fill('15');
  await dana.getByRole('button', { name: 'Save the contact' }).click();
  await dana.waitForURL(new RegExp(`/patients/${patient}$`));
  await dana.getByText(/Taken sometimes, nausea in the morning \(quite a bit\)/).waitFor();
});

test('a therapy session counts its number', async () => {
  await dana.goto(`${base}/patients/${patient}?do=therapy`);
  await settled(dana);
  const sheet = dana.getByRole('dialog');
  await sheet.getByText('Problem-solving treatment', { exact: true }).click();
  await sheet.getByLabel('What it was about (optional)').fill('One problem, three ways');
  await sheet.getByRole('button', { name: 'Save the session' }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.goto(`${base}/patients/${patient}?show=treatments`);
  await dana
    .getByText(/Problem-solving treatment, session \d/)
    .first()
    .waitFor();
});

test('no script error, refused style or missing text appeared on the way', () => {
  for (const page of [dana, amari, lee]) assertCalm(page);
});
