import { fileTypeFromFile } from "file-type";

/** The type of a film or sound, by the first bytes of the file; null for everything else. Nothing of it is decoded. */
export async function mediaType(path: string): Promise<string | null> {
  const mimeType = (await fileTypeFromFile(path))?.mime;
  return mimeType !== undefined && /^(video|audio)\//.test(mimeType) ? mimeType : null;
}
