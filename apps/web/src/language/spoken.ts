/** The languages of the pages. English stands where it is said, in the components; each other one has a catalogue. */
export const languages = ["en", "de"] as const;

export type Language = (typeof languages)[number];

/** What each language calls itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** The plural forms of a sentence with a count in it, by their names in CLDR. */
export interface PluralForms {
  readonly one: string;
  readonly other: string;
}

/** Sentences by their English, with `{0}`, `{1}` … in the place of what is put in. */
export type Catalogue = Readonly<Record<string, string | PluralForms>>;

/** A language with its sentences. */
export interface Spoken {
  readonly language: Language;
  /** Empty for English, and for no other. */
  readonly catalogue: Catalogue;
  /** The workflows that came with Darkroom, by their slugs: their texts are in the catalogue. Absent where the page is English. */
  readonly bundled?: ReadonlySet<string>;
  /** Says what the server said in English; absent where the page is English. */
  readonly translate?: (text: string) => string;
}

const english: Spoken = { language: "en", catalogue: {} };

// A browser's page speaks one language from its first to its last moment; choosing another one loads it anew.
let ofThisPage: Spoken = english;

/** In the browser, before anything is drawn: from now on the page speaks it. */
export function speak(spoken: Spoken): void {
  ofThisPage = spoken;
}

let localeOfThisPage: string | undefined;

/** In the browser, before anything is drawn: dates and numbers are written as they are in `locale`, one of the page's language. */
export function writeAs(locale: string): void {
  localeOfThisPage = locale;
}

// The server renders pages of several languages at once, so there it belongs to the request (`page-request.ts`). Found by its
// global name, because the browser gets this module and has no AsyncLocalStorage.
interface RequestHolder {
  readonly darkroomPageRequest?: { getStore(): { readonly spoken: Spoken; readonly locale: string } | undefined };
}

const request = () => (globalThis as RequestHolder).darkroomPageRequest?.getStore();

/** What the page that is being drawn speaks. */
export function spoken(): Spoken {
  return request()?.spoken ?? ofThisPage;
}

/** The language of the page that is being drawn: for its words and for `lang`. */
export function language(): Language {
  return spoken().language;
}

/** How the visitor writes dates, times and numbers in that language, for `Intl`: `en-GB`. */
export function locale(): string {
  return request()?.locale ?? localeOfThisPage ?? language();
}
