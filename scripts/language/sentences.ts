import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "rolldown/parseAst";

/** A place in a file of the pages, as `features/jobs/job-title.ts:12`, and what stands there. */
export interface Finding {
  readonly place: string;
  readonly text: string;
}

/** A sentence that the pages say through their catalogue. */
export interface Said extends Finding {
  /** Whether a count is in it, so that a catalogue holds its plural forms. */
  readonly isPlural: boolean;
}

export interface Sentences {
  readonly said: readonly Said[];
  /** Text for people that goes past the catalogue. */
  readonly unsaid: readonly Finding[];
  /** Sentences at the top of a module, where the language of the page is not known. */
  readonly early: readonly Finding[];
}

type Node = { readonly type: string; readonly start: number } & Readonly<Record<string, unknown>>;

/** Attributes whose text nobody reads. */
const UNREAD =
  /^(className|\w*[cC]lassName|style|d|viewBox|points|transform|href|src|sizes|media|id|key|name|type|role|rel|as|look|size|accept|autoComplete|inputMode|pattern|state|htmlFor|form|slot|describedBy|data-.*|aria-(current|live|hidden|labelledby|describedby|controls|haspopup|autocomplete|activedescendant)|draggable|loading|fetchPriority|decoding|preload|popover|dir|lang|ref|target|method|action[A-Z]\w*|stroke\w*|fill\w*|xmlns)$/;

/** Calls whose text is for developers, for styles or for the browser. */
const UNREAD_CALLS =
  /^(Error|TypeError|RangeError|cx|dynamic|RegExp|URL|matchMedia|querySelector|closest|startsWith|console)$/;

const HAS_WORD = /\p{L}{2,}/u;
// Begins with a capital letter and goes on, or ends as a sentence does: the first word may be a value.
const IS_SENTENCE = /^(\p{Lu}[\p{L}’'-]*[ ,.:;…!?][\s\S]*|(\{\d+\}|[“"])[\s\S]*\p{L}{2,} [\s\S]*\.)$/u;

/** Reads all modules below `root` for what they say to people. `tests` and `testing` aside. */
export function readSentences(root: string): Sentences {
  const found = { said: [] as Said[], unsaid: [] as Finding[], early: [] as Finding[] };
  const files = globSync("**/*.{ts,tsx}", { cwd: root }).filter((file) => !/\.test\.|testing\/|\.d\.ts$/.test(file));
  for (const file of files.sort()) readFile(readFileSync(join(root, file), "utf8"), file, found);
  return found;
}

function readFile(source: string, file: string, found: { said: Said[]; unsaid: Finding[]; early: Finding[] }): void {
  const placeOf = ({ start }: Node): string => `${file}:${source.slice(0, start).split("\n").length}`;
  const visit = (node: Node, depth: number, isShown: IsShown): void => {
    const sentence = sentenceOf(node);
    if (sentence !== null) {
      const finding = { place: placeOf(node), text: sentence.text };
      found.said.push({ ...finding, isPlural: sentence.isPlural });
      if (depth === 0) found.early.push(finding);
    } else if (isUnsaid(node, isShown)) {
      found.unsaid.push({ place: placeOf(node), text: textOf(node).trim() });
    }
    for (const [child, shown] of childrenOf(node, isShown))
      visit(child, /Function|Method|PropertyDefinition/.test(node.type) ? depth + 1 : depth, shown);
  };
  visit(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }, file) as unknown as Node, 0, false);
}

/** What the catalogue is asked for in `node`; null where it is asked for nothing. */
function sentenceOf(node: Node): { readonly text: string; readonly isPlural: boolean } | null {
  if (node.type === "TaggedTemplateExpression" && /^(t|tNodes)$/.test(nameOf(node.tag)))
    return { text: keyOf(node.quasi as Node), isPlural: false };
  if (node.type === "CallExpression" && nameOf(node.callee) === "tPlural")
    return { text: String((node.arguments as Node[])[2]?.value), isPlural: true };
  return null;
}

const nameOf = (node: unknown): string => {
  const { type, name, property } = node as { type: string; name?: string; property?: { name?: string } };
  return (type === "MemberExpression" ? property?.name : name) ?? "";
};

const keyOf = (template: Node): string =>
  (template.quasis as { value: { cooked: string } }[])
    .map(({ value }) => value.cooked)
    .reduce((key, part, index) => `${key}{${index - 1}}${part}`);

const textOf = (node: Node): string => (node.type === "TemplateLiteral" ? keyOf(node) : String(node.value));

/** Whether a node's value stands on the page as it is; null where nobody reads what is in it. */
type IsShown = boolean | null;

function isUnsaid(node: Node, isShown: IsShown): boolean {
  if (isShown === null) return false;
  if (node.type === "JSXText") return HAS_WORD.test(textOf(node));
  const isText = node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
  if (!isText) return false;
  const text = textOf(node).replace(/\{\d+\}/g, "");
  return isShown
    ? HAS_WORD.test(text) && !/^https?:/.test(text)
    : IS_SENTENCE.test(textOf(node)) && HAS_WORD.test(text);
}

/** The parts of a node that may hold text for people, each with whether its value stands on the page as it is. */
function* childrenOf(node: Node, isShown: IsShown): Generator<[Node, IsShown]> {
  if (/^(ImportDeclaration|ImportExpression|TS\w+(Type|Declaration)|ExportAllDeclaration)$/.test(node.type)) return;
  const isUnread =
    isShown === null ||
    (/^(CallExpression|NewExpression)$/.test(node.type) && UNREAD_CALLS.test(nameOf(node.callee))) ||
    (node.type === "JSXAttribute" && UNREAD.test(nameOf(node.name)));
  const isSaid = sentenceOf(node) !== null;
  for (const [name, value] of Object.entries(node)) {
    // A property's name is for the program.
    if (node.type === "Property" && name === "key" && node.computed === false) continue;
    // What is compared or looked up is not shown.
    if (
      /^(test|callee|tag|left|object|property|discriminant|typeArguments|typeAnnotation)$/.test(name) &&
      !isShownSide(node, name)
    ) {
      if (isNode(value)) yield [value, isUnread ? null : false];
      continue;
    }
    for (const child of Array.isArray(value) ? value : [value]) {
      if (!isNode(child)) continue;
      if (isSaid && (child.type === "Literal" || child.type === "TemplateLiteral")) {
        for (const expression of (child.expressions as Node[] | undefined) ?? [])
          yield [expression, isUnread ? null : false];
        continue;
      }
      yield [child, isUnread ? null : standsAsItIs(node, child, isShown)];
    }
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** `a ?? "b"` and `a && "b"` may be shown on both sides, `a === "b"` on none. */
const isShownSide = (node: Node, name: string): boolean => node.type === "LogicalExpression" && name === "left";

function standsAsItIs(node: Node, child: Node, isShown: boolean): boolean {
  if (node.type === "JSXElement" || node.type === "JSXFragment") return child.type === "JSXExpressionContainer";
  if (node.type === "JSXAttribute")
    return (
      child.type === "JSXExpressionContainer" ||
      /^(title|alt|placeholder|label|hint|aria-label)$/.test(nameOf(node.name))
    );
  return (
    isShown &&
    /^(JSXExpressionContainer|ConditionalExpression|LogicalExpression|ParenthesizedExpression)$/.test(node.type)
  );
}
