/** What people bring as a file for a job. */
export const media = ["image", "video", "audio", "3d"] as const;
export type Media = (typeof media)[number];

/** What a file of this type is; null for one that no job takes. A 3D model's type begins with `model/`. */
export function mediaOfType(mimeType: string): Media | null {
  const [kind] = mimeType.split("/");
  return media.find((one) => one === (kind === "model" ? "3d" : kind)) ?? null;
}

/** What people call each, in a sentence. */
export const mediaWords: Readonly<Record<Media, string>> = {
  image: "picture",
  video: "video",
  audio: "sound",
  "3d": "3D model",
};

/** The most bytes of a file of each kind that is uploaded. */
export type FileLimits = Readonly<Record<Media, number>>;

const MB = 1024 ** 2;

/** Pictures are decoded by us, which bounds them; the others are only passed on. */
export const MAX_PICTURE_BYTES = 20 * MB;

/** ComfyUI takes requests of 100 MB unless it is started with `--max-upload-size`, and the form around the file counts. */
export const defaultFileLimits: FileLimits = {
  image: MAX_PICTURE_BYTES,
  video: 95 * MB,
  audio: 95 * MB,
  "3d": 95 * MB,
};
