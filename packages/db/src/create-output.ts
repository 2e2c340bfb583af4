import type { OutputKind, OwnedEvent } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface NewOutput {
  readonly outputId: string;
  readonly sha256: string;
  readonly storageKey: string;
  readonly kind: OutputKind;
  readonly mimeType: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number;
  readonly seed: number | null;
}

export declare function createOutput(
  database: Database,
  creation: { jobId: string; attempt: number; ordinal: number; output: NewOutput },
): Promise<OwnedEvent[] | null>;
