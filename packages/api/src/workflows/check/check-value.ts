import {
  type Choice,
  choiceFor,
  closestTo,
  type Finding,
  type Graph,
  isExactInteger,
  isModelFile,
  type NodeInput,
  plainFileName,
} from "@darkroom/contracts";
import { listed } from "../../words.ts";
import { missingModelText } from "../missing.ts";
import { finding } from "./finding.ts";
import { asNumber, wholeOf } from "./python-number.ts";

/** The input of a node that a finding is about. */
export interface At {
  readonly graph: Graph;
  readonly nodeId: string;
  readonly field: string;
}

/** What only a link can carry: ComfyUI lets a plain value pass and fails when the node runs. */
const linkedTypes: ReadonlySet<string> = new Set([
  ...["MODEL", "CLIP", "VAE", "CONDITIONING", "LATENT", "IMAGE", "MASK", "AUDIO", "VIDEO"],
  ...["CONTROL_NET", "CLIP_VISION", "CLIP_VISION_OUTPUT", "STYLE_MODEL", "GLIGEN", "UPSCALE_MODEL"],
  ...["NOISE", "SAMPLER", "SIGMAS", "GUIDER", "HOOKS", "MODEL_PATCH", "LATENT_OPERATION", "PHOTOMAKER"],
  ...["AUDIO_ENCODER", "AUDIO_ENCODER_OUTPUT", "MESH", "VOXEL"],
]);

/**
 * What ComfyUI says to a plain value: it unwraps, converts, compares with the bounds and looks for it among the choices. Nothing where
 * it takes the value for what it is; a warning where it takes it for something else.
 *
 * @param allowed the choices of a combo; null where any value will do
 */
export function checkValue(given: unknown, input: NodeInput, allowed: readonly Choice[] | null, at: At): Finding[] {
  const value = unwrapped(given);
  // What newer classes give as a file of some 3D format has a type for each: FILE_3D_GLB.
  if (input.type.split(",").every((type) => linkedTypes.has(type.trim()) || /^ *FILE_3D/.test(type))) {
    // None is what the node gets of an optional input that nothing is linked to.
    if (value === null && !input.required) return [];
    const message = `The input ${at.field} takes ${input.type} from another node, and holds ${shown(value)}. Link it to one in ComfyUI and import the workflow again.`;
    return [finding("LINK_TYPE", message, at)];
  }
  if (input.type === "STRING") return warnings(isOddText(value), value, "a text (“None” for null)", "a text", at);
  if (input.type === "BOOLEAN") return warnings(isOddBoolean(value), value, String(isTrue(value)), "true or false", at);
  const unfit = checkNumber(value, input, at);
  if (unfit !== null) return [unfit];
  return allowed === null || isChosen(value, allowed, input) ? [] : [missingChoice(value, allowed, at)];
}

/** Lists are links, so that the editor wraps a list that is a value. ComfyUI unwraps whatever is wrapped so. */
function unwrapped(value: unknown): unknown {
  return typeof value === "object" && value !== null && "__value__" in value ? value.__value__ : value;
}

function warnings(isOdd: boolean, value: unknown, becomes: string, wanted: string, at: At): Finding[] {
  if (!isOdd) return [];
  const message = `${at.field} is ${shown(value)}, which ComfyUI takes for ${becomes}. Give it ${wanted}.`;
  return [finding("VALUE_WRONG_TYPE", message, { ...at, severity: "warning" })];
}

function isOddText(value: unknown): boolean {
  return typeof value === "object" && !isExactInteger(value);
}

function isOddBoolean(value: unknown): boolean {
  return typeof value !== "boolean" && value !== 0 && value !== 1 && !/^true$/i.test(String(value));
}

/** Python's `bool`: a text is true unless it is empty, also “false”. */
function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isExactInteger(value)) return true;
  return typeof value === "object" ? Object.keys(value ?? {}).length > 0 : Boolean(value);
}

/**
 * Checks that an input can make a number of the value, and that it is within the bounds. ComfyUI converts values of INT and
 * FLOAT only; another type with bounds takes nothing but a number.
 */
function checkNumber(value: unknown, input: NodeInput, at: At): Finding | null {
  const { type } = input;
  const isNumeric = type === "INT" || type === "FLOAT";
  if (!isNumeric && input.min === undefined && input.max === undefined) return null;
  const number = isNumeric ? asNumber(value, type) : typeof value === "string" ? null : asNumber(value, "FLOAT");
  if (number === null) {
    const kind = type === "INT" ? "a whole number" : "a number";
    return finding("VALUE_WRONG_TYPE", `${at.field} must be ${kind}, and is ${shown(value)}.`, at);
  }
  const exact = (type === "INT" ? wholeOf(value) : null) ?? number;
  const isLow = input.min !== undefined && isBelow(exact, input.min);
  const isHigh = input.max !== undefined && isAbove(exact, input.max);
  if (!isLow && !isHigh) return null;
  const given = isExactInteger(value) ? value.$integer : number;
  return finding("VALUE_OUT_OF_BOUNDS", `${at.field} is ${given}; this node takes ${rangeOf(input)}.`, at);
}

/** Bounds of 2^63 − 1 and 2^64 − 1 in `/object_info`, and their negatives, of which JavaScript makes the powers of two. */
const roundedBounds: readonly number[] = [2 ** 63, 2 ** 64];

function isAbove(value: number | bigint, max: number): boolean {
  return value > max || (roundedBounds.includes(max) && value >= max);
}

function isBelow(value: number | bigint, min: number): boolean {
  return value < min || (roundedBounds.includes(-min) && value <= min);
}

/** `1 to 10`, with what is unbounded left out. */
export function rangeOf({ min, max }: { readonly min?: number; readonly max?: number }): string {
  const [least, most] = [min, max].map((bound) => (bound === undefined ? undefined : digitsOf(bound)));
  if (least === undefined) return `${most} at most`;
  return most === undefined ? `${least} at least` : `${least} to ${most}`;
}

function digitsOf(bound: number): string {
  if (!roundedBounds.includes(Math.abs(bound))) return String(bound);
  return String(BigInt(bound) - BigInt(Math.sign(bound)));
}

function isChosen(value: unknown, allowed: readonly Choice[], { multiselect }: NodeInput): boolean {
  return multiselect && Array.isArray(value) ? value.every((one) => isAmong(one, allowed)) : isAmong(value, allowed);
}

/**
 * Python's `in`: a number is a choice whatever its notation, and `True` is 1; a text is no number. A file may have the separators of
 * another server: it is sent with those of this one.
 */
export function isAmong(value: unknown, allowed: readonly Choice[]): boolean {
  if (typeof value === "string") return choiceFor(value, allowed) !== undefined;
  const plain = (one: unknown): unknown => (typeof one === "boolean" ? Number(one) : one);
  return allowed.some((choice) => plain(choice) === plain(value));
}

function missingChoice(given: unknown, allowed: readonly Choice[], at: At): Finding {
  const value = String(given);
  const closest = closestTo(
    value,
    allowed.map((choice) => plainFileName(String(choice))),
  );
  const instead = closest.length === 0 ? "The server has none at all." : `The closest it has: ${listed(closest)}.`;
  const subject = { ...at, closest };
  return isModelFile(value)
    ? finding("MODEL_MISSING", missingModelText(value, at.field, closest), subject)
    : finding("CHOICE_MISSING", `${shown(given)} is no choice of ${at.field}. ${instead}`, subject);
}

/** A value for people: a text in quotes, so that it is told from the number it may look like. */
function shown(value: unknown): string {
  if (typeof value === "string") return `“${value}”`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
