import type { IncomingHttpHeaders } from "node:http";
import Negotiator from "negotiator";
import { catalogues } from "./catalogues.ts";
import { LANGUAGE_COOKIE } from "./language-cookie.ts";
import { type Language, languages, type Spoken } from "./spoken.ts";

/**
 * What a page speaks to whoever asks for it: the language they chose, else the first of their browser's that we have, else English.
 * And how they write dates, times and numbers in it: in English as the British do, if that is the English of their browser.
 */
export function chooseLanguage(headers: IncomingHttpHeaders): { spoken: Spoken; locale: string } {
  const chosen = headers.cookie?.split("; ").find((pair) => pair.startsWith(`${LANGUAGE_COOKIE}=`));
  const wanted = chosen?.slice(LANGUAGE_COOKIE.length + 1);
  const spoken = catalogues[languages.find((name) => name === wanted) ?? ofBrowser(headers)];
  return { spoken, locale: localeOf(spoken.language, headers) };
}

const ofBrowser = (headers: IncomingHttpHeaders): Language =>
  (new Negotiator({ headers }).language([...languages]) as Language | undefined) ?? "en";

/** A language and where it is written so, without what else a tag may say: calendars, digits, spellings. */
const OF_A_PLACE = /^[a-z]+-([a-z]{2}|\d{3})$/i;

/** The first of the browser's locales of that language; the bare language where none of them names a place that ICU knows. */
function localeOf(language: Language, headers: IncomingHttpHeaders): string {
  const tag = new Negotiator({ headers }).languages().find((name) => name.split("-")[0]?.toLowerCase() === language);
  // Resolved, so that what is kept by locale has no more entries than ICU has locales, whatever visitors ask for.
  return tag !== undefined && OF_A_PLACE.test(tag) ? new Intl.NumberFormat(tag).resolvedOptions().locale : language;
}
