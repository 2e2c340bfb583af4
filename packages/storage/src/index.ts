export * from "./create-storage.ts";
export * from "./describe-file.ts";
export * from "./image.ts";
export * from "./preview.ts";
export * from "./storage.ts";
export { parseStorageConfig, type StorageVariables, storageProblem } from "./storage-config.ts";
export * from "./thumbnail.ts";
