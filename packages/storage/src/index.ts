export * from "./image.ts";
export * from "./storage.ts";
