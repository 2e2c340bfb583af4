import { appRouter } from "../app-router.ts";
import type { Context } from "../context.ts";
import type { Operation } from "./operations.ts";

/**
 * Calls an operation's procedure as any other door does: with its guards, limits and errors.
 *
 * @throws TRPCError what the procedure throws
 */
export async function callOperation({ procedure }: Operation, input: unknown, ctx: Context): Promise<unknown> {
  const [router = "", name = ""] = procedure.split(".");
  const caller = appRouter.createCaller(ctx, { signal: ctx.signal }) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  return caller[router]?.[name]?.(input);
}
