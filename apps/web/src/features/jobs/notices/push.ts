/** How a browser is told while no page is open; what it needs of the API. */
export interface PushDoor {
  /** Answers the installation's key. */
  publicKey(): Promise<string>;
  subscribe(subscription: { endpoint: string; keys: { p256dh: string; auth: string } }): Promise<unknown>;
  unsubscribe(endpoint: string): Promise<unknown>;
}

/** Whether this browser can be told at all: not on iOS before the page is on the home screen. */
export const canPush = (): boolean =>
  "serviceWorker" in navigator && "PushManager" in window && typeof Notification !== "undefined";

/** Has this browser told from now on, for whoever is here now. Rejects where the browser or its push service refuses. */
export async function startPush(door: PushDoor, publicKey: string): Promise<void> {
  // Where a service worker is forbidden, `ready` would never be.
  const registration = await navigator.serviceWorker.register("/sw.js");
  if (registration === undefined) throw new Error("there is no service worker");
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  const subscription = await pushManager.subscribe(options).catch(async () => {
    // One that another key was made for stands in the way.
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  });
  const { endpoint = "", keys: { p256dh = "", auth = "" } = {} } = subscription.toJSON();
  await door.subscribe({ endpoint, keys: { p256dh, auth } });
}

/** Has it told no more. */
export async function stopPush(door: PushDoor): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription == null) return;
  await door.unsubscribe(subscription.endpoint);
  await subscription.unsubscribe();
}
