import type { InputValues, ReportReason, SharedFact } from "@darkroom/contracts";

/** How a caller's own picture is shared. */
export interface ShareView {
  /** Where anyone sees it; null if that is not known any more, because it was shared under another `AUTH_SECRET`. */
  readonly url: string | null;
  /** The page there, with what is told of it. */
  readonly pageUrl: string | null;
  readonly facts: readonly SharedFact[];
  /** Whether it is in the gallery too. */
  readonly isPublished: boolean;
}

/** What a caller who shares a picture is answered; `url` null and no facts: it is not shared. */
export interface Shared extends ShareView {
  readonly outputId: string;
}

/** A shared picture as anyone sees it: with what its owner tells, and null for everything else. */
export interface SharedPictureView {
  /** What names it in public; empty for what was taken down and is shared no longer, of which `url` is the file itself. */
  readonly token: string;
  /** The picture, without what ComfyUI wrote into it. */
  readonly url: string;
  readonly pageUrl: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly prompt: string | null;
  readonly seed: number | null;
  readonly settings: {
    readonly workflow: { readonly slug: string; readonly name: string };
    readonly inputs: InputValues;
  } | null;
  /** The name of who made it. */
  readonly by: string | null;
  /** Since when it is in the gallery; null: it is not. */
  readonly publishedAt: string | null;
  readonly isOwn: boolean;
  /** For operators alone; null for everybody else. */
  readonly moderation: Moderation | null;
}

/** What operators see of a shared picture beside the picture. */
export interface Moderation {
  readonly outputId: string;
  readonly ownerId: string;
  /** Reports that nobody has decided on yet. */
  readonly reports: number;
  readonly reasons: readonly ReportReason[];
  /** Since when it is taken down; null: it is not. */
  readonly hiddenAt: string | null;
  readonly hiddenReason: string | null;
}
