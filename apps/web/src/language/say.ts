import { createElement, Fragment, type ReactElement, type ReactNode } from "react";
import { language, spoken } from "./spoken.ts";

type Value = string | number;

/** The English of a sentence, as the catalogues name it: `{0}`, `{1}` … in the place of its values. */
const keyOf = (strings: readonly string[]): string =>
  strings.reduce((key, part, index) => `${key}{${index - 1}}${part}`);

const PLACE = /\{(\d+)\}/;

const fill = (sentence: string, values: readonly Value[]): string =>
  sentence
    .split(PLACE)
    .map((part, index) => (index % 2 === 0 ? part : values[Number(part)]))
    .join("");

/** The sentence of a catalogue, or the English one where it has none. */
export function translated(english: string): string {
  const sentence = spoken().catalogue[english];
  return typeof sentence === "string" ? sentence : (sentence?.other ?? english);
}

/**
 * A sentence in the language of the page: t`Step ${step} of ${steps}`. It stands as a whole, since other languages order their words
 * in other ways: never put two of them together. Not at the top of a module, where no language is known yet.
 */
export function t(strings: TemplateStringsArray, ...values: readonly Value[]): string {
  return fill(translated(keyOf(strings)), values);
}

/** As {@link t}, for a sentence with elements in it: tNodes`Read ${<a href={url}>{t`the guide`}</a>} first.` */
export function tNodes(strings: TemplateStringsArray, ...values: readonly ReactNode[]): ReactElement {
  const parts = translated(keyOf(strings)).split(PLACE);
  return createElement(Fragment, null, ...parts.map((part, index) => (index % 2 === 0 ? part : values[Number(part)])));
}

/** A name as it stands within a sentence: English writes it small there. */
export function inSentence(name: string): string {
  return language() === "en" ? name.toLowerCase() : name;
}

/** What the server said, in the language of the page: it answers in English, because its callers are programs too. */
export function tServer(text: string): string {
  return spoken().translate?.(text) ?? text;
}

/**
 * As {@link t}, for a sentence with a count: tPlural(jobs.length, "{0} waiting job", "{0} waiting jobs"). `{0}` is the count, `{1}` the first of
 * `values`. Catalogues name it by its plural, `other`.
 */
export function tPlural(count: number, one: string, other: string, ...values: readonly Value[]): string {
  const forms = spoken().catalogue[other];
  const { one: single, other: several } = typeof forms === "object" ? forms : { one, other };
  const isOne = new Intl.PluralRules(language()).select(count) === "one";
  return fill(isOne ? single : several, [count, ...values]);
}
