import type { IncomingHttpHeaders } from "node:http";
import Negotiator from "negotiator";
import { catalogues } from "./catalogues.ts";
import { LANGUAGE_COOKIE } from "./language-cookie.ts";
import { type Language, languages, type Spoken } from "./spoken.ts";

/** What a page speaks to whoever asks for it: the language they chose, else the first of their browser's that we have, else English. */
export function chooseLanguage(headers: IncomingHttpHeaders): Spoken {
  const chosen = headers.cookie?.split("; ").find((pair) => pair.startsWith(`${LANGUAGE_COOKIE}=`));
  const wanted = chosen?.slice(LANGUAGE_COOKIE.length + 1);
  return catalogues[languages.find((name) => name === wanted) ?? ofBrowser(headers)];
}

const ofBrowser = (headers: IncomingHttpHeaders): Language =>
  (new Negotiator({ headers }).language([...languages]) as Language | undefined) ?? "en";
