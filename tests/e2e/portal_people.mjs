// Patients and trusted persons for the browser tests of the portal: invited by the clinic, through real mail.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { api, base, linkIn, mailTo, openPage, signIn } from './support.mjs';

const PORTAL = '/api/v1/portal';
/** The eight numbers of a mail with a code. */
export const codeIn = (mail) => /\b(\d{8})\b/.exec(mail.text.replace(/(\d{4})[ -](\d{4})/, '$1$2'))?.[1];

/** Where the page is: its heading is there and nothing is loading. */
export async function portalSettled(page) {
  await page.waitForSelector('main:not([hidden]) h1:visible');
  await page.waitForFunction(() => !document.querySelector('.loading'));
}
export async function visit(page, path) {
  await page.goto(`${base}/portal/${path}`);
  await portalSettled(page);
}

/** A care manager's page, and an adult of the demo clinic who has no portal yet (`anybody`: or has one). */
export async function staffAndPatient({ anybody = false } = {}) {
  const staff = await openPage();
  await signIn(staff);
  const rows = (await api(staff, 'GET', '/api/v1/caseload?who=all&all=true&limit=200')).body.items;
  // People in care first; a small clinic has not many.
  const adults = rows
    .filter((row) => (row.age ?? 30) >= 20)
    .sort((one, other) => Number(other.state === 'active') - Number(one.state === 'active'));
  for (const row of adults) {
    if (anybody) return { staff, id: row.patient_id };
    const known = (await api(staff, 'GET', `/api/v1/patients/${row.patient_id}/portal`)).body;
    if (known.account === null && known.invitations.length === 0) return { staff, id: row.patient_id };
  }
  throw new Error('everybody of this clinic uses the portal already');
}

/** Gives the patient an address of their own in the language. */
export async function giveAddress(staff, id, address, language = 'en') {
  const patient = (await api(staff, 'GET', `/api/v1/patients/${id}`)).body;
  const answer = await api(
    staff,
    'PATCH',
    `/api/v1/patients/${id}`,
    { email: address, preferred_channel: 'email', language },
    { 'If-Match': `"${patient.version}"` },
  );
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

export async function invite(staff, id) {
  const answer = await api(
    staff,
    'POST',
    `/api/v1/patients/${id}/portal-invitations`,
    { channel: 'mail' },
    { 'Idempotency-Key': randomUUID() },
  );
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
}

/** From the mail with the link to the first page. `birth` is asked of patients only. */
export async function join(page, address, since, birth) {
  await page.goto(linkIn(await mailTo(address, since)));
  await page.waitForSelector('main h1');
  await page.waitForSelector('form button[type=submit]');
  if (birth) {
    await page.fill('#birth-day', String(Number(birth.slice(8))));
    await page.fill('#birth-month', String(Number(birth.slice(5, 7))));
    await page.fill('#birth-year', birth.slice(0, 4));
  }
  const asked = Date.now();
  await page.click('form button[type=submit]');
  await page.waitForSelector('#code');
  await page.fill('#code', codeIn(await mailTo(address, asked)));
  await page.click('form button[type=submit]');
  await page.waitForSelector('nav.places');
  await portalSettled(page);
}

/** Signing in by code. */
export async function signInByCode(page, address) {
  await page.goto(`${base}/portal/`);
  await page.waitForSelector('#name');
  const asked = Date.now();
  await page.fill('#name', address);
  await page.click('form button[type=submit]');
  await page.waitForSelector('#code');
  await page.fill('#code', codeIn(await mailTo(address, asked)));
  await page.click('form button[type=submit]');
  await page.waitForSelector('nav.places');
  await portalSettled(page);
}

/** A whole patient: address, invitation, joined, on the first page. */
export async function patientInPortal({ address, language = 'en', page: options = {} }) {
  const { staff, id } = await staffAndPatient();
  const patient = await giveAddress(staff, id, address, language);
  const since = Date.now();
  await invite(staff, id);
  const page = await openPage({
    width: 360,
    height: 740,
    locale: language === 'es' ? 'es-US' : 'en-US',
    ...options,
  });
  await join(page, address, since, patient.birth_date);
  return { staff, id, patient, page };
}

/** A call with the portal page's own session. */
export const portal = (page, method, path, body, headers = {}) =>
  api(page, method, `${PORTAL}/${path}`, body, {
    ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }),
    ...headers,
  });
