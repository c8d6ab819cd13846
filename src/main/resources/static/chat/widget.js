// The chat on a site of the hospital: one script tag, <script src="https://…/chat/widget.js" data-lang="es" async></script>.
// It adds a button and, once pressed, a frame of our own origin; the site around it never sees what is said.
(() => {
  const script = document.currentScript;
  if (!script || window.throughlineChat) return;
  window.throughlineChat = true;
  const origin = new URL(script.src).origin;
  const lang = script.dataset.lang || document.documentElement.lang || navigator.language || 'en';
  // from the wordings of the chat, put in by the server
  const words = {/* words of the button */};
  const label = words[lang] || words[lang.slice(0, 2)] || words.en;
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  // a sheet of its own: the site's content policy need not allow inline styles
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    button { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 2147483000; min-height: 48px; padding: 0 20px;
      font: 600 16px system-ui, sans-serif; color: #fff; background: #1f5fa8; border: 2px solid #fff; border-radius: 24px; cursor: pointer; }
    button:focus-visible { outline: 3px solid #1f5fa8; outline-offset: 2px; }
    iframe { position: fixed; inset-block-end: 76px; inset-inline-end: 16px; z-index: 2147483000; width: min(380px, calc(100vw - 32px));
      height: min(600px, calc(100vh - 96px)); border: 1px solid #8795a6; border-radius: 12px; background: #fff; }
    iframe[hidden] { display: none; }`);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  button.textContent = label.open;
  root.append(button);
  host.dir = document.documentElement.dir || getComputedStyle(document.body).direction;
  let frame;

  function show(open) {
    if (!frame) {
      frame = document.createElement('iframe');
      frame.title = label.open;
      frame.src = `${origin}/chat/frame?lang=${encodeURIComponent(lang)}`;
      frame.addEventListener('load', () => frame.contentWindow.postMessage('focus', origin));
      root.insertBefore(frame, button);
    }
    frame.hidden = !open;
    button.textContent = open ? label.close : label.open;
    button.setAttribute('aria-expanded', String(open));
    if (open) {
      frame.focus();
      frame.contentWindow?.postMessage('focus', origin);
    } else button.focus();
  }

  button.addEventListener('click', () => show(!frame || frame.hidden));
  window.addEventListener('message', (event) => {
    if (frame && event.source === frame.contentWindow && event.origin === origin && event.data === 'close') show(false);
  });
  document.body.append(host);
})();
