import { type Media, media } from "../media.ts";
import type { Parameter } from "./workflow.ts";

/** What a file must be that is given for a parameter of this kind; null: the kind takes no file. */
export function mediaOfKind(kind: Parameter["kind"]): Media | null {
  if (kind === "image" || kind === "mask") return "image";
  return media.find((one) => one === kind) ?? null;
}

/** The kinds whose value is a file. A mask is a picture, too. */
export type FileKind = Media | "mask";

export const isFileKind = (kind: Parameter["kind"]): kind is FileKind => mediaOfKind(kind) !== null;
