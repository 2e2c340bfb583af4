import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type postgres from "postgres";
import { migrationsFolder } from "./pending-migrations.ts";

/** How far a program, or a database, has come. Versions are the numbers of migrations: `0010_schema_version` is 10. */
export interface SchemaVersion {
  readonly version: number;
  /** From which version on a program may run on this schema. */
  readonly oldestProgram: number;
}

/**
 * What the migrations of this program make of a database. Each file says in its first line which is the oldest program
 * that may go on running on what it makes; the latest of them counts.
 *
 * @throws Error naming a file that says nothing.
 */
export async function ownSchemaVersion(): Promise<SchemaVersion> {
  const files = (await readdir(migrationsFolder)).filter((file) => file.endsWith(".sql"));
  const stated = await Promise.all(
    files.map(async (file) => {
      const oldest = /^-- oldest program: (\d+)\n/.exec(await readFile(join(migrationsFolder, file), "utf8"))?.[1];
      if (oldest === undefined) throw new Error(`${file} must begin with "-- oldest program: " and a version`);
      return Number(oldest);
    }),
  );
  return { version: Math.max(...files.map((file) => Number.parseInt(file, 10))), oldestProgram: Math.max(...stated) };
}

/**
 * Why this program may not use the database, in a sentence that names both versions; null if it may. A newer schema says
 * itself who may, so that old and new programs can run side by side while one takes the other's place.
 */
export async function newerSchemaReason(sql: postgres.Sql): Promise<string | null> {
  const own = await ownSchemaVersion();
  const [tables] = await sql<[{ migrations: string | null; versions: string | null }]>`
    SELECT to_regclass('drizzle.__drizzle_migrations')::text AS migrations,
      to_regclass('public.schema_version')::text AS versions`;
  if (tables.migrations === null) return null;
  const [{ version }] = await sql<[{ version: number }]>`
    SELECT (count(*) - 1)::int AS version FROM drizzle.__drizzle_migrations`;
  if (version <= own.version) return null;
  const [stated] =
    tables.versions === null
      ? []
      : await sql<{ oldestProgram: number }[]>`
          SELECT oldest_program AS "oldestProgram" FROM schema_version WHERE version = ${version}`;
  const oldest = stated?.oldestProgram ?? version;
  if (own.version >= oldest) return null;
  return (
    `the database's schema is of version ${version} and may be used by programs from version ${oldest} on; ` +
    `this program is of version ${own.version}. Start a newer Darkroom, or restore the backup from before the migration.`
  );
}
