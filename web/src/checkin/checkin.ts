// Makes the check-in pages bear a lost network and a double tap. They work without it: every form is sent by the browser too.
// Answers stay in the form, in memory; nothing is stored in the browser. Plain TypeScript, no library.
//
//   submit --> fetch --answer {"next"}--> that page
//               |  \--another answer----> the browser sends the form itself and shows what the server says
//               +--no network, 5xx------> "Not sent yet. We keep trying." and again after 1, 2, 4 ... 30 s, when the network is
//                                         back, or by the button

const LONGEST_WAIT_S = 30;
const PATIENCE_MS = 20_000;
const QUIET_MS = 800; // an answer within this time needs no word

/** The line at the foot of the page: says that something is under way. */
class Net {
  private readonly box = document.getElementById('net');
  private readonly text = this.box?.querySelector('p');
  readonly again = this.box?.querySelector('button');

  show(state: 'sending' | 'waiting' | undefined) {
    if (!this.box || !this.text || !this.again) return;
    if (state) this.box.dataset.state = state;
    else delete this.box.dataset.state;
    this.text.textContent = state ? (this.box.dataset[state] ?? '') : '';
    this.again.hidden = state !== 'waiting';
  }
}

const net = new Net();
/** A form on its way; nobody leaves the page unasked while it waits for the network. */
let unsent: HTMLFormElement | undefined;

async function post(form: HTMLFormElement): Promise<'lost' | 'refused' | string> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  let response: Response;
  try {
    response = await fetch(form.action, {
      method: 'POST',
      body: fields,
      headers: { Accept: 'application/json' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return 'lost';
  }
  if (response.status >= 500) return 'lost';
  try {
    const { next } = (await response.json()) as { next?: unknown };
    if (response.ok && typeof next === 'string' && next.startsWith('/c/')) return next;
  } catch {
    // A page for the person: the browser shows it.
  }
  return 'refused';
}

/** Resolves after so many seconds, when the network comes back, or when "Try again" is pressed. */
function pause(seconds: number) {
  return new Promise<void>((done) => {
    const stop = new AbortController();
    const go = () => {
      clearTimeout(timer);
      stop.abort();
      done();
    };
    const timer = setTimeout(go, seconds * 1000);
    addEventListener('online', go, { signal: stop.signal });
    net.again?.addEventListener('click', go, { signal: stop.signal });
  });
}

async function send(form: HTMLFormElement) {
  form.dataset.busy = '';
  let told = setTimeout(() => net.show('sending'), QUIET_MS);
  for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT_S)) {
    const answer = await post(form);
    clearTimeout(told);
    if (answer !== 'lost') {
      unsent = undefined;
      if (answer === 'refused') HTMLFormElement.prototype.submit.call(form);
      else location.assign(answer);
      return;
    }
    unsent = form;
    net.show('waiting');
    await pause(wait);
    told = setTimeout(() => net.show('sending'), QUIET_MS);
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-answer]'))
  form.addEventListener('submit', (event) => {
    // Nothing chosen: the server's page says so.
    if (form.querySelector('[type=radio]') && !form.querySelector(':checked')) return;
    event.preventDefault();
    if (form.dataset.busy === undefined) void send(form);
  });

// Start: the browser sends it, once.
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-once]'))
  form.addEventListener('submit', (event) => {
    if (form.dataset.busy !== undefined) event.preventDefault();
    form.dataset.busy = '';
  });

addEventListener('beforeunload', (event) => {
  if (unsent) event.preventDefault();
});

// Back from the next page: what was busy then is not busy now.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  net.show(undefined);
  for (const form of document.querySelectorAll<HTMLFormElement>('form')) delete form.dataset.busy;
});

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

// The browser may have left the focus where it was.
document.querySelector<HTMLElement>('.errors')?.focus();
