import { hasRole } from "@darkroom/contracts";
import { recordAction } from "@darkroom/db";
import type { Context } from "../context.ts";
import { errorFacts } from "../errors.ts";
import { accessTo } from "./doors.ts";
import { seesEveryJob } from "./visibility.ts";

/** Characters that are kept of a text. That says what it was; a graph or a prompt is not kept whole. */
const MAX_TEXT = 200;
/** As many items of a list, and as deep. */
const MAX_ITEMS = 50;
const MAX_DEPTH = 4;

/**
 * Writes down what an operator changed, or was refused. Whether it is an operator's is told by the door, so that a new procedure
 * is written down without being asked. An action that could not be written down was done all the same, and the log says so.
 */
export async function audit(
  ctx: Context,
  { path, input, error }: { readonly path: string; readonly input: unknown; readonly error: unknown },
): Promise<void> {
  const access = accessTo(path);
  if (access === null || access.role === "public" || !hasRole(access.role, "operator")) return;
  await writeDown(ctx, { action: path, input, refused: error === null ? null : errorFacts(error).code });
}

/** Writes an action down, whatever its door. `refused`: the code of the refusal; null: it was done. */
export async function writeDown(
  {
    database,
    log,
    principal,
    requestId = null,
  }: Pick<Context, "database" | "log" | "principal"> & { readonly requestId?: string | null | undefined },
  { action, input, refused }: { readonly action: string; readonly input: unknown; readonly refused: string | null },
): Promise<void> {
  const entry = { ownerId: principal.ownerId, action, input: shortened(input), refused, requestId };
  log.info(entry, "operator action");
  await recordAction(database, entry).catch((failure: unknown) =>
    log.error({ ...entry, err: failure }, "an operator's action could not be written down"),
  );
}

/**
 * Does something to what is the caller's own or, for an operator, to what is somebody else's. That is written down, and why it was
 * refused: those doors are open to everybody for what is their own, so they do not tell.
 *
 * @param act does it to what these owners have, null: anybody; null if they have no such thing
 */
export async function actOnOwnOrOthers<Answer>(
  ctx: Context,
  { action, input }: { readonly action: string; readonly input: unknown },
  act: (ownerIds: readonly string[] | null) => Promise<Answer | null>,
): Promise<Answer | null> {
  const own = await act(ctx.principal.ownerIds);
  if (own !== null || !seesEveryJob(ctx.principal)) return own;
  try {
    const others = await act(null);
    if (others !== null) await writeDown(ctx, { action, input, refused: null });
    return others;
  } catch (error) {
    await writeDown(ctx, { action, input, refused: errorFacts(error).code });
    throw error;
  }
}

/** An input cut to what a person reads of it. */
export function shortened(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => shortened(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ITEMS);
  return Object.fromEntries(entries.map(([key, item]) => [key, shortened(item, depth + 1)]));
}
