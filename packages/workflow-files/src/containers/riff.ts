import { latin1Of, textOf, untilZero } from "../parts/bytes.ts";
import { id3Tags } from "../parts/id3.ts";
import { type Chunk, riffChunks } from "../parts/riff-chunks.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

/**
 * WAV and AVI: texts of four letters in a list called `INFO`, of which `ICMT` is the comment, and in WAV an ID3 tag; before or after
 * the sound and picture, which are stepped over.
 */
export async function* readRiff(file: Ranges): AsyncGenerator<Tag> {
  for await (const chunk of riffChunks(file, 12, file.size)) {
    if (chunk.type === "LIST") yield* infoTexts(file, chunk);
    if (chunk.type.toLowerCase() === "id3 ") yield* id3Tags(file, chunk.at);
  }
}

async function* infoTexts(file: Ranges, { at, length, place }: Chunk): AsyncGenerator<Tag> {
  if (length < 4 || latin1Of(await file.read(at, 4, place)) !== "INFO") return;
  for await (const info of riffChunks(file, at + 4, at + length, " in INFO")) {
    const isComment = info.type === "ICMT";
    // Programs that have no comment put a graph where a subject or keywords would be.
    const start = await file.readUpTo(info.at, Math.min(info.length, 1), info.place);
    if (!isComment && latin1Of(start) !== "{") continue;
    const { bytes } = untilZero(await file.read(info.at, info.length, info.place));
    yield tag("comment", textOf(bytes), info.place);
  }
}
