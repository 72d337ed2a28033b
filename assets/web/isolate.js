// isolate.js - a service worker for servers that cannot set headers. It adds the two to what the server answers that a browser wants
// before threads may share memory. It keeps nothing and changes nothing else. page.js starts it, if the folder has the program on threads.
'use strict';

addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
  if (!event.request.url.startsWith(location.origin)) return;
  event.respondWith(fetch(event.request).then(answer => {
    if (answer.type === 'opaqueredirect') return answer;
    const headers = new Headers(answer.headers);
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
    return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
  }));
});
