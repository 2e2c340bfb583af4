import { ComfyProtocolError } from "./errors.ts";
import type { HttpConnection } from "./http/http-connection.ts";
import type { ComfyTimeouts } from "./http/timeouts.ts";

/** Model files by folder, as the server lists them. */
export type ModelFiles = Readonly<Record<string, readonly string[]>>;

/** `/models` names these as well, and no node loads what is in them as a model. */
const notModels: ReadonlySet<string> = new Set(["configs", "custom_nodes", "datasets"]);

/** The files of every folder that has some. Null from a server without `/models`. */
export async function readModels(http: HttpConnection, timeouts: ComfyTimeouts): Promise<ModelFiles | null> {
  const list = async (path: string): Promise<string[]> => {
    const raw = await http.json({ method: "GET", path, timeoutMs: timeouts.catalogMs });
    return Array.isArray(raw) ? raw.filter((name) => typeof name === "string") : [];
  };
  const folders = await list("/models").catch((error: unknown) => {
    if (error instanceof ComfyProtocolError && error.status === 404) return null;
    throw error;
  });
  if (folders === null) return null;
  const found: Record<string, readonly string[]> = {};
  // One after the other: each walks a disk that may be slow, in the server's one event loop.
  for (const folder of folders.filter((name) => !notModels.has(name))) {
    const files = await list(`/models/${encodeURIComponent(folder)}`);
    if (files.length > 0) found[folder] = files;
  }
  return found;
}
