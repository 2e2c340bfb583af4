/** What the head of a film or a sound says of it. */
export interface MediaFacts {
  /** Pixels, as it is shown: turned where the file says so. Null for sounds, and where the file does not say. */
  readonly width: number | null;
  readonly height: number | null;
  readonly durationSeconds: number | null;
}

const unknown: MediaFacts = { width: null, height: null, durationSeconds: null };

/**
 * Reads how large and how long the film or sound at `path` is, from its container alone: nothing is decoded. What cannot be
 * read is unknown and no fault, since browsers play files that this reader does not understand.
 */
export async function measureMedia(path: string): Promise<MediaFacts> {
  // Only who receives such a file pays for the reader.
  const { ALL_FORMATS, FilePathSource, Input } = await import("mediabunny");
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryVideoTrack();
    const durationSeconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
    return {
      width: whole(track === null ? null : await track.getDisplayWidth()),
      height: whole(track === null ? null : await track.getDisplayHeight()),
      durationSeconds: durationSeconds > 0 && Number.isFinite(durationSeconds) ? durationSeconds : null,
    };
  } catch {
    return unknown;
  } finally {
    input.dispose();
  }
}

function whole(pixels: number | null): number | null {
  return pixels !== null && Number.isFinite(pixels) && pixels >= 1 ? Math.round(pixels) : null;
}
