"use client";

import { type ReactNode, use } from "react";
import { type Language, type Spoken, speak, writeAs } from "./spoken.ts";

/** Loads a language's sentences into the browser, once. */
const loaders: Readonly<Record<Exclude<Language, "en">, () => Promise<Spoken>>> = {
  de: () => import("./de/index.ts").then(({ spokenGerman }) => spokenGerman),
};

let loading: Promise<void> | undefined;

/** Resolves when the page speaks `language`. */
function learned(language: Exclude<Language, "en">): Promise<void> {
  loading ??= loaders[language]().then(speak);
  return loading;
}

/**
 * The page in its language. It arrives from the server in it; React takes it over in the browser once the sentences are there too,
 * which those who read English never wait for. No boundary stands around it: React waits for the whole page then, where within one
 * the server would send what is inside behind a script, and a page without scripts would be empty.
 */
export function PageLanguage(page: { language: Language; locale: string; children: ReactNode }) {
  if (typeof window !== "undefined") {
    writeAs(page.locale);
    if (page.language !== "en") use(learned(page.language));
  }
  return page.children;
}
