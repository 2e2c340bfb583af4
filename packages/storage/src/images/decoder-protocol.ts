import type { StoredImage } from "./image.ts";
import type { ThumbnailRequest } from "./thumbnail.ts";

/** What a decoder process is asked: one at a time. Paths are of files that both processes see. */
export type DecoderTask =
  | { readonly type: "reencode"; readonly path: string; readonly target: string }
  | { readonly type: "thumbnail"; readonly path: string; readonly target: string; readonly request: ThumbnailRequest };

/**
 * What it answers. `invalid` blames the picture, `failed` something else, such as the disk; `exhausted` is the last word of
 * a process whose memory a picture has filled.
 */
export type DecoderAnswer =
  | { readonly type: "reencoded"; readonly image: StoredImage }
  | { readonly type: "made" }
  | { readonly type: "exhausted" }
  | { readonly type: "invalid"; readonly message: string }
  | { readonly type: "failed"; readonly message: string; readonly code: string | null };
