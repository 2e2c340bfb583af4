// The service worker: shows a page of our own where the browser would show that it has no network, and what is pushed while
// no page is open. It keeps that one page and nothing else, so no page or script is ever an old one. Both speak the browser's
// language, since which one a visitor chose on the pages is in a cookie, and a worker sees none.
const CACHE = "darkroom-offline-2";
const IS_GERMAN = /^de\b/.test(self.navigator.language);
const PAGE = IS_GERMAN ? "/offline.de.html" : "/offline.html";

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

/** A note comes in English, with what it tells of in numbers. */
function inGerman({ tag, finished, failed, body }) {
  if (tag !== "several")
    return { title: finished === 1 ? "Dein Bild ist fertig" : "Dein Bild ist fehlgeschlagen", body };
  const parts = [finished > 0 ? `${finished} fertig` : "", failed > 0 ? `${failed} fehlgeschlagen` : ""];
  return { title: "Deine Bilder", body: parts.filter((part) => part !== "").join(" und ") };
}

// A note is shown whatever it says: browsers take the right to push from who pushes unseen. A page that is looked at tells by itself.
self.addEventListener("push", (event) => {
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      if (pages.some((page) => page.visibilityState === "visible")) return;
      const note = event.data.json();
      const { url, tag } = note;
      const { title, body } = IS_GERMAN && note.finished !== undefined ? inGerman(note) : note;
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
