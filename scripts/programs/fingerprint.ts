import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Differs when a file that `inputs` name, and `except` does not, is another, has another name, is new or is gone, and when
 * the whole has moved.
 */
export function fingerprint(root: string, inputs: readonly string[], except: RegExp): string {
  const hash = createHash("sha256").update(root);
  const paths = globSync([...inputs], { cwd: root, exclude: (path) => except.test(path) });
  for (const path of paths.sort()) {
    const file = join(root, path);
    if (!except.test(path) && statSync(file).isFile()) hash.update(path).update(readFileSync(file));
  }
  return hash.digest("hex");
}
