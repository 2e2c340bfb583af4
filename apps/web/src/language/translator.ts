/** What the server says, by its English, with `{0}`, `{1}` … for what it puts in. */
export interface ServerSentences {
  /** Whole sentences, as they are answered. */
  readonly sentences: Texts;
  /** Rules that a field breaks, without its name: `must be at most {0}`. */
  readonly rules: Texts;
  /** Counts and ranges inside sentences; what is put in is a number. */
  readonly counts: Texts;
  /** Whatever else stands inside sentences: kinds of things, ways out. */
  readonly parts: Texts;
  /** What an import calls the inputs of a workflow. */
  readonly labels: Texts;
}

type Texts = Readonly<Record<string, string>>;

/** Translates a text as a whole; null where it is not known. `say` translates what was put into it. */
type Lookup = (text: string, say: (part: string) => string) => string | null;

const PLACE = /\{(\d+)\}/;
const ANYTHING = "([\\s\\S]*?)";
const NUMBER = "([-+\\d.,]+)";

/** A rule of a field as a sentence: `steps must be at most 50 (and 2 more).` */
const RULE = /^(\S+|The input) (.+?)( \(and \d+ more\))?\.$/;

/** A label, and behind it the number or the title that tells it from another of that name: `Prompt (Refiner)`, `Image 2`. */
const LABEL = /^(.+?)( \d+| \(.+\))?$/;

/**
 * Says in another language what the server said in English. Its answers are for programs too, so that they come in one language; each
 * sentence is recognized by its words. What is not known stays as it is: nothing is lost.
 */
export function translatorOf(texts: ServerSentences): (text: string) => string {
  const sentence = lookupIn(texts.sentences, ANYTHING);
  const rule = lookupIn(texts.rules, ANYTHING);
  const count = lookupIn(texts.counts, NUMBER);
  const part = lookupIn(texts.parts, ANYTHING);
  const sayPart = (text: string): string =>
    count(text, sayPart) ?? part(text, sayPart) ?? rule(text, sayPart) ?? sentence(text, sayPart) ?? text;
  const ofField: Lookup = (text) => {
    const [, field = "", broken = "", others = ""] = RULE.exec(text) ?? [];
    const said = rule(broken, sayPart);
    return said === null ? null : `${sayPart(field)} ${said}${sayPart(others)}.`;
  };
  const ofLabel = (text: string): string | null => {
    const [, label = "", rest = ""] = LABEL.exec(text) ?? [];
    return Object.hasOwn(texts.labels, label) ? `${texts.labels[label]}${rest}` : null;
  };
  const whole = (text: string): string | null =>
    ofLabel(text) ?? sentence(text, sayPart) ?? rule(text, sayPart) ?? ofField(text, sayPart);
  return (text) => {
    // Several sentences may have been put together.
    const sentences = text.split(/(?<=[.!?:]) (?=\p{Lu})/u);
    return whole(text) ?? sentences.map((one) => whole(one) ?? one).join(" ");
  };
}

/** @param value what a place may hold, as a group of a pattern */
function lookupIn(texts: Texts, value: string): Lookup {
  const patterns = Object.entries(texts)
    .filter(([english]) => PLACE.test(english))
    // The more words of its own a text has, the surer it is the one.
    .sort(([a], [b]) => b.length - a.length)
    .map(([english, translation]) => {
      const pieces = english.split(PLACE);
      const source = pieces.map((piece, index) => (index % 2 === 0 ? escaped(piece) : value)).join("");
      const places = pieces.filter((_, index) => index % 2 === 1).map(Number);
      return { english: new RegExp(`^${source}$`), places, translation };
    });
  return (text, say) => {
    if (Object.hasOwn(texts, text)) return texts[text] ?? null;
    for (const { english, places, translation } of patterns) {
      const values = english.exec(text)?.slice(1);
      if (values === undefined) continue;
      return translation.replace(/\{(\d+)\}/g, (_, place) => say(values[places.indexOf(Number(place))] ?? ""));
    }
    return null;
  };
}

/** `RegExp.escape` is in no Firefox or Safari of two years ago. */
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
