import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";

const folder = join(import.meta.dirname, "../steps");

const text = readdirSync(folder)
  .filter((file) => file.endsWith(".sql"))
  .sort()
  .map((file) => readFileSync(join(folder, file), "utf8"))
  .join("\n");

/**
 * The schema of the functions in `steps/*.sql`, named after their text: a program calls its own functions, whichever others
 * there are, so an old and a new one can run side by side. docs/decisions says why they are functions at all.
 */
export const stepsSchema = `steps_${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;

/** Installs this program's functions if they are not there. */
export async function installSteps(sql: postgres.Sql): Promise<void> {
  if (await areStepsInstalled(sql)) return;
  const functions = text.replaceAll("steps.", `${stepsSchema}.`);
  await sql.begin((tx) => tx.unsafe(`CREATE SCHEMA ${stepsSchema};\n${functions}`));
}

export async function areStepsInstalled(sql: postgres.Sql): Promise<boolean> {
  const [found] = await sql<[{ installed: boolean }]>`SELECT to_regnamespace(${stepsSchema}) IS NOT NULL AS installed`;
  return found.installed;
}

/** The function `name` of `steps/*.sql`, to be called in a statement. */
export const step = (sql: postgres.ISql, name: string) => sql(`${stepsSchema}.${name}`);
