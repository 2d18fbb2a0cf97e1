/**
 * The service worker: the app starts without a network.
 *
 * One version of the app is one cache, filled whole or not at all. A new version waits until the
 * person asks for it or all tabs are closed; what people write lies in IndexedDB and is no part of
 * it. Only the app's own files are answered from the cache: the relay's socket and everything else go
 * to the network.
 */

const { version, paths } = JSON.parse("__ENTENTE_FILES__") as { version: string; paths: string[] };
const CACHE = `entente-${version}`;
/** Addresses that show the app: what stands behind `#` decides what it does. */
const PAGES = new Set(["/", "/join", "/recover"]);

const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("message", (event) => {
  if (event.data === "update") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isPage = event.request.mode === "navigate" && PAGES.has(url.pathname);
  const isFile = paths.includes(url.pathname) || url.pathname.startsWith("/assets/");
  const isOurs = url.origin === location.origin && (isPage || isFile);
  if (event.request.method !== "GET" || !isOurs) return;
  event.respondWith(answer(isPage ? "/" : url.pathname, event.request));
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Names with a hash in them may come from the browser's own cache; the page may not.
  await cache.addAll(paths.map((path) => new Request(path, { cache: path === "/" ? "reload" : "default" })));
}

/** The version before this one stays: a tab that still shows it goes on until it is loaded anew. */
async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith("entente-") && name !== CACHE);
  for (const name of others.slice(0, -1)) await caches.delete(name);
  await worker.clients.claim();
}

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}
