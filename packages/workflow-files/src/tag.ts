import type { Ranges } from "./ranges.ts";

/** A named text that a file carries beside its picture, sound or video. */
export interface Tag {
  /** In lower case, as containers change the case: WebM writes `PROMPT`. */
  readonly name: string;
  readonly text: string;
  /** Where it stands, in words: `chunk tEXt at byte 33`. */
  readonly place: string;
}

/** Gives the texts of a file of one kind, in the order of the file; reads no further than it is asked. */
export type TagReader = (file: Ranges) => AsyncIterable<Tag>;

/**
 * The names whose text can hold a workflow or what another program writes of a picture. Others (colour profiles, covers,
 * thumbnails) are not even read.
 */
const wanted = new Set([
  ...["prompt", "workflow"],
  // Videos of VideoHelperSuite carry both in one comment, as do pictures of some other packs.
  ...["comment", "description"],
  // A1111, Forge and SwarmUI; InvokeAI. NovelAI writes a comment.
  ...["parameters", "invokeai_metadata", "sd-metadata"],
]);

export function isWanted(name: string): boolean {
  return wanted.has(name.toLowerCase());
}

export function tag(name: string, text: string, place: string): Tag {
  return { name: name.toLowerCase(), text, place };
}
