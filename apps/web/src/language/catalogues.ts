import { german } from "./de/index.ts";
import type { Catalogue, Language } from "./spoken.ts";

/** The sentences of each language, for the server, which speaks all of them. */
export const catalogues: Readonly<Record<Language, Catalogue>> = { en: {}, de: german };
