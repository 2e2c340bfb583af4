import { accessSync, constants, globSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What runs before and beneath the product here, and the Debian package that brings it. */
const packages = { nginx: "nginx", caddy: "caddy", "redis-server": "redis-server", initdb: "postgresql" } as const;

export type ProgramName = keyof typeof packages;

/** Debian keeps servers where only root looks, and each version of Postgres apart. */
const folders = [
  ...(process.env.PATH ?? "").split(delimiter),
  "/usr/sbin",
  ...globSync("/usr/lib/postgresql/*/bin").toSorted().toReversed(),
];

/** The program's file. Throws naming the package that brings it. */
export function program(name: ProgramName): string {
  const file = find(name);
  if (file === null) throw new Error(`${name} is not installed: apt-get install ${packages[name]}`);
  return file;
}

/** The packages that are to be installed before this suite can run. */
export function missingPrograms(): string[] {
  const names = Object.keys(packages) as ProgramName[];
  return names.filter((name) => find(name) === null).map((name) => packages[name]);
}

function find(name: string): string | null {
  for (const folder of folders) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this folder
    }
  }
  return null;
}
