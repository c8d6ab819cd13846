// Inside the chat's frame. What anybody wrote is shown as text, never as markup.
const words = JSON.parse(document.body.dataset.words);
const KEY = 'throughline-chat';
const AWAKE = 60000;
let token = stored();
let stream;
let retry = 1000;
const shown = new Set();

function stored() {
  try {
    localStorage.removeItem(KEY); // where it was kept once, for whoever came next
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(value) {
  token = value;
  leaving.hidden = !value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing: the chat lasts as long as the page
  }
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const send = (path, body) =>
  fetch(`/chat/api/${path}`, {
    method: 'POST',
    credentials: 'omit',
    headers: { 'Content-Type': 'application/json', ...(token ? { 'X-Chat-Visitor': token } : {}) },
    body: JSON.stringify(body ?? {}),
  });

async function visitor() {
  if (token) return true;
  const answer = await send('visitors', { site: document.body.dataset.site || null });
  if (answer.ok) keep((await answer.json()).token);
  return answer.ok;
}

// the page
const closing = element('button', { type: 'button', class: 'close', 'aria-label': words.close, title: words.close }, '×');
const leaving = element('button', { type: 'button', class: 'quiet leave' }, words.leave);
leaving.hidden = !token;
const head = element('header', {}, element('h1', {}, words.title), leaving, closing);
const notes = element('div', { class: 'notes' }, element('p', {}, words.automated), element('p', {}, words.emergency));
if (document.body.dataset.open === 'false') notes.prepend(element('p', { class: 'closed' }, words.closed));
const empty = element('p', { class: 'empty' }, words.empty);
const lines = element('div', { role: 'log', 'aria-live': 'polite', 'aria-label': words.lines, tabindex: '0' });
const status = element('p', { role: 'status', class: 'status' });
const text = element('textarea', { id: 'text', rows: '2', maxlength: '1000', dir: 'auto', autocomplete: 'off' });
const composer = element(
  'form',
  { class: 'composer' },
  element('label', { for: 'text' }, words.label),
  text,
  element('button', { type: 'submit' }, words.send),
);
const asking = element('section', { class: 'who' });
document.body.append(head, notes, element('main', {}, empty, lines), status, asking, composer);

function line(one) {
  if (shown.has(one.id)) return;
  shown.add(one.id);
  empty.hidden = true;
  const by = one.ours ? (one.byPerson ? words.person : words.computer) : words.you;
  const at = new Date(one.at);
  const time = element('time', { datetime: one.at }, at.toLocaleTimeString(document.documentElement.lang, { hour: 'numeric', minute: '2-digit' }));
  lines.append(element('div', { class: one.ours ? 'line' : 'line mine' }, element('span', { class: 'by' }, by, ' · ', time), element('p', { dir: 'auto' }, one.text)));
  lines.scrollTop = lines.scrollHeight;
  lines.lastElementChild.scrollIntoView({ block: 'end' });
  if (one.ours) seen();
}

function clear() {
  const one = stream;
  stream = undefined;
  one?.abort();
  shown.clear();
  lines.replaceChildren();
  empty.hidden = false;
}

/** Nobody who sits here next sees what was said. */
function over(why) {
  keep(null);
  clear();
  pending = undefined;
  status.textContent = why;
  begin();
}

let seenSoon;
function seen() {
  if (document.hidden || !token) return;
  clearTimeout(seenSoon);
  seenSoon = setTimeout(() => token && send('seen').catch(() => {}), 500);
}
document.addEventListener('visibilitychange', seen);

// somebody is there: whoever waits for an answer is not sent away
let awake = Date.now();
function stay() {
  if (!token || Date.now() - awake < AWAKE) return;
  awake = Date.now();
  send('seen').catch(() => {});
}
for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, stay);

// events by fetch: the token goes in a header, never in an address
async function listen() {
  if (stream || !token) return;
  const mine = (stream = new AbortController());
  try {
    const answer = await fetch('/chat/api/events', {
      credentials: 'omit',
      headers: { 'X-Chat-Visitor': token, Accept: 'text/event-stream' },
      signal: mine.signal,
    });
    if (stream !== mine) return;
    if (answer.status === 401) return void over(words.over);
    if (!answer.ok) throw new Error(String(answer.status));
    if (status.textContent === words.lost) status.textContent = '';
    retry = 1000;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || stream !== mine) break;
      const events = (rest + value).split('\n\n');
      rest = events.pop();
      for (const event of events) {
        const data = event
          .split('\n')
          .filter((part) => part.startsWith('data:'))
          .map((part) => part.slice(5))
          .join('\n');
        if (data) line(JSON.parse(data));
      }
    }
  } catch {
    if (stream === mine) status.textContent = words.lost;
  } finally {
    if (stream === mine) {
      stream = undefined;
      if (token) setTimeout(listen, (retry = Math.min(retry * 2, 30000)));
    }
  }
}

let sending = false;
let pending;
composer.addEventListener('submit', async (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said || sending) return;
  sending = true;
  // the same words tried again are the same line
  if (pending?.text !== said) pending = { key: Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('-'), text: said };
  try {
    const answer = (await visitor()) ? await send('messages', pending) : undefined;
    // never said on as somebody else: they see that it is a new chat, and send it again
    if (answer?.status === 401) return void over(words.over);
    if (!answer || !answer.ok) {
      status.textContent = answer?.status === 413 ? words.long : !answer || answer.status === 429 ? words.fast : words.unsent;
      return;
    }
    text.value = '';
    pending = undefined;
    status.textContent = '';
    listen();
  } catch {
    status.textContent = words.unsent;
  } finally {
    sending = false;
    text.focus();
  }
});
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

// who is there
function begin() {
  const open = element('button', { type: 'button', class: 'quiet' }, words.who);
  open.addEventListener('click', claim);
  asking.replaceChildren(open);
}

function field(id, label, attributes) {
  return [element('label', { for: id }, label), element('input', { id, name: id, required: '', ...attributes })];
}

function step(fields, button, submit, back) {
  const form = element('form', {}, ...fields, element('button', { type: 'submit' }, button));
  const other = element('button', { type: 'button', class: 'quiet' }, words.back);
  other.addEventListener('click', back);
  form.append(other);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await submit(Object.fromEntries(new FormData(form)));
    } catch {
      status.textContent = words.unsent;
    }
  });
  asking.replaceChildren(form);
  form.querySelector('input').focus();
}

function claim() {
  status.textContent = '';
  step(
    [
      element('p', {}, words['who.why']),
      ...field('contact', words.contact, { type: 'text', maxlength: '120', dir: 'ltr', autocomplete: 'tel' }),
      ...field('birthDate', words.birth, { type: 'date', autocomplete: 'bday' }),
    ],
    words.ask,
    async (values) => {
      if (!(await visitor())) return void (status.textContent = words.fast);
      const answer = await send('verify', values);
      if (answer.status === 401) return void over(words.over);
      if (!answer.ok) return void (status.textContent = answer.status === 429 ? words.wait : words.unsent);
      code((await answer.json()).token);
    },
    begin,
  );
}

function code(asked) {
  status.textContent = words.sent;
  step(
    field('code', words.code, { inputmode: 'numeric', maxlength: '8', autocomplete: 'one-time-code', dir: 'ltr' }),
    words.check,
    async (values) => {
      const answer = await send('verify/code', { token: asked, code: values.code });
      if (answer.status === 401) return void over(words.over);
      if (!answer.ok) return void (status.textContent = answer.status === 429 ? words.wait : words.wrong);
      // from here on another token counts, and what is shown is what that one may see
      keep((await answer.json()).token);
      clear();
      status.textContent = words.verified;
      asking.replaceChildren();
      listen();
      text.focus();
    },
    claim,
  );
}

leaving.addEventListener('click', () => {
  send('leave').catch(() => {});
  over(words.left);
  text.value = '';
  text.focus();
});
closing.addEventListener('click', () => parent.postMessage('close', '*'));
document.addEventListener('keydown', (event) => event.key === 'Escape' && parent.postMessage('close', '*'));
window.addEventListener('message', (event) => event.source === parent && event.data === 'focus' && text.focus());

begin();
listen();
