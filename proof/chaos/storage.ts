import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createTestBucket } from "@darkroom/storage/testing";

/** Where a cluster keeps its pictures: in a folder, or in a bucket of an S3 server of its own. */
export type StorageKind = "disk" | "bucket";

/** A cluster's storage, and how the auditor finds what is in it without asking the product. */
export interface ClusterStorage {
  /** What a process of ours is given to store there. */
  readonly env: Readonly<Record<string, string>>;
  /** The file on this machine that holds what is stored under a key. */
  pathOf(storageKey: string): string;
  close(): Promise<void>;
}

/** The link between the product and its bucket. */
export const bucketLink = "s3";

/** @param link makes a proxy of that name in front of a port and returns the proxy's own port */
export async function createClusterStorage(
  kind: StorageKind,
  { folder, link }: { readonly folder: string; link(name: string, targetPort: number): Promise<number> },
): Promise<ClusterStorage> {
  if (kind === "disk") {
    const root = join(folder, "storage");
    return {
      env: { STORAGE_URL: pathToFileURL(root).href },
      pathOf: (storageKey) => join(root, storageKey),
      close: async () => undefined,
    };
  }
  // With the evidence, for a bucket that answers 500 holds the whole queue.
  const log = join(folder, "bucket.log");
  const bucket = await createTestBucket((error) => appendFileSync(log, `${new Date().toISOString()} ${error.stack}\n`));
  const port = await link(bucketLink, Number(new URL(bucket.variables.AWS_ENDPOINT_URL_S3 ?? "").port));
  return {
    env: { ...bucket.variables, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
    // s3rver's own name for an object's content.
    pathOf: (storageKey) => join(bucket.folder, "pictures", "darkroom", `${storageKey}._S3rver_object`),
    close: bucket.close,
  };
}
