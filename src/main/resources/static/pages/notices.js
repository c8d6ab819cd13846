'use strict';
// Switches on, in this browser, the notice that a message waits. All it says stands in the page, in the page's language.
(() => {
  const part = document.getElementById('notices');
  const said = document.getElementById('notices-said');
  const form = part.querySelector('form');
  const say = (what) => { said.textContent = part.dataset[what]; };

  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    say('cannot');
    return;
  }
  part.hidden = false;

  const bytes = (base64url) =>
    Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

  const working = (registration) => new Promise((done, failed) => {
    const worker = registration.installing || registration.waiting;
    if (registration.active || !worker) {
      done(registration);
      return;
    }
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') done(registration);
      if (worker.state === 'redundant') failed(new Error('not installed'));
    });
  });

  const subscribed = async () => {
    const registration = await working(await navigator.serviceWorker.register('/pages/notices-worker.js'));
    const former = await registration.pushManager.getSubscription();
    if (former) await former.unsubscribe(); // it may be bound to another key
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) });
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    said.textContent = '';
    try {
      if (await Notification.requestPermission() !== 'granted') {
        say('no');
        return;
      }
      let subscription;
      try {
        subscription = await subscribed();
      } catch {
        say('cannot');
        return;
      }
      const fields = new URLSearchParams(new FormData(form));
      fields.set('endpoint', subscription.endpoint);
      fields.set('key', base64url(subscription.getKey('p256dh')));
      fields.set('secret', base64url(subscription.getKey('auth')));
      const answer = await fetch('/my/notices', { method: 'POST', body: fields, redirect: 'error' });
      if (!answer.ok) await subscription.unsubscribe();
      say(answer.ok ? 'done' : 'failed');
    } catch {
      say('failed');
    } finally {
      button.disabled = false;
    }
  });
})();
