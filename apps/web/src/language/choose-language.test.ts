import { expect, it } from "vitest";
import { chooseLanguage } from "./choose-language.ts";

const chosenFor = (acceptLanguage: string | undefined, cookie?: string): readonly string[] => {
  const { spoken, locale } = chooseLanguage({ "accept-language": acceptLanguage, cookie });
  return [spoken.language, locale];
};

it.each([
  [undefined, "en", "en"],
  ["en-US,en;q=0.9", "en", "en-US"],
  ["en-GB,en-US;q=0.9,en;q=0.8", "en", "en-GB"],
  ["en;q=0.8,en-AU", "en", "en-AU"],
  ["fr-FR,fr;q=0.9,en-IE;q=0.5", "en", "en-IE"],
  ["de-AT,de;q=0.9,en;q=0.8", "de", "de-AT"],
  ["de,en-GB;q=0.9", "de", "de"],
  ["fr-FR,fr;q=0.9", "en", "en"],
])("a browser that prefers %s reads %s, with dates and numbers as in %s", (header, language, locale) =>
  expect(chosenFor(header)).toEqual([language, locale]),
);

it("who chose a language gets the dates of the place that their browser names for it", () => {
  expect(chosenFor("de-AT,de;q=0.9,en-GB;q=0.8", "a=b; darkroom.language=en")).toEqual(["en", "en-GB"]);
  expect(chosenFor("de-AT,de;q=0.9", "darkroom.language=en")).toEqual(["en", "en"]);
});

it.each(["en-gb", "EN-GB", "en-ZZ", "en-u-nu-thai", "en-GB-x-y", "en-12", "de-GB,en", "en-\u00e4\u00f6", "*"])(
  "a header that says %s asks for no locale that is not one of ICU's",
  (header) => expect(["en", "en-GB", "de"]).toContain(chosenFor(header)[1]),
);
