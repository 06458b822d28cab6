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
  return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
}

/** Where `value` breaks `schema`: missing members, wrong kinds, unknown words. Extra members are welcome. */
function breaks(schema, value, at = '', out = new Set()) {
  if (!schema) return out;
  if (schema.$ref) return breaks(contract.components.schemas[schema.$ref.split('/').pop()], value, at, out);
  if (schema.oneOf) return value === null ? out : breaks(schema.oneOf[0], value, at, out);
  const kinds = [schema.type].flat();
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) && kinds.includes('integer') ? 'integer' : typeof value;
  if (!kinds.includes(kind)) return out.add(`${at} is ${kind}, not ${kinds}`);
  if (schema.enum && !schema.enum.includes(value)) out.add(`${at} is "${value}"`);
  if (kind === 'array') for (const item of value) breaks(schema.items, item, `${at}[]`, out);
  if (kind === 'object') {
    for (const name of schema.required ?? []) if (!(name in value)) out.add(`${at}.${name} is missing`);
    for (const [name, part] of Object.entries(schema.properties ?? {})) if (name in value) breaks(part, value[name], `${at}.${name}`, out);
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
  session = await keeps('POST', '/auth/sign-in', '/auth/sign-in', { sign_in_name: 'dana.demo', password: PASSWORD });
});

test('every route the web uses is in the server\'s own document', async () => {
  const served = (await ask('GET', '/api/openapi.json')).body;
  const missing = Object.entries(contract.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).filter((method) => !served.paths[path]?.[method]).map((method) => `${method} ${path}`));
  // Changing one's password is answered beside the routes.
  assert.deepEqual(missing.filter((one) => one !== 'post /api/v1/account/password'), []);
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
    await keeps('GET', '/api/v1/patients/{patient_id}/attention', `/api/v1/patients/${row.patient_id}/attention`);
  }
});

test('writes answer as promised', async () => {
  const patient = rows.find((row) => row.state === 'active').patient_id;
  const at = `/api/v1/patients/${patient}`;
  const day = session.today[rows[0].site_id];
  const saved = await keeps('POST', '/api/v1/patients/{patient_id}/contacts', `${at}/contacts`, {
    kind: 'treatment', modality: 'phone', date: day, minutes: 12, with_whom: ['patient'], interventions: ['psychoeducation'], note: 'contract',
    measurements: [{ instrument: 'gad-7', mode: 'phone', administered_date: day, total: 9 }],
  });
  const version = { 'if-match': `"${saved.contact.version}"` };
  await keeps('PATCH', '/api/v1/patients/{patient_id}/contacts/{contact_id}', `${at}/contacts/${saved.contact.id}`, { note: 'contract, edited' }, version);
  const stale = await ask('PATCH', `${at}/contacts/${saved.contact.id}`, { note: 'too late' }, version);
  assert.equal(stale.status, 412);
  assert.equal(stale.body.code, 'edited_meanwhile');
  assert.equal(stale.body.current.note, 'contract, edited');
  const treatment = await keeps('POST', '/api/v1/patients/{patient_id}/treatments', `${at}/treatments`, { kind: 'medication', name: 'sertraline', dose: '50 mg', start_date: day });
  await keeps('POST', '/api/v1/patients/{patient_id}/treatments/{treatment_id}/stop', `${at}/treatments/${treatment.id}/stop`, { on: day, reason: 'contract' }, { 'if-match': `"${treatment.version}"` });
  await keeps('POST', '/api/v1/patients/{patient_id}/coverage', `${at}/coverage`, { payer_category: 'medicare', start_date: day });
});
