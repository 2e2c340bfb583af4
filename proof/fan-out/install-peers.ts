import { execFile } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Installs what we are measured beside into a folder that git ignores and nothing else reads; answers the folder. */
export async function installPeers(): Promise<string> {
  const folder = join(import.meta.dirname, "../../.cache/fan-out");
  await mkdir(folder, { recursive: true });
  const files = ["package.json", "package-lock.json"];
  await Promise.all(files.map((file) => copyFile(join(import.meta.dirname, "peers", file), join(folder, file))));
  const npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await promisify(execFile)("npm", npm, { cwd: folder, timeout: 300_000 });
  return folder;
}
