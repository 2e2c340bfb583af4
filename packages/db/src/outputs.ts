import type { Output, OutputKind } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface OutputFile {
  readonly outputId: string;
  readonly jobId: string;
  readonly ownerId: string;
  readonly storageKey: string;
  readonly sha256: string;
  readonly kind: OutputKind;
  readonly mimeType: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly sizeBytes: number;
}
/** An output in a gallery. */
export interface ListedOutput extends Output {
  readonly createdAt: string;
  readonly workflow: string;
  readonly prompt: string | null;
}

export declare function outputFile(
  database: Database,
  request: { outputId: string; ownerIds: readonly string[] | null },
): Promise<OutputFile | null>;
export declare function outputById(
  database: Database,
  request: { outputId: string; ownerIds: readonly string[] | null },
): Promise<ListedOutput | null>;
export declare function listOutputs(
  database: Database,
  filter: {
    ownerIds: readonly string[] | null;
    limit: number;
    cursor?: string | null;
    kind?: OutputKind;
    workflow?: string;
  },
): Promise<{ readonly items: readonly ListedOutput[]; readonly nextCursor: string | null }>;
