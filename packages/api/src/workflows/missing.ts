import { listed } from "../words.ts";
import { modelFolder } from "./graph/model-folder.ts";
import { ownClasses } from "./graph/own-classes.ts";

/**
 * That a server lacks a class, and how to get it: a newer ComfyUI for one of its own, else the node pack that the file names.
 *
 * @param title what its author called the node, where nothing else names it
 * @param version the server's; null if it has not told
 */
export function missingNodeText(
  classType: string,
  { title, pack, version }: { title?: string | undefined; pack: string | undefined; version: string | null },
): string {
  const node = title === undefined || title === classType ? classType : `${classType} (“${title}”)`;
  return `The node ${node} is not installed. ${wayOut(classType, pack, version)}`;
}

/**
 * That a server lacks a model, where its file belongs, and what there is instead.
 *
 * @param input the name of the loader's input, which tells the folder
 * @param closest what the server has, most similar first
 */
export function missingModelText(file: string, input: string | undefined, closest: readonly string[]): string {
  const folder = input === undefined ? null : modelFolder(input);
  const place = folder === null ? "its folder of models" : `models/${folder}`;
  const instead = closest.length === 0 ? "It has none at all." : `The closest it has: ${listed(closest)}.`;
  return `The model “${file}” is not installed. Put the file into ${place} on the ComfyUI server, or choose another. ${instead}`;
}

function wayOut(classType: string, pack: string | undefined, version: string | null): string {
  const own = ownClasses.get(classType);
  if (own !== undefined) {
    const has = version === null ? "" : `, and this server has ${version}`;
    const isOlder = version === null || isBefore(version, own.since);
    return isOlder
      ? `It comes with ComfyUI ${own.since}${has}: update ComfyUI on the server.`
      : `It comes with ComfyUI ${own.since}${has}: it failed to load or is switched off there. Look at what the server printed when it started, or update ComfyUI.`;
  }
  const name = pack === undefined ? "the custom node pack it comes from" : `the node pack “${pack}” that it comes from`;
  const search = pack === undefined ? " (ComfyUI-Manager names it)" : "";
  return `Install ${name} on the server${search}, or replace it.`;
}

/** Compares versions by their numbers. */
function isBefore(version: string, other: string): boolean {
  const [ours, theirs] = [version, other].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (ours?.[at] ?? 0) - (theirs?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
