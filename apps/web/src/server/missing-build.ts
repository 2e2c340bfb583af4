import { existsSync } from "node:fs";
import { join } from "node:path";

/** What to do where Next has not built the pages of `folder`; null if it has. */
export function missingBuild(folder: string): string | null {
  // Next writes it last, so a build that broke off has none.
  if (existsSync(join(folder, ".next", "BUILD_ID"))) return null;
  return "the pages are not built: pnpm build builds them, npm start does so by itself, and WEB_ROLE=gateway serves none";
}
