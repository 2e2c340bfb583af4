import { type Database, describedBackends } from "@darkroom/db";
import { readAllowed } from "./allowed-nodes.ts";
import type { CheckSite } from "./check-workflow.ts";

/** What the installation offers a workflow now. */
export async function readSite(database: Database): Promise<CheckSite> {
  const [backends, allowed] = await Promise.all([describedBackends(database), readAllowed(database)]);
  return { backends, allowed };
}
