// Scenarios B, C and K in a real browser: intake on a pathway, a plan with the patient, goals, a decision, staying well;
// and what the patient takes home, in their language.
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
} from './support.mjs';

let dana;
let patient;
let today;
const family = `Yarrow${Date.now() % 100000}`;
const at = () => `/api/v1/patients/${patient}`;
const summary = async () => (await api(dana, 'GET', `${at()}/summary`)).body;

before(async () => {
  await launch();
  dana = await openPage();
  await signIn(dana);
  await setLanguage(dana, 'en');
  const session = (await api(dana, 'GET', '/auth/session')).body;
  const site = session.sites[0].id;
  today = session.today[site];
  const made = await api(dana, 'POST', '/api/v1/patients', {
    site_id: site,
    given_name: 'Luz',
    family_name: family,
    birth_date: '1991-04-02',
    language: 'es',
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  patient = made.body.id;
  const referred = await api(dana, 'POST', '/api/v1/referrals', {
    patient_id: patient,
    site_id: site,
    referred_by: 'Dr Lee Demo',
    reason: 'PHQ-9 16',
    received_date: today,
  });
  assert.equal(referred.status, 201);
});
after(quit);

/** Calm at both widths: axe finds nothing, nothing scrolls sideways, and a picture for eyes. */
async function calm(name, address) {
  for (const width of [1280, 360]) {
    await dana.setViewportSize({ width, height: 800 });
    if (address) await dana.goto(base + address);
    await settled(dana);
    assert.deepEqual(await axe(dana), [], `${name} at ${width}`);
    assert.ok((await overflow(dana)) <= 0, `${name} scrolls sideways at ${width}`);
  }
  await dana.setViewportSize({ width: 1280, height: 800 });
  await shoot(dana, name);
}

test('B: the pathway is chosen at intake and says what to offer first', async () => {
  await dana.goto(`${base}/patients/${patient}/intake`);
  await settled(dana);
  const step = dana.locator('.intake-step', { has: dana.getByRole('heading', { name: 'Pathway' }) });
  await step.getByText('Adult depression', { exact: false }).first().click();
  await step.getByRole('button', { name: 'Use this pathway' }).click();
  await step.getByText('To offer now, in this order:').waitFor();
  assert.ok((await step.locator('.pathway-due li').count()) > 0);
  // The form below follows when the episode has been read again.
  const measured = await dana.getByLabel('Measured with').elementHandle();
  await dana.waitForFunction((select) => select.value === 'phq-9', measured);
  await calm('intake');
});

test('B: assessed, consented, enrolled', async () => {
  await dana.getByRole('button', { name: 'Record the assessment' }).click();
  await dana.getByText('This day becomes the enrolment date.').waitFor();
  await dana.getByRole('button', { name: 'Record consent' }).click();
  await dana.getByText('Consent recorded.').waitFor();
  await dana.getByLabel('Condition treated').selectOption('depression');
  const practitioner = dana.getByLabel('Billing practitioner');
  if ((await practitioner.evaluate((node) => node.tagName)) === 'SELECT')
    await practitioner.selectOption({ index: 1 });
  else await practitioner.fill('Dr Lee Demo');
  await dana.getByRole('button', { name: 'Enrol', exact: true }).click();
  await dana.waitForURL(new RegExp(`/patients/${patient}$`));
  await dana.getByText('Active', { exact: true }).waitFor();
  assert.equal((await summary()).episode.pathway, 'adult-depression');
});

test('changing the pathway asks why', async () => {
  await dana.goto(`${base}/patients/${patient}?do=pathway`);
  await settled(dana);
  const sheet = dana.getByRole('dialog');
  await sheet.getByText('Adult anxiety', { exact: false }).first().click();
  await sheet.getByLabel('Why it changes').fill('Worry is the larger part');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  const read = (await api(dana, 'GET', `${at()}/pathway`)).body;
  assert.equal(read.pathway.id, 'adult-anxiety');
  assert.equal(read.history[0].reason, 'Worry is the larger part');
});

test('C: a plan starts with what the patient wants, and is a draft until the patient was asked', async () => {
  await dana.goto(`${base}/patients/${patient}/plan`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Write it together' }).first().click();
  await dana.getByLabel('What would you like to be different?').fill('Dormir otra vez y cuidar a mis hijas.');
  await dana
    .getByLabel('How would you like to be treated, and how not?')
    .fill('Hablar sí; pastillas de noche no.');
  await dana.getByLabel('Step 1', { exact: true }).fill('Llamada cada semana');
  await dana.getByLabel('Who', { exact: true }).fill('Dana');
  await dana.getByRole('button', { name: 'Keep the draft' }).click();
  await dana.getByText('Luz was not asked yet.').waitFor();
  await calm('plan-draft', `/patients/${patient}/plan`);
});

test('C: without the patient’s view it cannot take effect, and the page says why', async () => {
  await dana.getByRole('button', { name: 'Put into effect' }).click();
  const note = dana.getByRole('alert').first();
  await note.waitFor();
  assert.match(await note.innerText(), /patient|asked|view|agree/i);
  const plan = (await api(dana, 'GET', `${at()}/plans`)).body.items[0];
  assert.equal(plan.in_effect, null);
  await dana.getByRole('button', { name: 'Ask Luz now' }).click();
});

test('C: what the patient says is recorded in their words; then the plan takes effect', async () => {
  await dana.getByText('Agrees, with a reservation').click();
  await dana.getByLabel("In Luz's words").fill('Sí, pero nada de pastillas por la noche.');
  await dana.getByRole('button', { name: 'Record what Luz says' }).click();
  await dana.getByText('“Sí, pero nada de pastillas por la noche.”', { exact: false }).first().waitFor();
  await dana.getByRole('button', { name: 'Put into effect' }).click();
  await dana.getByText('In effect', { exact: true }).waitFor();
  await dana.goto(`${base}/patients/${patient}`);
  await dana.getByText('In effect since').waitFor();
  await dana.getByText('“Sí, pero nada de pastillas por la noche.”', { exact: false }).first().waitFor();
});

test('C: a goal is built as a sentence; below 7 a smaller step is offered', async () => {
  await dana.goto(`${base}/patients/${patient}/plan`);
  await settled(dana);
  await dana.getByRole('button', { name: 'Add a goal' }).click();
  await dana.getByLabel('I will …').fill('caminar 10 minutos');
  await dana.getByLabel('where, or with whom').fill('con Marta');
  await dana.getByLabel('Times a week').fill('2');
  const sure = dana.getByRole('radiogroup', { name: 'How sure are you that you can do this?' });
  await sure.getByText('5', { exact: true }).click();
  await dana.getByText(/Below 7 the step is still too big/).waitFor();
  await sure.getByText('8', { exact: true }).click();
  await dana.getByLabel('What could get in the way?').fill('Si llueve');
  await dana.getByLabel('And what then?').fill('caminamos en el centro comercial');
  await dana.getByRole('button', { name: 'Set the goal' }).click();
  await dana.locator('.goal-words', { hasText: 'caminar 10 minutos' }).waitFor();
  await dana.getByRole('button', { name: /^Did it today/ }).click();
  await dana.getByText('sure 8 of 10', { exact: false }).waitFor();
  await dana.getByText('once', { exact: false }).waitFor();
  const goal = (await api(dana, 'GET', `${at()}/goals`)).body.items[0];
  assert.equal(goal.check_offs_total, 1);
  assert.equal(goal.language, 'es');
});

test('C: a decision aid shows every option with its good and its hard sides, and keeps who took part', async () => {
  await dana.getByRole('link', { name: 'Choosing an antidepressant by what matters to you' }).click();
  await dana.locator('.decide-grid tbody tr').first().waitFor();
  assert.equal(
    await dana.locator('.decide h1').evaluate((node) => node.closest('[lang]').getAttribute('lang')),
    'es',
  );
  const columns = await dana.locator('.decide-grid thead th').count();
  for (const row of await dana.locator('.decide-grid tbody tr').all())
    assert.equal(await row.locator('dd').count(), (columns - 1) * 2);
  await calm('decide', new URL(dana.url()).pathname);
  const matter = dana.locator('.decide-matter').first();
  await matter.getByText('5', { exact: true }).click();
  const record = dana.locator('.decide-record');
  await record.locator('.choice').first().click();
  await record.getByRole('button', { name: 'Record the decision' }).click();
  await dana.waitForURL(/\/paper\/decision\?id=/);
  await dana.locator('article.paper[lang=es]').waitFor();
  const decision = (await api(dana, 'GET', `${at()}/decisions`)).body.items[0];
  assert.ok(decision.took_part.includes('patient'));
  assert.equal(decision.weights[0].weight, 5);
});

test('C: the paper is in the patient’s language, with help now and a name, and the screen’s language stays', async () => {
  await calm('paper-plan', `/patients/${patient}/paper/plan`);
  const paper = dana.locator('article.paper');
  await paper.getByRole('heading', { name: 'Mi plan de atención' }).waitFor();
  await paper.getByText('988').first().waitFor();
  await paper.getByText(`Luz ${family}`, { exact: false }).waitFor();
  await dana.getByRole('button', { name: 'Print' }).waitFor();
  await dana.getByText('English', { exact: true }).click();
  await paper.getByRole('heading', { name: 'My care plan' }).waitFor();
  await calm('paper-goals', `/patients/${patient}/paper/goals`);
  await calm('paper-aid', `/patients/${patient}/paper/aid?id=antidepressant-by-issue`);
});

test('C: the goal is asked about in the contact', async () => {
  await dana.goto(`${base}/patients/${patient}/contact`);
  await settled(dana);
  const goal = dana.getByRole('radiogroup', { name: /caminar 10 minutos/ });
  await goal.getByText('Going well').click();
  await dana.getByLabel('Minutes', { exact: true }).fill('20');
  await dana.getByLabel('Note').fill('Habló de la caminata.');
  await dana.getByRole('button', { name: 'Save the contact' }).click();
  await dana.waitForURL(new RegExp(`/patients/${patient}$`));
  const read = (await api(dana, 'GET', `${at()}/goals`)).body.items[0];
  assert.equal(read.reviews[0].progress, 'going_well');
});

test('two people write one draft: theirs beside yours', async () => {
  await dana.goto(`${base}/patients/${patient}/plan`);
  await settled(dana);
  await dana.getByRole('button', { name: 'New version' }).click();
  await dana.getByLabel('What is new, and why').fill('Turno nuevo');
  await dana.getByRole('button', { name: 'Keep the draft' }).click();
  await dana.getByText('Luz was not asked yet.').waitFor();
  await dana.getByRole('button', { name: 'Edit', exact: true }).click();
  await dana.getByLabel('Who and what supports you?').fill('Mi hermana.');
  const plan = (await api(dana, 'GET', `${at()}/plans`)).body.items[0];
  const other = await api(
    dana,
    'PATCH',
    `${at()}/plans/${plan.id}`,
    { content: { supports: 'La vecina.' } },
    { 'If-Match': `"${plan.version}"` },
  );
  assert.equal(other.status, 200, JSON.stringify(other.body));
  await dana.getByRole('button', { name: 'Save the draft' }).click();
  await dana.getByText('Somebody else changed this while you were writing.').waitFor();
  await dana.locator('.conflict-words', { hasText: 'La vecina.' }).waitFor();
  await dana.getByRole('button', { name: 'Save this' }).click();
  await dana.getByText(/La vecina\.\s+Mi hermana\./).waitFor();
});

test('K: the target is met; the way leads to the relapse-prevention plan', async () => {
  await dana.goto(`${base}/patients/${patient}?do=relapse_prevention`);
  const sheet = dana.getByRole('dialog');
  await sheet.getByLabel('Because').fill('Two scores below 5');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.getByRole('button', { name: 'Write the relapse-prevention plan' }).click();
  await dana.waitForURL(/\/plan$/);
  const section = dana.locator('section', {
    has: dana.getByRole('heading', { name: 'Staying well: relapse prevention' }),
  });
  await section.getByRole('button', { name: 'Write it together' }).click();
  await section
    .getByLabel('How would you notice first that it is coming back?')
    .fill('- despierto a las cuatro\n- no llamo a nadie');
  await section.getByLabel('What has helped you?').fill('caminar con Marta');
  await section.getByLabel('Name 1', { exact: true }).fill('Dana');
  await section.getByLabel('Phone').fill('555-0100');
  await section.getByLabel('How do you come back to us?').fill('Llamar a la clínica; la cita es esa semana.');
  await section.getByRole('button', { name: 'Keep the draft' }).click();
  await section.getByText('Luz was not asked yet.').waitFor();
  await section.getByRole('button', { name: 'Ask Luz' }).click();
  await section.getByText('Agrees', { exact: true }).click();
  await section.getByRole('button', { name: 'Record what Luz says' }).click();
  await section.getByRole('button', { name: 'Put into effect' }).click();
  await section.getByText('In effect', { exact: true }).waitFor();
  await calm('plan-full', `/patients/${patient}/plan`);
  await calm('paper-relapse', `/patients/${patient}/paper/relapse`);
  await dana.getByRole('heading', { name: 'Seguir bien' }).waitFor();
});

test('K: the episode closes with a reason, and the way back stands', async () => {
  await dana.goto(`${base}/patients/${patient}?do=close`);
  await settled(dana);
  const sheet = dana.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Save' }).click();
  await sheet.waitFor({ state: 'detached' });
  await dana.getByText('Closed', { exact: true }).first().waitFor();
  await dana.goto(`${base}/patients/${patient}?do=again`);
  await dana.getByRole('dialog').getByText('New referral').waitFor();
});

test('every page of this in Spanish, calm', async () => {
  await setLanguage(dana, 'es');
  await dana.goto(`${base}/patients/${patient}/plan`);
  await dana.getByRole('heading', { name: 'El plan' }).waitFor();
  await calm('plan-es', `/patients/${patient}/plan`);
  await calm('paper-plan-es', `/patients/${patient}/paper/plan`);
  await setLanguage(dana, 'en');
});

test('no script error, refused style or missing text appeared on the way', () => assertCalm(dana));
