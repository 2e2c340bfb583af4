import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "@darkroom/contracts";
import { describe, expect, test } from "vitest";
import { bundledSlugs } from "../../apps/web/src/language/bundled-slugs.ts";
import { catalogues } from "../../apps/web/src/language/catalogues.ts";
import { bundledWorkflows } from "../../packages/db/src/workflows/bundled/index.ts";
import { readSentences } from "./sentences.ts";

const ownTexts = ({ label, help }: { label: string; help?: string }): string[] => [
  label,
  ...(help === undefined ? [] : [help]),
];
const pages = join(import.meta.dirname, "../../apps/web/src");
/** The files of each language, which one object joins. */
const parts = globSync("language/*/*.ts", { cwd: pages }).filter((file) => !file.endsWith("/index.ts"));

/** What is not for people: the server, whose answers are English, and what stands for itself in every language. */
const ASIDE = /^(server|language)\//;

const { said, unsaid, early } = readSentences(pages);
const titlesOf = (graph: Graph): string[] => Object.values(graph).flatMap(({ _meta }) => _meta?.title ?? []);
/** The test card's bars, which are told from each other by their numbers. */
const NUMBERED = /^(Bar|Lay bar) \d+$/;
/** What the bundled workflows say of themselves: it reaches the pages from the database. */
const bundled = bundledWorkflows
  .flatMap(({ name, description, parameters, graph }) => [
    ...[name, description, ...parameters.flatMap(ownTexts)],
    ...titlesOf(graph).filter((title) => !NUMBERED.test(title)),
  ])
  .map((text) => ({ place: "bundled workflows", text, isPlural: false }));
const english = new Map([...bundled, ...said].map((sentence) => [sentence.text, sentence]));
const placesIn = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();

test("every text that the pages show goes through the catalogue", () => {
  const past = unsaid.filter(({ place }) => !ASIDE.test(place));
  expect(past.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
});

test("the pages know which workflows came with Darkroom", () => {
  expect([...bundledSlugs].sort()).toEqual(bundledWorkflows.map(({ slug }) => slug).sort());
});

test("no sentence is said before the language of the page is known", () => {
  expect(early).toEqual([]);
});

describe.each(Object.entries(catalogues).filter(([language]) => language !== "en"))("%s", (name, { catalogue }) => {
  test("has each sentence in one of its files only", async () => {
    const files = parts.filter((file) => file.startsWith(`language/${name}/`));
    const modules: object[] = await Promise.all(files.map((file) => import(join(pages, file))));
    const sentences = modules.flatMap((module) => Object.values(module)).flatMap(Object.keys);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
    expect(sentences).toHaveLength(Object.keys(catalogue).length);
  });

  test("has the page that is shown without a network", () => {
    const page = readFileSync(join(pages, `../public/offline.${name}.html`), "utf8");
    expect(page).toContain(`<html lang="${name}">`);
  });

  test("says every sentence of the pages, and none that no page says", () => {
    expect([...english.keys()].filter((sentence) => !(sentence in catalogue)).sort()).toEqual([]);
    expect(
      Object.keys(catalogue)
        .filter((sentence) => !english.has(sentence))
        .sort(),
    ).toEqual([]);
  });

  test("puts in the same values as the English, and has plural forms where that has", () => {
    const wrong = Object.entries(catalogue).filter(([sentence, translation]) => {
      const forms = typeof translation === "string" ? [translation] : [translation.one, translation.other];
      const isPlural = typeof translation !== "string";
      const wanted = placesIn(sentence).join();
      // One of something may be said without its number.
      const isFilled = forms.every((form, index) => placesIn(form).join() === wanted || (isPlural && index === 0));
      return !isFilled || isPlural !== (english.get(sentence)?.isPlural ?? isPlural);
    });
    expect(wrong).toEqual([]);
  });
});
