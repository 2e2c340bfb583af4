import { spokenGerman } from "./de/index.ts";
import type { Language, Spoken } from "./spoken.ts";

/** Each language with its sentences, for the server, which speaks all of them. */
export const catalogues: Readonly<Record<Language, Spoken>> = {
  en: { language: "en", catalogue: {} },
  de: spokenGerman,
};
