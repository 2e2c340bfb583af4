const nowhere: Pick<Storage, "getItem" | "setItem" | "removeItem"> = {
  getItem: () => null,
  setItem: () => {},
  removeItem: () => {},
};

/** `localStorage`, or a stand-in that forgets where there is none (on the server, or denied by the visitor). */
export function browserStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    return typeof window === "undefined" ? nowhere : window.localStorage;
  } catch {
    return nowhere;
  }
}
