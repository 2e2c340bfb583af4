import { writeChosen } from "./chosen-workflow.ts";

/** Dark or light: not of the visitor, but of the screen. */
export const THEME_KEY = "darkroom.theme";

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

/** Empties it, but for how the pages look. */
export function forgetEverything(): void {
  const storage = browserStorage();
  writeChosen(null);
  for (const key of Object.keys(storage)) if (key !== THEME_KEY) storage.removeItem(key);
}
