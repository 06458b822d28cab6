// The team in a real browser: a line becomes a task, "not now" and back, views and drafts that are kept, a conversation with
// a mention, a hand-over, working hours, the access log, and a home for every role.
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
  typeAndKeep,
  until,
} from './support.mjs';

let dana;
let sol;
let patient;
const pages = [];

async function person(name) {
  const page = await openPage();
  await signIn(page, name);
  await setLanguage(page, 'en');
  pages.push(page);
  return page;
}
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
  dana = await person('dana.demo');
  sol = await person('sol.demo');
  const rows = (await api(dana, 'GET', '/api/v1/caseload?care_manager=me&need=overdue&limit=50')).body.items;
  patient = rows.find((row) => row.state === 'active').patient_id;
});
after(quit);

test('a line of the caseload becomes a task with an owner and a day; a second one is not made', async () => {
  await dana.goto(`${base}/caseload`);
  await settled(dana);
  const row = dana.locator(`[data-row="${patient}"]`);
  await row.locator('[data-why]').click();
  const why = dana.locator('.why').first();
  await why.getByRole('button', { name: 'Make it a task' }).click();
  await why.getByLabel('Who').selectOption({ label: 'Sol Demo' });
  await why.getByRole('button', { name: 'Make it a task' }).click();
  await dana.getByText(/A task for Sol Demo, by/).waitFor();
  await why.getByRole('button', { name: 'Make it a task' }).click();
  await why.getByRole('button', { name: 'Make it a task' }).click();
  await why.getByText('This is a task already', { exact: false }).waitFor();
});

test('the owner finds it, does it, and may take that back', async () => {
  await sol.goto(`${base}/tasks`);
  await sol.locator('.task').first().waitFor();
  await calm(sol, 'tasks', '/tasks');
  const done = sol.getByRole('button', { name: /^Done: / });
  const name = await done.first().getAttribute('aria-label');
  const task = sol.locator('.task', { has: sol.getByRole('button', { name, exact: true }) });
  const before = await task.count();
  await task.first().getByRole('button', { name, exact: true }).click();
  await sol.getByRole('button', { name: 'Undo' }).click();
  await task.nth(before - 1).waitFor();
  await task.first().locator('.why-words').click();
  const sheet = sol.getByRole('dialog');
  await sheet.getByText('What happened to it').click();
  await sheet.getByText('opened again', { exact: false }).waitFor();
  await sheet.getByRole('button', { name: 'Close' }).click();
});

test('the team’s tasks show whose they are', async () => {
  await calm(dana, 'tasks-team', '/tasks?who=team');
  await dana.locator('.task', { hasText: 'Sol Demo' }).first().waitFor();
});

test('"not now" says until when, and comes back with one press', async () => {
  await dana.goto(`${base}/patients/${patient}`);
  const away = () => dana.locator('.need-line', { hasText: 'put off until' }).count();
  const line = dana.locator('.need-line').first();
  await line.waitFor();
  const before = await away();
  await line.locator('.why-words').click();
  await line.getByRole('button', { name: 'Not now' }).click();
  await line.getByLabel('Because').fill('On holiday');
  await line.getByRole('button', { name: 'Put off' }).click();
  await dana.getByText(/Put off until/).waitFor();
  await dana.getByRole('button', { name: 'Undo' }).click();
  await dana.getByText('It is back.').waitFor();
  await dana.reload();
  await line.waitFor();
  assert.equal(await away(), before);
});

test('a view of the caseload is named, kept, renamed and deleted, with a way back', async () => {
  await dana.goto(`${base}/caseload?who=all&need=overdue&sort=-phq`);
  await settled(dana);
  const views = dana.getByRole('button', { name: 'Views' });
  await views.click();
  await dana.getByRole('menuitem', { name: 'Save this view…' }).click();
  await dana.getByRole('dialog').getByLabel('Name').fill('Overdue, worst first');
  await dana.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await dana.getByRole('dialog').waitFor({ state: 'detached' });
  await dana.goto(`${base}/caseload`);
  await settled(dana);
  await views.click();
  await dana.getByRole('menuitem', { name: 'Overdue, worst first' }).click();
  await dana.waitForURL(/need=overdue/);
  await dana.waitForURL(/sort=-phq/);
  await views.click();
  await dana.getByRole('menuitem', { name: 'My views…' }).click();
  const box = dana.getByRole('dialog');
  const one = box.locator('li', { has: dana.getByRole('button', { name: 'Delete Overdue, worst first' }) });
  await one.getByLabel('Name').fill('Worst first');
  await one.getByRole('button', { name: 'Rename' }).click();
  await dana.getByText('Renamed.').waitFor();
  await box.getByRole('button', { name: 'Delete Worst first' }).click();
  await dana.getByText('“Worst first” is deleted.').waitFor();
  await dana.getByRole('button', { name: 'Undo' }).click();
  const { id } = await until('the view is back', async () =>
    (await api(dana, 'GET', '/api/v1/views')).body.items.find((view) => view.name === 'Worst first'),
  );
  await api(dana, 'DELETE', `/api/v1/views/${id}`);
});

test('what is typed in a contact is kept on the server: another browser goes on with it', async () => {
  await dana.goto(`${base}/patients/${patient}/contact`);
  await typeAndKeep(dana, 'Note', 'Half a sentence about sleep');
  const elsewhere = await person('dana.demo');
  await elsewhere.goto(`${base}/patients/${patient}/contact`);
  assert.equal(await elsewhere.getByLabel('Note').inputValue(), 'Half a sentence about sleep');
  await typeAndKeep(elsewhere, 'Note', 'Half a sentence about sleep, now whole.');
  await dana.getByLabel('Note').fill('Something else here');
  await dana.getByText('You are writing this contact in another window too.', { exact: false }).waitFor();
  await dana.getByRole('button', { name: 'Keep what is here' }).click();
  await dana.getByText(/Draft kept at/).waitFor();
  await elsewhere.context().close();
  pages.pop();
  await api(dana, 'DELETE', `/api/v1/drafts/contact-note:${patient}`);
  await api(dana, 'POST', '/api/v1/timer/stop', { keep: false });
});

test('the team talks about a patient; a mention is found and read', async () => {
  await dana.goto(`${base}/patients/${patient}?do=conversation`);
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Write to the team').fill('Sol, could you see her for sleep?');
  await sheet.getByRole('button', { name: /Tell somebody/ }).click();
  await dana.getByRole('menuitemcheckbox', { name: /Sol Demo/ }).click();
  await dana.keyboard.press('Escape');
  await sheet.getByRole('button', { name: 'Send' }).click();
  await dana
    .getByText(/Told: Sol Demo/)
    .first()
    .waitFor();
  await sol.goto(`${base}/tasks`);
  await sol.getByText('you were mentioned').waitFor();
  await sol.locator('a', { hasText: ',' }).first().waitFor();
  await sol.goto(`${base}/patients/${patient}?do=conversation`);
  await sol.getByRole('dialog').getByText('Sol, could you see her for sleep?').waitFor();
  await calm(sol, 'conversation');
  await until(
    'nothing is unread',
    async () => (await api(sol, 'GET', '/api/v1/conversations/unread')).body.items.length === 0,
  );
});

test('a caregiver and a specialist are brought in, and somebody leaves', async () => {
  await dana.goto(`${base}/patients/${patient}?do=team`);
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Role').selectOption('caregiver');
  await sheet.getByLabel('Name').fill('Marta Ruiz');
  await sheet.getByLabel('Phone').fill('555-0142');
  await sheet.getByLabel('Who they are to the patient').fill('sister');
  await sheet.getByRole('button', { name: 'Bring in' }).click();
  await sheet.getByText('Marta Ruiz').first().waitFor();
  await sheet.locator('li', { hasText: 'may be asked' }).waitFor();
  await sheet.getByRole('button', { name: 'Leaves: Marta Ruiz' }).click();
  await sheet.getByLabel('Because').fill('Moved away');
  await sheet.getByRole('button', { name: 'Takes leave today' }).click();
  await dana.getByText('Marta Ruiz is off the team.').waitFor();
});

test('one timeline: the team’s acts stand in it', async () => {
  await dana.goto(`${base}/patients/${patient}?show=team`);
  await dana.getByText('Team message').first().waitFor();
  await dana.getByText('Task made').first().waitFor();
  await calm(dana, 'patient', `/patients/${patient}`);
});

test('leave with cover: set, seen, ended', async () => {
  await dana.goto(`${base}/hand-over`);
  const others = (await api(dana, 'GET', '/api/v1/staff?role=care_manager')).body.items.length - 1;
  if (!others) {
    // A clinic with one care manager: the page says so instead of offering an empty list.
    await dana.getByText('Nobody else is a care manager at this site.', { exact: false }).waitFor();
    await calm(dana, 'hand-over');
    return;
  }
  await dana.getByLabel('To', { exact: true }).selectOption({ index: 1 });
  await dana.getByLabel('Because').fill('Annual leave');
  await calm(dana, 'hand-over');
  await dana.getByRole('button', { name: 'Set the cover' }).click();
  await dana.getByText('Cover is set.').waitFor();
  await dana.getByText('running now').waitFor();
  await dana.getByRole('button', { name: 'End it' }).first().click();
  await dana.getByText('Cover ends today.').waitFor();
});

test('working hours: everybody reads them, the administrator changes them', async () => {
  await dana.goto(`${base}/calendar`);
  await dana.getByRole('heading', { name: 'Working hours and holidays' }).waitFor();
  assert.equal(await dana.getByRole('button', { name: 'Change' }).count(), 0);
  const kim = await person('kim.demo');
  await kim.goto(`${base}/calendar`);
  await settled(kim);
  await kim.getByRole('button', { name: 'Change' }).click();
  await kim.getByRole('button', { name: 'One more day' }).click();
  await kim.getByLabel('Day', { exact: true }).last().fill('2030-05-20');
  await kim.getByLabel('Name', { exact: true }).last().fill('Team day');
  await calm(kim, 'calendar-edit');
  await kim.getByRole('button', { name: 'Save', exact: true }).click();
  await kim.getByText('Team day', { exact: false }).waitFor();
  await calm(kim, 'calendar', '/calendar');
});

test('the privacy officer sees who looked, and looking is kept too', async () => {
  const ines = await person('ines.demo');
  await ines.goto(base);
  await ines.waitForURL(/\/access/);
  await ines.goto(`${base}/access?patient=${patient}`);
  await ines
    .getByRole('cell', { name: /Dana Demo/ })
    .first()
    .waitFor();
  await calm(ines, 'access', `/access?patient=${patient}`);
});

test('every role has a home', async () => {
  for (const name of ['max.demo', 'kim.demo', 'wen.demo']) {
    const page = await person(name);
    await page.goto(base);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await calm(page, `home-${name.split('.')[0]}`);
  }
});

test('in Spanish, calm', async () => {
  await setLanguage(dana, 'es');
  for (const [name, address] of [
    ['tasks-es', '/tasks?who=team'],
    ['hand-over-es', '/hand-over'],
    ['calendar-es', '/calendar'],
    ['patient-es', `/patients/${patient}`],
    ['contact-es', `/patients/${patient}/contact`],
  ])
    await calm(dana, name, address);
  await setLanguage(dana, 'en');
  await api(dana, 'POST', '/api/v1/timer/stop', { keep: false });
});

test('no script error, refused style or missing text appeared on the way', () => {
  for (const page of pages) assertCalm(page);
});
