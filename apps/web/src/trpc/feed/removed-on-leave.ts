const KEY = "darkroom.removed";

type SessionStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** `sessionStorage`, since only the tab's next page need know; null on the server, and where the visitor denies it. */
export function tabStorage(): SessionStorage | null {
  try {
    return typeof window === "undefined" ? null : window.sessionStorage;
  } catch {
    return null;
  }
}

/** Notes jobs whose removal a page asks for as it is left: the next page may be drawn before the server has heard of it. */
export function noteRemoved(storage: SessionStorage | null, jobIds: readonly string[]): void {
  storage?.setItem(KEY, JSON.stringify([...takeRemoved(storage), ...jobIds]));
}

/** What the page before this one noted; the note is gone then. */
export function takeRemoved(storage: SessionStorage | null): readonly string[] {
  const noted = storage?.getItem(KEY) ?? null;
  storage?.removeItem(KEY);
  return noted === null ? [] : (JSON.parse(noted) as string[]);
}
