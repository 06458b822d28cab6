/** @jsxImportSource preact */
import { readFileSync } from 'node:fs';
import { render } from 'preact';
import { act as flush } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useAct } from './act';
import { post, request } from './api';
import { helpAtHand } from './help';
import { placeOf } from './home';
import { secondsLeft, WARN_SECONDS } from './idle';
import { birthDate } from './invitation';
import { planText } from './safety_plan';
import { SCOPES, scopeWords, VIEWS_OF } from './scopes';
import { places, ScoreLine } from './score_line';
import { changed, forgetAll, somethingBegun, useDraft, useView } from './store';
import { speak } from './test_words';
import type { Home, SafetyPlan, Score } from './types';
import { ErrorSummary, Gone, Page, Scale, TextField, Trouble } from './ui';

let root: HTMLElement;
beforeEach(() => {
  speak('en');
  forgetAll();
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
  vi.unstubAllGlobals();
});
const show = (page: preact.ComponentChild) => flush(() => render(page, root));
const click = (target: Element | null | undefined) =>
  flush(() => {
    target?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  });
const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

describe('a page', () => {
  it('has its name in the tab and says so when something is wrong', async () => {
    await show(<Page title="Goals">x</Page>);
    expect(document.title).toBe('Goals');
    await show(
      <Page title="Goals" issues={[{ field: 'what', text: 'Write what you will do.' }]}>
        x
      </Page>,
    );
    expect(document.title).toBe('Error: Goals');
  });
  it('puts the summary of what is wrong before the heading and into focus', async () => {
    await show(
      <Page title="Goals" issues={[{ field: 'what', text: 'Write what you will do.' }]}>
        <TextField
          id="what"
          label="I will"
          value=""
          onValue={() => undefined}
          issues={[{ field: 'what', text: 'Write what you will do.' }]}
        />
      </Page>,
    );
    const summary = root.querySelector('.summary')!;
    expect(summary.compareDocumentPosition(root.querySelector('h1')!)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(document.activeElement).toBe(summary);
  });
  it('says the same words in the summary and beside the field, and the link leads there', async () => {
    const issues = [{ field: 'what', text: 'Write what you will do.' }];
    await show(
      <div>
        <ErrorSummary issues={issues} />
        <TextField id="what" label="I will" value="" onValue={() => undefined} issues={issues} />
      </div>,
    );
    expect(root.querySelector('.wrong')?.textContent).toContain('Write what you will do.');
    await click(root.querySelector('.summary a'));
    expect(document.activeElement).toBe(root.querySelector('#what'));
    expect(root.querySelector('#what')?.getAttribute('aria-invalid')).toBe('true');
  });
  it('a scale has a name for each of its ends', async () => {
    await show(
      <Scale
        id="sure"
        label="How sure?"
        low="not sure"
        high="very sure"
        value={3}
        onValue={() => undefined}
      />,
    );
    const names = [...root.querySelectorAll('input')].map((input) => input.getAttribute('aria-label'));
    expect(names[0]).toBe('0, not sure');
    expect(names[10]).toBe('10, very sure');
    expect(root.querySelectorAll('input:checked')).toHaveLength(1);
  });
});

describe('what comes next', () => {
  const next = (part: Partial<Home['next']>): Home['next'] => ({
    kind: 'goal',
    title: '',
    text: '',
    act: 'x',
    view: 'goals',
    object_id: null,
    at: null,
    ...part,
  });
  it('leads to the goal, the thread, the piece or the aid it is about', () => {
    expect(placeOf(next({ object_id: '1' }))).toBe('/portal/goals/1');
    expect(placeOf(next({ view: 'messages', object_id: '2' }))).toBe('/portal/messages/2');
    expect(placeOf(next({ view: 'education', object: 'sleep' }))).toBe('/portal/learn/sleep');
    expect(placeOf(next({ view: 'decisions', object: 'aid' }))).toBe('/portal/choices/aid');
  });
  it('leads to a page without a number where there is only one', () => {
    expect(placeOf(next({ view: 'visits', object_id: '3' }))).toBe('/portal/visits');
    expect(placeOf(next({ view: null }))).toBeNull();
    expect(placeOf(next({ view: 'unheard of' }))).toBeNull();
  });
});

describe('sending', () => {
  function Form() {
    const act = useAct({ text: 'text' });
    const send = () => void act.run(() => post('messages', { text: 'hello' }));
    return (
      <div>
        <Trouble act={act} again={send} />
        <button type="button" id="send" onClick={send}>
          send
        </button>
        <p id="issues">{act.issues.map((issue) => issue.field).join()}</p>
      </div>
    );
  }
  it('a lost connection says that nothing was sent yet, and trying again uses the same key', async () => {
    const keys: string[] = [];
    let down = true;
    vi.stubGlobal('fetch', async (_: string, options: RequestInit) => {
      keys.push(new Headers(options.headers).get('Idempotency-Key')!);
      if (down) throw new TypeError('no network');
      return answer(201, {});
    });
    await show(<Form />);
    await click(root.querySelector('#send'));
    await vi.waitFor(() => expect(root.textContent).toContain('Not sent yet.'));
    down = false;
    await click(root.querySelector('.notice button'));
    await vi.waitFor(() => expect(root.textContent).not.toContain('Not sent yet.'));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
  it('after success the same words are a new message', async () => {
    const keys: string[] = [];
    vi.stubGlobal('fetch', async (_: string, options: RequestInit) => {
      keys.push(new Headers(options.headers).get('Idempotency-Key')!);
      return answer(201, {});
    });
    await post('messages', { text: 'a' });
    await post('messages', { text: 'a' });
    expect(keys[0]).not.toBe(keys[1]);
  });
  it('a fault of a field is said at the field', async () => {
    vi.stubGlobal('fetch', async () =>
      answer(422, { code: 'invalid', title: '', status: 422, issues: [{ path: 'text', text: 'too long' }] }),
    );
    await show(<Form />);
    await click(root.querySelector('#send'));
    await vi.waitFor(() => expect(root.querySelector('#issues')?.textContent).toBe('text'));
  });
  it('a page in the middle of nowhere is no answer: it counts as a fault of the server', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 503 }));
    await expect(request('GET', '/x')).rejects.toMatchObject({ status: 503, unsent: true });
  });
});

describe('what was read', () => {
  function One({ id }: { id: string }) {
    const list = useView<{ items: string[] }>('goals');
    if (list.data?.items.includes(id)) return <p>{id}</p>;
    return <Gone of={list}>gone</Gone>;
  }
  /** The server's answers come when the test says so, in any order. */
  const slow = () => {
    const asked: ((value: unknown) => Promise<void>)[] = [];
    vi.stubGlobal(
      'fetch',
      () =>
        new Promise((resolve) =>
          asked.push(async (value) => {
            const body = JSON.stringify(value);
            const read = Promise.resolve(body);
            resolve({ ok: true, status: 200, headers: new Headers(), text: () => read });
            // Everything that waits for it, and what is drawn then.
            await flush(() => new Promise<void>((done) => setTimeout(done)));
          }),
        ),
    );
    return asked;
  };
  it('is not called gone while what changed is on its way', async () => {
    const asked = slow();
    await show(<One id="walk" />);
    await asked[0]!({ items: [] });
    expect(root.textContent).toBe('gone');
    await flush(() => changed('goals'));
    await show(<One id="swim" />);
    expect(root.querySelector('.loading')).not.toBeNull();
    expect(root.textContent).not.toContain('gone');
    await asked[1]!({ items: ['swim'] });
    expect(root.textContent).toBe('swim');
  });
  it('for somebody who has left is not shown to whoever sits there next', async () => {
    const asked = slow();
    await show(<One id="walk" />);
    await show(<p>signed out</p>);
    forgetAll();
    await asked[0]!({ items: ['walk'] });
    await show(<One id="walk" />);
    expect(root.textContent).not.toContain('walk');
    await asked[1]!({ items: [] });
    expect(root.textContent).toBe('gone');
  });
});

describe('what is being written', () => {
  function Field() {
    const [text, setText, forget] = useDraft('a', '');
    return (
      <div>
        <p>{text}</p>
        <button type="button" id="write" onClick={() => setText('my words')} />
        <button type="button" id="sent" onClick={() => forget()} />
      </div>
    );
  }
  it('is still there after another page was looked at', async () => {
    await show(<Field />);
    await click(root.querySelector('#write'));
    expect(somethingBegun()).toBe(true);
    await show(<p>another page</p>);
    await show(<Field />);
    expect(root.querySelector('p')?.textContent).toBe('my words');
    await click(root.querySelector('#sent'));
    expect(root.querySelector('p')?.textContent).toBe('');
    expect(somethingBegun()).toBe(false);
  });
  it('is gone when somebody else sits there', async () => {
    await show(<Field />);
    await click(root.querySelector('#write'));
    await show(<p>signed out</p>);
    forgetAll();
    await show(<Field />);
    expect(root.querySelector('p')?.textContent).toBe('');
  });
  it('stands nowhere in the storage of the browser', () => {
    for (const file of ['store.ts', 'api.ts', 'app.tsx', 'session.ts', 'offline.ts'])
      expect(readFileSync(new URL(file, import.meta.url), 'utf8')).not.toMatch(
        /localStorage|sessionStorage|indexedDB|document\.cookie/,
      );
    changed('nothing');
  });
});

describe('the line of scores', () => {
  const score: Score = {
    instrument: 'phq-9',
    title: 'PHQ-9',
    about: 'Mood',
    minimum: 0,
    maximum: 27,
    meaning: 'Lower is fewer symptoms.',
    higher_is_worse: true,
    decimals: 0,
    points: [
      { id: 'a', date: '2026-01-01', total: 27, mode: 'link', seen: null },
      { id: 'b', date: '2026-01-11', total: 0, mode: 'link', seen: null },
      { id: 'c', date: '2026-01-31', total: 9, mode: 'link', seen: null },
    ],
    words: 'Your score was 9.',
    direction: 'fewer',
    direction_words: null,
    since_start: null,
  };
  it('places by true time and on the whole scale', () => {
    const [a, b, c] = places(score);
    expect(a!.y).toBeLessThan(c!.y);
    expect(c!.y).toBeLessThan(b!.y);
    expect((b!.x - a!.x) / (c!.x - a!.x)).toBeCloseTo(1 / 3);
  });
  it('one score stands in the middle', () => {
    expect(places({ ...score, points: score.points.slice(0, 1) })).toHaveLength(1);
  });
  it('is told in words for those who do not see it, and never as a verdict', async () => {
    await show(<ScoreLine score={score} today="2026-02-01" />);
    expect(root.querySelector('svg')?.getAttribute('aria-label')).toBe('Mood. Your score was 9.');
    expect(root.textContent).toContain('Fewer symptoms');
    expect(root.innerHTML).not.toMatch(/severe|moderate|mild|#[0-9a-f]{6}/i);
  });
});

describe('help', () => {
  it('has 988 and 911 without asking anybody, in both languages', () => {
    for (const language of ['en', 'es'] as const) {
      speak(language);
      const links = helpAtHand().lines.map((line) => line.call);
      expect(links).toContain('tel:988');
      expect(links).toContain('tel:911');
    }
    expect(helpAtHand().lines.find((line) => line.id === '988')?.text_to).toBe('sms:988?body=AYUDA');
  });
});

describe('the safety plan as a file', () => {
  it('has the steps in order, and 988', () => {
    const plan: SafetyPlan = {
      plan: {
        version: 1,
        written_on: '2026-02-20',
        by: 'you',
        language: 'en',
        steps: { a: ['walk'], b: [{ name: 'Marta', phone: '555-0134' }] },
        not_for_me: ['c'],
      },
      version: 1,
      words: {
        title: 'My safety plan',
        intro: '',
        not_for_me: 'Not for me',
        steps: [
          { id: 'a', heading: 'By myself', hint: '', kind: 'lines' },
          { id: 'b', heading: 'People', hint: '', kind: 'people' },
          { id: 'c', heading: 'Other', hint: '', kind: 'lines' },
        ],
      },
      help: {
        ...helpAtHand(),
        lines: [
          {
            id: '988',
            label: 'Lifeline',
            number: '988',
            call: 'tel:988',
            text_to: null,
            chat: null,
            text: '',
            hours: null,
          },
        ],
      },
      may_edit: true,
      made_with: '',
    };
    expect(planText(plan)).toBe(
      'My safety plan\n\n1. By myself\n   - walk\n\n2. People\n   - Marta, 555-0134\n\nLifeline: 988\n',
    );
  });
});

describe('small rules', () => {
  it('a birth date is a day that there was', () => {
    expect(birthDate('14', '9', '1985')).toBe('1985-09-14');
    expect(birthDate('30', '2', '1985')).toBeNull();
    expect(birthDate('1', '1', '85')).toBeNull();
    expect(birthDate('', '1', '1985')).toBeNull();
  });
  it('the warning comes at least two minutes before the end', () => {
    expect(WARN_SECONDS).toBeGreaterThanOrEqual(120);
    expect(secondsLeft(100_000, 40_000)).toBe(60);
    expect(secondsLeft(null, 0)).toBeNull();
  });
  it('every scope has words and pages to preview', () => {
    for (const scope of SCOPES) {
      expect(scopeWords(scope)).not.toBe(scope);
      expect(VIEWS_OF[scope].length).toBeGreaterThan(0);
    }
  });
});
