/** Holds the slug of the workflow that was chosen last: a cookie, so that the studio arrives with that workflow's form. */
export const CHOSEN_COOKIE = "darkroom.workflow";

const YEAR_SECONDS = 31_536_000;

/** In the browser. */
export function readChosen(): string | null {
  const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
  return pairs.find(([name]) => name === CHOSEN_COOKIE)?.[1] ?? null;
}

/** @param slug null forgets it */
export function writeChosen(slug: string | null): void {
  const seconds = slug === null ? 0 : YEAR_SECONDS;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is in no Firefox before 140
  document.cookie = `${CHOSEN_COOKIE}=${slug ?? ""}; path=/; max-age=${seconds}; samesite=lax`;
}
