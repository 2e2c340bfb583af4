import "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of the database `postgres`, as a superuser. */
    postgresUrl: string;
    redisUrl: string;
  }
}
