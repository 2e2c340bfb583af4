"use client";

import { type ReactNode, Suspense, use } from "react";
import { type Catalogue, type Language, speak } from "./spoken.ts";

/** Loads a language's sentences into the browser, once. */
const loaders: Readonly<Record<Exclude<Language, "en">, () => Promise<Catalogue>>> = {
  de: () => import("./de/index.ts").then(({ german }) => german),
};

let loading: Promise<void> | undefined;

/** Resolves when the page speaks `language`. */
function spoken(language: Exclude<Language, "en">): Promise<void> {
  loading ??= loaders[language]().then((catalogue) => speak({ language, catalogue }));
  return loading;
}

/**
 * The page in its language. It arrives from the server in it; React takes it over in the browser once the sentences are there too,
 * which costs those who read English nothing.
 */
export function PageLanguage({ language, children }: { language: Language; children: ReactNode }) {
  return (
    <Suspense>
      <InLanguage language={language}>{children}</InLanguage>
    </Suspense>
  );
}

function InLanguage({ language, children }: { language: Language; children: ReactNode }) {
  if (typeof window !== "undefined" && language !== "en") use(spoken(language));
  return children;
}
