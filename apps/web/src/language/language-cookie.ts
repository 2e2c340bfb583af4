import type { Language } from "./spoken.ts";

/** Holds the language that a visitor chose: a cookie, so that pages arrive in it. Without it their browser's languages count. */
export const LANGUAGE_COOKIE = "darkroom.language";

const YEAR_SECONDS = 31_536_000;

/** In the browser: shows the page anew in `language`, and every page after it. */
export function chooseForPages(language: Language): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is in no Firefox before 140
  document.cookie = `${LANGUAGE_COOKIE}=${language}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  location.reload();
}
