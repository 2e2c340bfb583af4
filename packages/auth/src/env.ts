import { z } from "zod";

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  PUBLIC_URL: z.url().optional(),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
});

/** Settings of the admin link's process; throws naming the variable and its rule. */
export function readEnvironment(source: Record<string, string | undefined> = process.env): {
  databaseUrl: string;
  publicUrl: string;
} {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
  }
  const { DATABASE_URL, PUBLIC_URL, PORT } = parsed.data;
  return { databaseUrl: DATABASE_URL, publicUrl: PUBLIC_URL ?? `http://localhost:${PORT}` };
}
