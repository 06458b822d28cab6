// The typed client stands on web/openapi.json: the server has every route in it, and its answers keep to it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { base, PASSWORD } from './support.mjs';

const contract = JSON.parse(readFileSync(new URL('../../web/openapi.json', import.meta.url)));
let cookie = '';
let session;
let rows;

async function ask(method, path, body, headers = {}) {
  const response = await fetch(base + path, {
    method,
    headers: { 'content-type': 'application/json', origin: base, cookie, ...headers },
    body: body && JSON.stringify(body),
  });
  const set = response.headers.getSetCookie()[0];
  if (set) cookie = set.split(';')[0];
  const text = await response.text();
  return {
    status: response.status,
    body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
  };
}

/** Where `value` breaks `schema`: missing members, wrong kinds, unknown words. Extra members are welcome. */
function breaks(schema, value, at = '', out = new Set()) {
  if (!schema) return out;
  if (schema.$ref) return breaks(contract.components.schemas[schema.$ref.split('/').pop()], value, at, out);
  const either = schema.oneOf ?? schema.anyOf;
  if (either)
    return value === null
      ? out
      : breaks(
          either.find((one) => one.type !== 'null'),
          value,
          at,
          out,
        );
  if (!schema.type) {
    if (schema.enum && !schema.enum.includes(value)) out.add(`${at} is "${value}"`);
    return out;
  }
  const kinds = [schema.type].flat();
  const kind =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'array'
        : Number.isInteger(value) && kinds.includes('integer')
          ? 'integer'
          : typeof value;
  if (!kinds.includes(kind)) return out.add(`${at} is ${kind}, not ${kinds}`);
  if (schema.enum && !schema.enum.includes(value)) out.add(`${at} is "${value}"`);
  if (kind === 'array') for (const item of value) breaks(schema.items, item, `${at}[]`, out);
  if (kind === 'object') {
    for (const name of schema.required ?? []) if (!(name in value)) out.add(`${at}.${name} is missing`);
    for (const [name, part] of Object.entries(schema.properties ?? {}))
      if (name in value) breaks(part, value[name], `${at}.${name}`, out);
  }
  return out;
}

async function keeps(method, template, path, body, headers) {
  const answer = await ask(method, path, body, headers);
  const operation = contract.paths[template][method.toLowerCase()];
  const status = Number(Object.keys(operation.responses)[0]);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body).slice(0, 300)}`);
  const schema = operation.responses[status].content?.['application/json']?.schema;
  assert.deepEqual([...breaks(schema, answer.body)], [], `${method} ${template}`);
  return answer.body;
}

before(async () => {
  session = await keeps('POST', '/auth/sign-in', '/auth/sign-in', {
    sign_in_name: 'dana.demo',
    password: PASSWORD,
  });
});

test("every route the web uses is in the server's own document", async () => {
  const served = (await ask('GET', '/api/openapi.json')).body;
  const missing = Object.entries(contract.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => !served.paths[path]?.[method])
        .map((method) => `${method} ${path}`),
    );
  // Changing one's password is answered beside the routes.
  assert.deepEqual(
    missing.filter((one) => one !== 'post /api/v1/account/password'),
    [],
  );
});

test('reads answer as promised', async () => {
  await keeps('GET', '/auth/session', '/auth/session');
  await keeps('GET', '/api/v1/account', '/api/v1/account');
  await keeps('GET', '/api/v1/staff', '/api/v1/staff?role=care_manager');
  rows = (await keeps('GET', '/api/v1/caseload', '/api/v1/caseload?limit=200')).items;
  await keeps('GET', '/api/v1/referrals', '/api/v1/referrals?status=all&limit=200');
  await keeps('GET', '/api/v1/instruments', '/api/v1/instruments');
  for (const id of ['phq-9', 'gad-7', 'pcl-5', 'vanderbilt-parent', 'c-ssrs-screener'])
    await keeps('GET', '/api/v1/instruments/{instrument}', `/api/v1/instruments/${id}?language=es`);
  await keeps('GET', '/api/v1/patients', '/api/v1/patients?q=an&limit=12');
  await keeps('GET', '/api/v1/safety-events', '/api/v1/safety-events?open=true');
  for (const row of rows.slice(0, 25)) {
    await keeps('GET', '/api/v1/patients/{patient_id}/summary', `/api/v1/patients/${row.patient_id}/summary`);
    await keeps(
      'GET',
      '/api/v1/patients/{patient_id}/attention',
      `/api/v1/patients/${row.patient_id}/attention`,
    );
  }
});

test('writes answer as promised', async () => {
  const patient = rows.find((row) => row.state === 'active').patient_id;
  const at = `/api/v1/patients/${patient}`;
  const day = Object.values(session.today)[0];
  const saved = await keeps('POST', '/api/v1/patients/{patient_id}/contacts', `${at}/contacts`, {
    kind: 'treatment',
    modality: 'phone',
    date: day,
    minutes: 12,
    with_whom: ['patient'],
    interventions: ['psychoeducation'],
    note: 'contract',
    measurements: [{ instrument: 'gad-7', mode: 'phone', administered_date: day, total: 9 }],
  });
  const version = { 'if-match': `"${saved.contact.version}"` };
  await keeps(
    'PATCH',
    '/api/v1/patients/{patient_id}/contacts/{contact_id}',
    `${at}/contacts/${saved.contact.id}`,
    { note: 'contract, edited' },
    version,
  );
  const stale = await ask('PATCH', `${at}/contacts/${saved.contact.id}`, { note: 'too late' }, version);
  assert.equal(stale.status, 412);
  assert.equal(stale.body.code, 'edited_meanwhile');
  assert.equal(stale.body.current.note, 'contract, edited');
  const treatment = await keeps('POST', '/api/v1/patients/{patient_id}/treatments', `${at}/treatments`, {
    kind: 'medication',
    name: 'sertraline',
    dose: '50 mg',
    start_date: day,
  });
  await keeps(
    'POST',
    '/api/v1/patients/{patient_id}/treatments/{treatment_id}/stop',
    `${at}/treatments/${treatment.id}/stop`,
    { on: day, reason: 'contract' },
    { 'if-match': `"${treatment.version}"` },
  );
  await keeps('POST', '/api/v1/patients/{patient_id}/coverage', `${at}/coverage`, {
    payer_category: 'medicare',
    start_date: day,
  });
});

test('the review hour, the hand-off board, the rota and the notices answer as promised', async () => {
  const site = session.sites[0].id;
  const patient = rows.find((row) => row.state === 'active').patient_id;
  const day = Object.values(session.today)[0];
  const at = `/api/v1/patients/${patient}`;
  const made = await keeps('POST', '/api/v1/review-sessions', '/api/v1/review-sessions', {
    site_id: site,
    date: day,
    minutes: 60,
  });
  await keeps('GET', '/api/v1/review-sessions', '/api/v1/review-sessions');
  await keeps('POST', '/api/v1/patients/{patient_id}/review-questions', `${at}/review-questions`, {
    question: 'contract',
    urgency: 'soon',
  });
  await keeps('GET', '/api/v1/review-questions', '/api/v1/review-questions?state=open');
  const agenda = await keeps(
    'GET',
    '/api/v1/review-sessions/{session_id}/agenda',
    `/api/v1/review-sessions/${made.id}/agenda`,
  );
  for (const item of agenda.items.slice(0, 10))
    await keeps(
      'GET',
      '/api/v1/patients/{patient_id}/review-page',
      `/api/v1/patients/${item.patient.id}/review-page?session=${made.id}`,
    );
  const draft = { question: '', notes: 'contract', recommendations: [] };
  await keeps(
    'PUT',
    '/api/v1/patients/{patient_id}/review-draft',
    `${at}/review-draft?session=${made.id}`,
    draft,
    { 'if-match': '"0"' },
  );
  const review = await keeps('POST', '/api/v1/patients/{patient_id}/reviews', `${at}/reviews`, {
    session_id: made.id,
    notes: 'contract',
    recommendations: [{ kind: 'labs', text: 'TSH', to_role: 'pcp', urgency: 'routine' }],
  });
  const advice = review.recommendations[0];
  await keeps('GET', '/api/v1/recommendations', '/api/v1/recommendations?for=pcp');
  await keeps(
    'GET',
    '/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/page',
    `${at}/recommendations/${advice.id}/page`,
  );
  const answered = await keeps(
    'POST',
    '/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/answer',
    `${at}/recommendations/${advice.id}/answer`,
    { state: 'accepted' },
    { 'if-match': `"${advice.version}"` },
  );
  await keeps(
    'POST',
    '/api/v1/patients/{patient_id}/recommendations/{recommendation_id}/done',
    `${at}/recommendations/${advice.id}/done`,
    { on: day },
    { 'if-match': `"${answered.version}"` },
  );
  const raised = await keeps('POST', '/api/v1/patients/{patient_id}/safety-events', `${at}/safety-events`, {
    signal: 'staff concern',
    note: 'contract',
  });
  const board = await keeps('GET', '/api/v1/safety-board', '/api/v1/safety-board');
  const { event } = board.items.find((one) => one.event.id === raised.id);
  await keeps(
    'GET',
    '/api/v1/patients/{patient_id}/safety-events/{safety_event_id}',
    `${at}/safety-events/${event.id}`,
  );
  const taken = await keeps(
    'POST',
    '/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/acknowledge',
    `${at}/safety-events/${event.id}/acknowledge`,
    {},
    { 'if-match': `"${event.version}"` },
  );
  await keeps(
    'POST',
    '/api/v1/patients/{patient_id}/safety-events/{safety_event_id}/assess',
    `${at}/safety-events/${event.id}/assess`,
    { assessed_otherwise: 'contract', level: 'low' },
    { 'if-match': `"${taken.version}"` },
  );
  await keeps('GET', '/api/v1/patients/{patient_id}/safety-plan', `${at}/safety-plan`);
  await keeps('GET', '/api/v1/sites/{site_id}/on-call', `/api/v1/sites/${site}/on-call`);
  await keeps('GET', '/api/v1/notices', '/api/v1/notices');
  await keeps('GET', '/api/v1/notices/unread', '/api/v1/notices/unread');
  await keeps('GET', '/api/v1/account/contact', '/api/v1/account/contact');
});

test('plans, billing and the team answer as promised', async () => {
  const patient = rows.find((row) => row.state === 'active').patient_id;
  const at = `/api/v1/patients/${patient}`;
  const of = (path) => `/api/v1/patients/{patient_id}${path}`;
  for (const path of [
    '/plans',
    '/goals',
    '/decisions',
    '/conditions',
    '/allergies',
    '/pathway',
    '/minutes',
    '/initiating-visits',
    '/inpatient-stays',
    '/outside-services',
    '/tasks',
    '/handovers',
    '/timeline',
    '/conversation',
    '/conversation/people',
  ])
    await keeps('GET', of(path), `${at}${path}`);
  const day = Object.values(session.today)[0];
  const plan = await keeps('POST', of('/plans'), `${at}/plans`, {
    kind: 'care_plan',
    content: { wants: 'contract', steps: [{ text: 'call', who: 'Dana', by: day }] },
  }).catch((error) => {
    // The demo may have written this patient's plan already.
    assert.match(error.message, /409/);
    return null;
  });
  if (plan) {
    const asked = await keeps(
      'POST',
      of('/plans/{plan_id}/view'),
      `${at}/plans/${plan.id}/view`,
      { view: 'agreed' },
      { 'if-match': `"${plan.version}"` },
    );
    await keeps(
      'POST',
      of('/plans/{plan_id}/effect'),
      `${at}/plans/${plan.id}/effect`,
      {},
      { 'if-match': `"${asked.version}"` },
    );
  }
  const goal = await keeps('POST', of('/goals'), `${at}/goals`, { what: 'walk', confidence: 8 });
  await keeps('POST', of('/goals/{goal_id}/check-offs'), `${at}/goals/${goal.id}/check-offs`, {
    result: 'done',
  });
  const [aid] = (await keeps('GET', '/api/v1/decision-aids', '/api/v1/decision-aids?language=es')).items;
  const whole = await keeps(
    'GET',
    '/api/v1/decision-aids/{aid}',
    `/api/v1/decision-aids/${aid.id}?language=es`,
  );
  await keeps('POST', of('/decisions'), `${at}/decisions`, {
    aid: aid.id,
    options: whole.options.map((one) => one.id),
    weights: [{ item: whole.matters[0].id, weight: 4 }],
    choice: 'undecided',
    took_part: ['patient', 'care_manager'],
  });
  const [first] = (await keeps('GET', '/api/v1/pathways', '/api/v1/pathways')).items;
  await keeps('GET', '/api/v1/pathways/{pathway}', `/api/v1/pathways/${first.id}`);
  await keeps('POST', of('/minutes'), `${at}/minutes`, { minutes: 3, activity: 'registry' });
  await keeps('GET', '/api/v1/timer', '/api/v1/timer');
  await keeps('GET', '/api/v1/billing/months/{month}', `/api/v1/billing/months/${day.slice(0, 7)}`);
  await keeps('GET', '/api/v1/billing/rates', '/api/v1/billing/rates');
  await keeps('GET', '/api/v1/billing/settings', '/api/v1/billing/settings');
  const task = await keeps('POST', '/api/v1/tasks', '/api/v1/tasks', {
    title: 'contract',
    due_date: day,
    patient_id: patient,
  });
  await keeps('GET', '/api/v1/tasks/{task_id}', `/api/v1/tasks/${task.id}`);
  await keeps(
    'POST',
    '/api/v1/tasks/{task_id}/acts',
    `/api/v1/tasks/${task.id}/acts`,
    { act: 'done' },
    { 'if-match': `"${task.version}"` },
  );
  await keeps('GET', '/api/v1/tasks', '/api/v1/tasks?state=open');
  await keeps('GET', '/api/v1/tasks/team', '/api/v1/tasks/team?state=closed');
  await keeps('GET', '/api/v1/handovers', '/api/v1/handovers');
  await keeps('GET', '/api/v1/conversations/unread', '/api/v1/conversations/unread');
  const said = await keeps('POST', of('/conversation'), `${at}/conversation`, { text: 'contract' });
  await keeps(
    'POST',
    of('/conversation/{message_id}/corrections'),
    `${at}/conversation/${said.id}/corrections`,
    { text: 'contract, corrected' },
  );
  await keeps('GET', '/api/v1/sites/{site_id}/calendar', `/api/v1/sites/${session.sites[0].id}/calendar`);
  const view = await keeps('POST', '/api/v1/views', '/api/v1/views', {
    name: `contract ${Date.now()}`,
    query: 'who=me',
  });
  await keeps(
    'PATCH',
    '/api/v1/views/{view_id}',
    `/api/v1/views/${view.id}`,
    { query: 'who=all' },
    { 'if-match': `"${view.version}"` },
  );
  await keeps('DELETE', '/api/v1/views/{view_id}', `/api/v1/views/${view.id}`);
  await keeps('PUT', '/api/v1/drafts/{draft_key}', '/api/v1/drafts/contract', { text: 'half' });
  await keeps('GET', '/api/v1/drafts/{draft_key}', '/api/v1/drafts/contract');
  await keeps('DELETE', '/api/v1/drafts/{draft_key}', '/api/v1/drafts/contract');
});

/** Columns of a clinic are read in the background; the first question may come too early. */
async function reportsAreThere() {
  for (let tries = 0; tries < 80; ++tries) {
    if ((await ask('GET', '/api/v1/reports/dashboard')).status === 200) return;
    await new Promise((again) => setTimeout(again, 250));
  }
  assert.fail('the reports were never ready');
}

/** Months that are over, the latest first. */
const monthsBack = (n) => {
  // By the clinic's day, which may not be the day here.
  const [year, month] = Object.values(session.today)[0].split('-').map(Number);
  return Array.from({ length: n }, (_, back) =>
    new Date(Date.UTC(year, month - 2 - back, 15)).toISOString().slice(0, 7),
  );
};

for (const who of ['dana.demo', 'max.demo'])
  test(`reports answer ${who} as promised`, async () => {
    cookie = '';
    await keeps('POST', '/auth/sign-in', '/auth/sign-in', { sign_in_name: who, password: PASSWORD });
    await reportsAreThere();
    const reports = '/api/v1/reports';
    const read = (path, question = '') => keeps('GET', reports + path, reports + path + question);
    for (const period of ['12months', 'year', 'quarter']) await read('/dashboard', `?period=${period}`);
    const { items } = await read('/figures');
    for (const { id } of items) await keeps('GET', `${reports}/figures/{figure}`, `${reports}/figures/${id}`);
    for (const path of ['/funnel', '/costs', '/assumptions', '/benchmarks', '/annotations', '/letter'])
      await read(path);
    for (const month of monthsBack(4)) await read('/nys-omh-2025', `?month=${month}`);
    await read('/nys-omh-2025/published');
    const year = monthsBack(1)[0].slice(0, 4);
    await read('/aims-2026', `?quarter=${year - 1}-Q4`);
    await read('/hedis-my2026', `?year=${year - 1}`);
    await read('/what-if/parameters');
    if (who !== 'dana.demo') return;
    await read('/nys-omh-2025/patients', `?month=${monthsBack(1)[0]}&metric=1&in=numerator`);
    await read('/aims-2026/patients', `?quarter=${year - 1}-Q4&figure=caseload&in=numerator`);
    await keeps(
      'GET',
      `${reports}/figures/{figure}/patients`,
      `${reports}/figures/enrolled/patients?standing=numerator`,
    );
  });
