'use strict';
// Shows that a message waits. What comes in says who writes and no more; the message itself is read on the page, by whoever proves who they are.
self.addEventListener('push', (event) => {
  let notice = {};
  try {
    notice = event.data.json();
  } catch {
    // nothing was said: that something waits is all there is to show
  }
  event.waitUntil(self.registration.showNotification(notice.title || 'New message', {
    body: notice.body || '',
    lang: notice.lang || 'en',
    dir: 'auto',
    tag: 'inbox',
    renotify: true,
    data: notice.lang || 'en',
  }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow('/my?lang=' + encodeURIComponent(event.notification.data)));
});
