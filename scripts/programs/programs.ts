import { join } from "node:path";

/** What we start as a process of its own. */
export type Program = "web" | "worker" | "simulator" | "migrate" | "admin-link";

/** The file of each program for Node, absolute or from the repository's root. */
export type Programs = Readonly<Record<Program, string>>;

/** As they were written, for development. */
export const sources: Programs = {
  web: "apps/web/src/server/main.ts",
  worker: "apps/worker/src/main.ts",
  simulator: "packages/simulator/src/main.ts",
  migrate: "packages/db/src/migrate/main.ts",
  "admin-link": "packages/auth/src/admin-link-main.ts",
};

/** The bundles of `bundlePrograms` in that folder. */
export function bundledIn(folder: string): Programs {
  const names = Object.keys(sources) as Program[];
  return Object.fromEntries(names.map((name) => [name, join(folder, `${name}.mjs`)])) as Record<Program, string>;
}

/** The bundles that tests made for all their processes, as the environment says; without them the sources. */
export function givenPrograms(): Programs {
  const folder = process.env.DARKROOM_PROGRAMS;
  return folder === undefined ? sources : bundledIn(folder);
}
