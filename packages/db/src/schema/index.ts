export * from "./auth-tables.ts";
