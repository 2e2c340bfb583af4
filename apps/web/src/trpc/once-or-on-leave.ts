import { API_URL } from "./client.ts";

/**
 * Something that is done once: by whoever settles it first, or by `onLeave` when the page is left before. `settle` answers
 * whether it is still to be done.
 */
export function onceOrOnLeave(onLeave: () => void): { settle(): boolean } {
  let isSettled = false;
  const settle = (): boolean => {
    const isFirst = !isSettled;
    isSettled = true;
    window.removeEventListener("pagehide", leave);
    return isFirst;
  };
  const leave = (): void => {
    if (settle()) onLeave();
  };
  window.addEventListener("pagehide", leave);
  return { settle };
}

/** Calls a mutation from a page that is left: requests of the client are dropped with it, unless they say that they outlive it. */
export function mutateOnLeave(path: string, input: object): void {
  const headers = { "content-type": "application/json" };
  void fetch(`${API_URL}/${path}`, { method: "POST", keepalive: true, headers, body: JSON.stringify(input) });
}
