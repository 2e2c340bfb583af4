import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { migrationsFolder } from "../migrate/pending-migrations.ts";
import { createDatabase, type Database, type DatabaseOptions } from "../postgres/client.ts";
import { stepsSchema } from "../postgres/steps.ts";

export { type BoundedCalls, boundedCalls, deepCursor, reportBackends } from "./bounded-calls.ts";
export { fillJobs, heavyOwner, otherOwner } from "./fill-jobs.ts";
export { newJob } from "./new-job.ts";
export { type TimedDatabase, timedDatabase } from "./timed-database.ts";
export { wideLimits } from "./wide-limits.ts";

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the connections and removes the database. */
  drop(): Promise<void>;
}

/**
 * A database of one's own, migrated and empty, on the server of `adminUrl`: a copy of a template that is made once per
 * set of migrations (about 20 ms).
 */
export async function createTestDatabase(
  adminUrl: string,
  options: Pick<DatabaseOptions, "statementTimeoutMs"> = {},
): Promise<TestDatabase> {
  const template = `darkroom_template_${await migrationsHash()}`;
  const name = `darkroom_test_${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  await asAdmin(adminUrl, async (sql) => {
    // Session-scoped: CREATE DATABASE cannot run in a transaction.
    await sql`SELECT pg_advisory_lock(7309003)`;
    try {
      await makeTemplate(sql, adminUrl, template);
      await sql.unsafe(`CREATE DATABASE "${name}" TEMPLATE "${template}" STRATEGY FILE_COPY`);
    } finally {
      await sql`SELECT pg_advisory_unlock(7309003)`;
    }
  });
  const url = urlOf(adminUrl, name);
  const database = createDatabase(url, { ...options, applicationName: "test" });
  return {
    database,
    url,
    async drop() {
      await database.close();
      await asAdmin(adminUrl, (sql) => sql.unsafe(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
    },
  };
}

async function makeTemplate(sql: postgres.Sql, adminUrl: string, template: string): Promise<void> {
  const existing = await sql`SELECT 1 FROM pg_database WHERE datname = ${template}`;
  if (existing.length > 0) return;
  // Renamed when it is whole: a run that was killed half-way leaves no broken template behind.
  const draft = `${template}_draft`;
  await sql.unsafe(`DROP DATABASE IF EXISTS "${draft}" WITH (FORCE)`);
  await sql.unsafe(`CREATE DATABASE "${draft}"`);
  // Loaded only here: drizzle takes longer to load than a copy of the template takes to make.
  const { migrate } = await import("../migrate/migrate.ts");
  await migrate({ url: urlOf(adminUrl, draft) });
  await sql.unsafe(`ALTER DATABASE "${draft}" RENAME TO "${template}"`);
}

/** A session of this process with a server, by its address. */
interface Admin {
  readonly sql: postgres.Sql;
  /** Settles once nobody uses it. */
  free: Promise<unknown>;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

const admins = new Map<string, Admin>();
const ADMIN_IDLE_MS = 1000;

/**
 * Has the admin's session for itself while `body` runs. It is kept for a moment: tests come close together, and to connect costs
 * Postgres as much as to copy a database. The driver's own idle timeout would close it under a query that just came.
 */
async function asAdmin<T>(adminUrl: string, body: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const admin = admins.get(adminUrl) ?? openAdmin(adminUrl);
  admins.set(adminUrl, admin);
  clearTimeout(admin.closing);
  admin.users += 1;
  const answer = admin.free.then(() => body(admin.sql));
  admin.free = answer.catch(() => undefined);
  try {
    return await answer;
  } finally {
    admin.users -= 1;
    if (admin.users === 0) admin.closing = setTimeout(() => closeAdmin(adminUrl, admin), ADMIN_IDLE_MS);
  }
}

function openAdmin(url: string): Admin {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => undefined });
  return { sql, free: Promise.resolve(), users: 0, closing: undefined };
}

function closeAdmin(url: string, { sql }: Admin): void {
  admins.delete(url);
  void sql.end({ timeout: 5 });
}

function urlOf(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash("sha256");
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith(".sql")).sort();
  for (const file of files) hash.update(await readFile(join(migrationsFolder, file)));
  return hash.update(stepsSchema).digest("hex").slice(0, 12);
}
