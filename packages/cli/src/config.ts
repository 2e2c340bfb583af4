import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What `darkroom login` keeps, in a file that only its owner reads. */
export interface Config {
  readonly url?: string;
  readonly apiKey?: string;
}

/** The file's settings; none where there is no file. */
export async function readConfig(path: string): Promise<Config> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Config;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(`${path} cannot be read: ${(error as Error).message}`);
  }
}

export async function writeConfig(path: string, config: Config): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // `mode` counts only for a file that is new.
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
}
