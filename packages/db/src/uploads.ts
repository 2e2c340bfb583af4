import type { Database } from "./client.ts";

export interface NewUpload {
  readonly uploadId: string;
  readonly ownerId: string;
  readonly sha256: string;
  readonly storageKey: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}
export type UploadFile = NewUpload & { readonly createdAt: string };

/** The owner must exist ({@link ensureOwner}). */
export declare function createUpload(database: Database, upload: NewUpload): Promise<void>;
export declare function uploadFile(
  database: Database,
  request: { uploadId: string; ownerIds: readonly string[] | null },
): Promise<UploadFile | null>;
