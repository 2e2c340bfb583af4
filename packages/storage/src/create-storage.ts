import { createDiskStorage } from "./disk-storage.ts";
import type { BucketBounds } from "./s3-bucket.ts";
import { createS3Storage } from "./s3-storage.ts";
import type { Storage } from "./storage.ts";
import { parseStorageConfig, type StorageVariables } from "./storage-config.ts";

/**
 * The storage that `STORAGE_URL` and, for a bucket, the AWS variables name. `bounds` are a bucket's.
 * Throws StorageMisconfigured.
 */
export function createStorage(variables: StorageVariables, bounds: Partial<BucketBounds> = {}): Storage {
  const config = parseStorageConfig(variables);
  return config.type === "disk" ? createDiskStorage(config.folder) : createS3Storage(config, bounds);
}
