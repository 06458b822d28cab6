// axe finds nothing on any screen, in both languages, at 320 and 1280 px, nor on the main ones in the dark and in
// forced colours; nothing scrolls sideways.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
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
  signIn,
} from './support.mjs';

before(launch);
after(quit);

/** Sheets of the patient page, each an address. */
const SHEETS = [
  'score',
  'treatment',
  'plan',
  'review',
  'care',
  'team',
  'consent',
  'coverage',
  'edit',
  'hold',
  'close',
  'concern',
  'again',
  'ask',
  'therapy',
  'answer',
  'trial',
  'task',
  'conversation',
  'pathway',
  'conditions',
  'check_in',
  'answers',
  'messages',
  'reach',
  'portal',
  'logs',
  'reading',
  'visits',
  'groups',
  'community',
];

async function scene(page) {
  const rows = (await api(page, 'GET', '/api/v1/caseload?limit=200')).body.items;
  const enrolled = rows.find((row) => row.need === 'safety') ?? rows.find((row) => row.state === 'active');
  const waiting = rows.find((row) => row.state === 'referred');
  return { patient: enrolled.patient_id, waiting: waiting?.patient_id };
}

const settle = async (page) => {
  await page.waitForLoadState('networkidle');
  // The page of components shows a skeleton on purpose.
  await page.waitForFunction(() => location.pathname === '/ui' || !document.querySelector('.skeleton'));
};

// One language after the other, since it is the account's; both widths at once, since looking takes a while.
for (const language of ['en', 'es'])
  describe(`every screen, ${language}`, { concurrency: 2 }, () => {
    const speak = async (which) => {
      const page = await openPage({ width: 1280, height: 800 });
      await page.goto(base);
      await signIn(page);
      await setLanguage(page, which);
      await page.close();
    };
    before(() => speak(language));
    after(() => speak('en'));
    for (const width of [1280, 320])
      test(`every screen, ${language}, ${width} px`, async (t) => {
        const page = await openPage({ width, height: 800, locale: language === 'en' ? 'en-US' : 'es-US' });
        const failures = [];
        const look = async (name) => {
          await settle(page);
          const found = await axe(page);
          const wide = await overflow(page);
          if (found.length) failures.push(`${name}: ${found.join('\n    ')}`);
          if (wide > 0) failures.push(`${name}: ${wide} px too wide`);
        };
        const visit = async (name, address) => {
          await page.goto(base + address);
          await page.waitForSelector('main h1, main h2');
          await look(name);
        };

        await page.goto(base);
        await page.waitForSelector('form');
        await look('sign-in');
        await signIn(page);
        const { patient, waiting } = await scene(page);
        const events = new URLSearchParams({ who: 'all' });

        // The event stream never ends; networkidle would wait for it.
        await page.route('**/api/v1/events', (route) => route.abort());
        page.complaints.length = 0;
        await visit('caseload', `/caseload?${events}`);
        assert.equal(await page.evaluate(() => document.documentElement.lang), language);
        await page.locator('[data-why]').first().click();
        await look('caseload, why open');
        await visit('caseload, all rows', '/caseload?all=true&sort=-phq');
        await visit('caseload, a refused filter', '/caseload?rule=nothing.such');
        await visit('caseload, nobody', '/caseload?rule=episode.long&state=referred');
        await visit('referrals', '/referrals');
        await visit('referrals, closed', '/referrals?status=closed');
        await visit('new referral', '/referrals/new');
        await visit('new referral for somebody', `/referrals/new?patient=${patient}`);
        await visit('new patient', '/patients/new');
        await visit('patient', `/patients/${patient}`);
        for (const summary of await page.locator('details > summary').all()) await summary.click();
        await look('patient, timeline open');
        await visit('patient, both charts', `/patients/${patient}?chart=both`);
        await visit('patient, table', `/patients/${patient}?chart=table`);
        for (const sheet of SHEETS) {
          await page.goto(`${base}/patients/${patient}?do=${sheet}`);
          await page.waitForSelector('[role=dialog]');
          await look(`sheet ${sheet}`);
        }
        await visit('contact', `/patients/${patient}/contact`);
        if (waiting) await visit('intake', `/patients/${waiting}/intake`);
        await visit('safety board', '/safety');
        await visit('safety event', `/patients/${patient}/safety`);
        await visit('safety plan', `/patients/${patient}/safety-plan`);
        await visit('on call', '/on-call');
        await visit('notices', '/notices');
        await visit('review sessions', '/reviews');
        await visit('new session', '/reviews?do=new');
        const sessions = (await api(page, 'GET', '/api/v1/review-sessions')).body.items;
        if (sessions[0]) {
          await visit('agenda', `/reviews/${sessions[0].id}`);
          await visit('review hour', `/reviews/${sessions[0].id}/hour`);
        }
        await visit('recommendations', '/recommendations');
        const advice = (await api(page, 'GET', '/api/v1/recommendations?for=pcp')).body.items;
        if (advice?.[0])
          await visit(
            'recommendation',
            `/patients/${advice[0].patient.id}/recommendations/${advice[0].recommendation.id}`,
          );
        await visit('tasks', '/tasks');
        for (const address of [
          '/inbox/answers',
          '/inbox/answers?state=open',
          '/inbox/answers?state=doubted',
          '/inbox/messages',
          '/visits',
          '/visits?view=week&who=all',
          '/groups',
          '/community',
          '/community?show=wanted',
          '/community?show=services',
        ])
          await visit(address, address);
        const groups = (await api(page, 'GET', '/api/v1/groups')).body.items;
        if (groups[0]) await visit('group', `/groups/${groups[0].id}`);
        await visit('book a visit', `/patients/${patient}?do=visits&id=new`);
        for (const address of [
          '/reports',
          '/reports/figures/response_of_enrolled?standing=denominator',
          '/reports/equity',
          '/reports/costs',
          '/reports/published',
          '/reports/measures',
          '/reports/measures?set=hedis',
          '/reports/state',
          '/reports/what-if',
          '/reports/letter',
        ])
          await visit(address, address);
        await visit('hand-over', '/hand-over');
        await visit('calendar', '/calendar');
        await visit('billing', '/billing');
        await visit('minutes', `/patients/${patient}/minutes`);
        await visit('plan', `/patients/${patient}/plan`);
        await visit('account', '/account');
        await visit('components', '/ui');
        await visit('missing page', '/nowhere');
        await page.goto(`${base}/caseload`);
        await page.locator('[data-row]').first().waitFor();
        await page.keyboard.press('?');
        await page.waitForSelector('[role=dialog]');
        await look('keys');
        await page.keyboard.press('Escape');

        t.diagnostic(`${failures.length} findings`);
        assert.deepEqual(failures, []);
        page.complaints = page.complaints.filter((text) => !/events/.test(text) && !/ERR_FAILED/.test(text));
        assertCalm(page);
        await page.context().close();
      });
  });

for (const [name, colors] of [
  ['dark', { colorScheme: 'dark' }],
  ['forced colours', { forcedColors: 'active' }],
])
  test(`the main screens, ${name}`, async () => {
    const page = await openPage({ colors });
    await signIn(page);
    await page.route('**/api/v1/events', (route) => route.abort());
    const { patient } = await scene(page);
    const failures = [];
    for (const address of [
      '/caseload?who=all&all=true',
      `/patients/${patient}`,
      `/patients/${patient}?do=concern`,
      `/patients/${patient}/contact`,
      '/referrals',
      '/reports',
      '/reports/figures/response_of_enrolled',
      '/ui',
    ]) {
      await page.goto(base + address);
      await page.waitForSelector('main h1, main h2, [role=dialog]');
      await settle(page);
      for (const found of await axe(page)) failures.push(`${address}: ${found}`);
    }
    assert.deepEqual(failures, []);
    await page.context().close();
  });
