/** What `main.ts` reads from the environment. */
export interface MigrateEnv {
  readonly databaseUrl: string;
}

/** @throws Error naming the variable and its rule. */
export function readEnv(environment: NodeJS.ProcessEnv = process.env): MigrateEnv {
  const databaseUrl = environment.DATABASE_URL ?? "";
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new Error("DATABASE_URL must be a URL that begins with postgres:// or postgresql://");
  }
  return { databaseUrl };
}
