"use client";

import { useId } from "react";
import { chooseForPages } from "../../language/language-cookie.ts";
import { t } from "../../language/say.ts";
import { language, languageNames, languages } from "../../language/spoken.ts";

/** In which language the pages are; each is called by its own name, so that who reads only that finds it. */
export function LanguageChoice() {
  const id = useId();
  return (
    <p className="flex items-center justify-between gap-3 border-t pt-3 text-sm">
      <label htmlFor={id}>{t`Language`}</label>
      <select
        id={id}
        value={language()}
        onChange={({ target }) => chooseForPages(languages.find((name) => name === target.value) ?? "en")}
      >
        {languages.map((name) => (
          <option key={name} value={name} lang={name}>
            {languageNames[name]}
          </option>
        ))}
      </select>
    </p>
  );
}
