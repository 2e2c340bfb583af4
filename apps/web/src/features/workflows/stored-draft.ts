import { browserStorage } from "../../hooks/browser-storage.ts";
import type { FormValues } from "./draft.ts";

/** What is known of an uploaded file: enough to show it again after a reload. */
export interface FileNote {
  readonly name: string;
  /** Of a picture, in pixels; null for everything else. */
  readonly width: number | null;
  readonly height: number | null;
  /** A small JPEG of a picture as a data URL; null for everything else. */
  readonly thumbnail: string | null;
}

export interface StoredDraft {
  readonly values: Readonly<Record<string, unknown>>;
  readonly pictures: Readonly<Record<string, FileNote>>;
}

const keyOf = (slug: string): string => `darkroom.draft.${slug}`;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The draft of a workflow's form as it was left. */
export function readDraft(slug: string): StoredDraft {
  try {
    const parsed: unknown = JSON.parse(browserStorage().getItem(keyOf(slug)) ?? "null");
    if (isRecord(parsed) && isRecord(parsed.values)) {
      const pictures = isRecord(parsed.pictures) ? (parsed.pictures as Record<string, FileNote>) : {};
      return { values: parsed.values, pictures };
    }
  } catch {
    // A draft that can't be read is no draft.
  }
  return { values: {}, pictures: {} };
}

export function writeDraft(slug: string, values: FormValues, pictures: StoredDraft["pictures"]): void {
  try {
    browserStorage().setItem(keyOf(slug), JSON.stringify({ values, pictures }));
  } catch {
    // A full storage costs the draft, nothing else.
  }
}
