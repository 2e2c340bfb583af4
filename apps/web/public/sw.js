// The service worker: shows a page of our own where the browser would show that it has no network, and what is pushed while
// no page is open. It keeps that one page and nothing else, so no page or script is ever an old one.
const CACHE = "darkroom-offline-1";
const PAGE = "/offline.html";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.add(new Request(PAGE, { cache: "reload" }));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
      // The request leaves while this worker still starts: a page is not slower for it.
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })(),
  );
});

async function navigate(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const page = await caches.match(PAGE);
    if (page === undefined) return Response.error();
    return new Response(page.body, { status: 503, headers: page.headers });
  }
}

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(navigate(event));
});

// A note is shown whatever it says: browsers take the right to push from who pushes unseen. A page that is looked at tells by itself.
self.addEventListener("push", (event) => {
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      if (pages.some((page) => page.visibilityState === "visible")) return;
      const { title, body, url, tag } = event.data.json();
      await self.registration.showNotification(title, { body, tag, icon: "/icon.svg", data: { url } });
    })(),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    (async () => {
      const { url } = event.notification.data;
      const [page] = await self.clients.matchAll({ type: "window" });
      if (page === undefined) return self.clients.openWindow(url);
      await page.focus();
      await page.navigate(url);
    })(),
  );
});
