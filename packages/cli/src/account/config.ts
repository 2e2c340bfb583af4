import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UsageError } from "../usage-error.ts";

/** What `darkroom login` keeps, in a file that only its owner reads. */
export interface Config {
  readonly url?: string;
  readonly apiKey?: string;
}

/** The file's settings; none where there is no file. @throws UsageError */
export async function readConfig(path: string): Promise<Config> {
  let config: unknown;
  try {
    config = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new UsageError(path, `cannot be read (${(error as Error).message}): ${WHAT_TO_DO}`);
  }
  if (!isConfig(config)) throw new UsageError(path, `must hold an object with url and apiKey: ${WHAT_TO_DO}`);
  return config;
}

const WHAT_TO_DO = "remove it, and sign in again with darkroom login";

function isConfig(value: unknown): value is Config {
  if (typeof value !== "object" || value === null) return false;
  const { url = "", apiKey = "" } = value as Record<string, unknown>;
  return typeof url === "string" && typeof apiKey === "string";
}

export async function writeConfig(path: string, config: Config): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // `mode` counts only for a file that is new.
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
}
