export * from "./image.ts";
export * from "./preview.ts";
export * from "./storage.ts";
