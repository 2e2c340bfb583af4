import { fileTypeFromBuffer, fileTypeFromFile } from "file-type";

/** The type of a film or sound, by the first bytes of the file; null for everything else. Nothing of it is decoded. */
export async function mediaType(path: string): Promise<string | null> {
  return playable((await fileTypeFromFile(path))?.mime);
}

/** The same while the file is still coming, by what is there of it: a guess, which the whole file may turn out to deny. */
export async function mediaTypeOfHead(head: Uint8Array): Promise<string | null> {
  return playable((await fileTypeFromBuffer(head))?.mime);
}

function playable(mimeType: string | undefined): string | null {
  return mimeType !== undefined && /^(video|audio)\//.test(mimeType) ? mimeType : null;
}
