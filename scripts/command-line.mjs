// Reads what a command was given, by the table of commands. No dependency and no TypeScript: nothing is installed yet. Node's
// own parseArgs is not in every Node that may come here, and its errors take three lines.
import { commands } from "./commands.mjs";

/** A mistake in how a command was called. Its message is one line, that names the option and what is allowed. */
export class UsageError extends Error {}

/**
 * The arguments for a command's program.
 *
 * @param {string} name A key of `commands`
 * @param {string[]} given What follows it
 * @returns {string[] | null} null if the usage is asked for
 * @throws UsageError
 */
export function readCommandLine(name, given) {
  const { options = {}, words = [], parsesItself = false } = commandOf(name);
  if (parsesItself) return given;
  if (given.includes("--help") || given.includes("-h")) return null;
  const args = [];
  const places = [...words];
  const seen = new Set();
  for (let at = 0; at < given.length; at += 1) {
    const text = given[at];
    // What npm wants before our options, and pnpm hands on.
    if (text === "--") continue;
    if (!text.startsWith("-")) {
      const place = places[0]?.repeated ? places[0] : places.shift();
      if (place === undefined) throw new UsageError(`${name}: does not take "${text}"; ${takes(options, words)}`);
      args.push(check(name, place.takes, place, text));
      continue;
    }
    const [, option = "", joined] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(text) ?? [];
    if (!Object.hasOwn(options, option))
      throw new UsageError(`${name}: has no option ${text}; ${takes(options, words)}`);
    const rule = options[option];
    if (seen.has(option) && !rule.repeated) throw new UsageError(`${name}: --${option} is there twice`);
    seen.add(option);
    if (rule.takes === undefined) {
      if (joined !== undefined) throw new UsageError(`${name}: --${option} takes no value`);
      args.push(text);
      continue;
    }
    if (joined === undefined) at += 1;
    args.push(`--${option}=${check(name, `--${option}`, rule, joined ?? given[at])}`);
  }
  return args;
}

function commandOf(name) {
  if (Object.hasOwn(commands, name)) return commands[name];
  throw new UsageError(`"${name}" is not one of ${Object.keys(commands).join(", ")}`);
}

function check(name, called, { must }, text) {
  if (text !== undefined && must.allows(text)) return text;
  throw new UsageError(`${name}: ${called} must be ${must.words}${text === undefined ? "" : `, and "${text}" is not`}`);
}

function takes(options, words) {
  const all = [...Object.keys(options).map((option) => `--${option}`), ...words.map((word) => word.takes), "--help"];
  return `it takes ${all.join(", ")}`;
}

/** What a command does and takes, as lines to print. */
export function usageOf(name) {
  const { does, options = {}, words = [] } = commandOf(name);
  const named = Object.entries(options).map(([option, rule]) => ({
    ...rule,
    sign: [`--${option}`, rule.takes].filter(Boolean).join(" "),
  }));
  const all = [...named, ...words.map((word) => ({ ...word, sign: word.takes }))];
  const signs = all.map(({ sign, repeated }) => `[${sign}]${repeated ? " …" : ""}`);
  const width = Math.max(0, ...all.map(({ sign }) => sign.length));
  return [
    ["usage:", ["start", "test"].includes(name) ? "npm" : "pnpm", name, ...signs].join(" "),
    does,
    ...all.map(({ sign, must, says }) => `  ${sign.padEnd(width)}  ${[must?.words, says].filter(Boolean).join("; ")}`),
  ].join("\n");
}

/** Every command with what it does. */
export function listOfCommands() {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(width)}  ${does}`);
  return ["usage: pnpm COMMAND [--help]", ...lines].join("\n");
}
