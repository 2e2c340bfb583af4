import { browserStorage } from "../../hooks/browser-storage.ts";
import type { FormValues } from "./draft.ts";
import { onePicture, planFrom, type SweepPlan } from "./sweep-plan.ts";

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
  readonly plan: SweepPlan;
}

const keyOf = (slug: string): string => `darkroom.draft.${slug}`;
/** What goes along when somebody changes the workflow. */
const CARRIED_KEY = "darkroom.carried";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readRecord(key: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(browserStorage().getItem(key) ?? "null");
    return isRecord(parsed) && isRecord(parsed.values) ? parsed : null;
  } catch {
    // What can't be read is as if it were not there.
    return null;
  }
}

function write(key: string, kept: object): void {
  try {
    browserStorage().setItem(key, JSON.stringify(kept));
  } catch {
    // A full storage costs the draft, nothing else.
  }
}

const picturesIn = (stored: Record<string, unknown> | null): StoredDraft["pictures"] =>
  isRecord(stored?.pictures) ? (stored.pictures as Record<string, FileNote>) : {};

/** The draft of a workflow's form as it was left; over it, what was last written into another workflow's form. */
export function readDraft(slug: string): StoredDraft {
  const own = readRecord(keyOf(slug));
  const carried = readRecord(CARRIED_KEY);
  const fromOther = carried !== null && carried.slug !== slug ? carried : null;
  return {
    values: { ...(own?.values as object), ...(fromOther?.values as object) },
    pictures: { ...picturesIn(own), ...picturesIn(fromOther) },
    plan: own === null ? onePicture : planFrom(own.plan),
  };
}

/** @param carried what the form of another workflow shall begin with, too (`carriedValues`) */
export function writeDraft(slug: string, { values, pictures, plan }: StoredDraft, carried: FormValues): void {
  write(keyOf(slug), { values, pictures, plan });
  write(CARRIED_KEY, { slug, values: carried, pictures });
}
