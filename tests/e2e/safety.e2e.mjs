// A safety signal from the first press to the last look, in a real browser: raised, seen on the board and under the
// bell, taken, assessed with the C-SSRS, acted on, closed, lowered only with the consultant, looked at again.
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
  path,
  quit,
  setLanguage,
  settled,
  shoot,
  signIn,
  until,
} from './support.mjs';

let dana;
let amari;
let patient;
let family;

before(async () => {
  await launch();
  dana = await openPage();
  await signIn(dana);
  await setLanguage(dana, 'en');
  amari = await openPage();
  await signIn(amari, 'amari.demo');
  await setLanguage(amari, 'en');
  const rows = (await api(dana, 'GET', '/api/v1/caseload?limit=200')).body.items;
  for (const row of rows.filter((one) => one.state === 'active').reverse()) {
    const { body } = await api(dana, 'GET', `/api/v1/patients/${row.patient_id}/summary`);
    // Patients write plans of their own in the portal.
    if (body.safety_events.length || body.safety_plan) continue;
    patient = row.patient_id;
    family = row.name.split(',')[0];
    break;
  }
  assert.ok(patient, 'everybody in the demo clinic has a safety event');
});
after(quit);

async function answer(page, answers) {
  for (const [number, word] of Object.entries(answers)) {
    const group = page.getByRole('radiogroup', { name: new RegExp(`^${number}\\. `) });
    await group.getByText(word, { exact: true }).click();
  }
}

test('a colleague is worried: it stands on the board with a clock, at both widths', async () => {
  await dana.goto(`${base}/patients/${patient}?do=concern`);
  const sheet = dana.getByRole('dialog');
  await sheet.getByText('988').waitFor();
  await sheet.getByLabel('What worries you?').fill('Spoke of not being there at Christmas.');
  await sheet.getByRole('button', { name: 'Raise it' }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.goto(`${base}/safety`);
  const row = dana.locator('[data-event]', { hasText: family });
  await row.getByText('Nobody has it yet').waitFor();
  await shoot(dana, 'safety-board');
  await dana.setViewportSize({ width: 360, height: 740 });
  await dana.locator('.board-card', { hasText: family }).waitFor();
  assert.ok((await overflow(dana)) <= 0);
  await dana.setViewportSize({ width: 1280, height: 800 });
});

test('the notice stands under the bell of whoever is asked, and leads to the event', async () => {
  const waiting = async (page) =>
    (await api(page, 'GET', '/api/v1/notices?unread=true')).body.items.find(
      (one) => one.patient_id === patient,
    );
  const asked = (await waiting(dana)) ? dana : amari;
  const notice = await waiting(asked);
  assert.ok(notice, 'nobody has a notice');
  const count = (await api(asked, 'GET', '/api/v1/notices/unread')).body.unread;
  await asked.goto(`${base}/notices`);
  await asked.getByRole('link', { name: /new notice/ }).waitFor();
  await shoot(asked, 'notices');
  await asked.goto(`${base}/notices/${notice.id}`);
  await asked.waitForURL(new RegExp(`/patients/${patient}/safety`));
  await until(
    'one notice less',
    async () => (await api(asked, 'GET', '/api/v1/notices/unread')).body.unread < count,
  );
  assert.doesNotMatch(notice.text, new RegExp(family));
});

test('taking it, assessing with the C-SSRS: the level comes from the answers', async () => {
  await dana.goto(`${base}/patients/${patient}`);
  await settled(dana);
  await dana.getByRole('link', { name: 'Assess now' }).click();
  await dana.waitForURL(/\/safety/);
  await dana.getByRole('button', { name: 'I have it' }).click();
  await dana.getByText('You have it', { exact: false }).first().waitFor();
  await answer(dana, { 1: 'Yes', 2: 'Yes', 3: 'Yes', 4: 'No', 5: 'No', 6: 'No' });
  await shoot(dana, 'safety-assess');
  await dana.getByRole('button', { name: 'Save the assessment' }).click();
  await dana.getByText('Level moderate', { exact: true }).first().waitFor();
});

test('what was done is kept with who and when', async () => {
  await dana.getByText('Means made safe', { exact: true }).click();
  await dana.getByLabel('Words (optional)').fill('Sister keeps the tablets');
  await dana.getByRole('button', { name: 'Add it' }).click();
  await dana
    .getByText(/Sister keeps the tablets/)
    .first()
    .waitFor();
});

test('closing never goes below the level that stands', async () => {
  const levels = dana.getByRole('radiogroup', { name: 'Level that stands' });
  await levels.getByRole('radio').first().waitFor();
  assert.deepEqual(await levels.getByRole('radio').evaluateAll((all) => all.map((one) => one.value)), [
    'moderate',
    'high',
  ]);
  await dana
    .getByLabel('What was found and decided')
    .fill('Method in mind, no intent. Safety plan looked at together, Dr Amari told.');
  await dana.getByRole('button', { name: 'Sign and close' }).click();
  await dana.getByText(/^Closed .* by Dana Demo/).waitFor();
  const { body } = await api(dana, 'GET', `/api/v1/patients/${patient}/summary`);
  const event = body.safety_events.at(-1);
  assert.equal(event.level, 'moderate');
  assert.ok(event.reassess_date);
});

test('only the consultant lowers a level', async () => {
  await dana.getByRole('button', { name: 'Ask to lower the level' }).click();
  await dana.getByText('Low', { exact: true }).click();
  await dana.getByLabel('Why it is safe to lower it').fill('No thoughts for ten days; the sister moved in.');
  await dana.getByRole('button', { name: 'Ask the consultant' }).click();
  await dana.getByText('Waits for the psychiatric consultant.').waitFor();
  await amari.goto(`${base}/patients/${patient}/safety`);
  await amari.getByText(/asks to lower it to low/).waitFor();
  await amari.getByRole('button', { name: 'Agree', exact: true }).click();
  await amari.getByText(/agreed to low/).waitFor();
});

test('looking again is recorded, and the whole trail can be read', async () => {
  await dana.goto(`${base}/patients/${patient}/safety`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Reassess' }).click();
  await answer(dana, { 1: 'No', 2: 'No', 6: 'No' });
  await dana.getByRole('button', { name: 'Save the reassessment' }).click();
  await dana.getByText(/reassessed it/).waitFor();
  const trail = await dana.locator('.trail').first().innerText();
  for (const word of [
    'Signalled',
    'took it',
    'assessed it',
    'Means made safe',
    'closed it',
    'asked to lower it',
    'agreed',
    'reassessed it',
  ])
    assert.match(trail, new RegExp(word), trail);
  await shoot(dana, 'safety-trail');
});

test('answers that are positive again are a new signal with its own clock', async () => {
  await dana.getByRole('button', { name: 'Reassess' }).click();
  await answer(dana, { 1: 'Yes', 2: 'No', 6: 'No' });
  // Such words may stand there from the look before.
  const [kept] = await Promise.all([
    dana.waitForResponse((one) => one.request().method() === 'POST' && one.url().endsWith('/reassessments')),
    dana.getByRole('button', { name: 'Save the reassessment' }).click(),
  ]);
  assert.ok(kept.ok(), String(kept.status()));
  await dana.getByRole('button', { name: 'Save the reassessment' }).waitFor({ state: 'detached' });
  await dana
    .getByText(/The answers are a new signal|^Reassessed: level/)
    .first()
    .waitFor();
  const { body } = await api(dana, 'GET', `/api/v1/patients/${patient}/summary`);
  const first = body.safety_events.find((one) => one.signal === 'staff concern');
  assert.equal(first.reassessed_on, first.signalled_date);
});

test('the safety plan: six steps, one page of paper, in both languages', async () => {
  await dana.goto(`${base}/patients/${patient}/safety-plan`);
  await settled(dana);
  await dana.getByRole('link', { name: 'Write one together' }).click();
  const steps = dana.locator('.plan-step');
  await steps.first().waitFor();
  assert.equal(await steps.count(), 6);
  await shoot(dana, 'safety-plan-write');
  const line = (step) => steps.nth(step).locator('input').first();
  await line(0).fill('I stop answering messages');
  await line(0).press('Enter');
  await steps.nth(0).locator('input').nth(1).fill('Sunday evenings');
  await line(1).fill('A warm shower');
  await line(2).fill('The library');
  await line(3).fill('Marta');
  await steps.nth(3).locator('input[type=tel]').fill('555-0111');
  await line(4).fill('Dana, care manager');
  await steps.nth(4).locator('input[type=tel]').fill('555-0199');
  await steps.nth(5).getByRole('button', { name: 'Not for me' }).click();
  await dana.getByRole('button', { name: 'Save the plan' }).click();
  await dana.locator('.safety-paper').getByText('Sunday evenings').waitFor();
  await dana.locator('.safety-paper').getByText('988').first().waitFor();
  await shoot(dana, 'safety-plan');
  const pdf = await dana.pdf({ format: 'Letter' });
  assert.equal(
    (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length,
    1,
    'the plan is one page',
  );
  await dana.getByText('Español', { exact: true }).click();
  await dana.locator('.safety-paper[lang=es]').waitFor();
});

test('on call: a shift is added, shown in order, and removed', async () => {
  await dana.goto(`${base}/on-call`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Add a shift' }).click();
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Who').selectOption({ label: 'Sol Demo' });
  await sheet.getByRole('button', { name: 'Add the shift' }).click();
  await sheet.waitFor({ state: 'detached' });
  const row = dana
    .getByRole('row', { name: /Sol Demo/ })
    .filter({ hasText: 'every day' })
    .first();
  await row.waitFor();
  await shoot(dana, 'on-call');
  const rows = await dana.getByRole('row', { name: /Sol Demo/ }).count();
  await row.getByRole('button', { name: /^Remove the shift/ }).click();
  await dana.waitForFunction(
    (n) =>
      [...document.querySelectorAll('tbody tr')].filter((one) => one.textContent.includes('Sol Demo'))
        .length < n,
    rows,
  );
});

test('every safety page is clean for axe, in both languages', async () => {
  const failures = [];
  for (const language of ['en', 'es']) {
    await setLanguage(dana, language);
    for (const address of [
      '/safety',
      `/patients/${patient}/safety`,
      `/patients/${patient}/safety-plan`,
      `/patients/${patient}/safety-plan?view=write`,
      '/on-call',
      '/on-call?do=shift',
      '/on-call?do=settings',
      '/notices',
    ])
      for (const width of [1280, 360]) {
        await dana.setViewportSize({ width, height: 800 });
        await dana.goto(base + address);
        await dana.waitForSelector('main h1, [role=dialog]');
        await dana.waitForFunction(() => !document.querySelector('.skeleton'));
        for (const found of await axe(dana)) failures.push(`${language} ${width} ${address}: ${found}`);
        const wide = await overflow(dana);
        if (wide > 0) failures.push(`${language} ${width} ${address}: ${wide} px too wide`);
      }
  }
  await setLanguage(dana, 'en');
  assert.deepEqual(failures, []);
});

test('no script error, refused style or missing text appeared on the way', () => {
  assertCalm(dana);
  assertCalm(amari);
  assert.ok(path(dana));
});
