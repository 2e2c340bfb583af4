import { DarkroomError, ruleWords } from "@darkroom/contracts";
import { initTRPC } from "@trpc/server";
import { z } from "zod";
import { withoutNulls } from "./access/absent-nulls.ts";
import { assertBounded } from "./access/assert-bounded.ts";
import { assertStorable } from "./access/assert-storable.ts";
import { audit } from "./access/audit.ts";
import { authorize } from "./access/authorize.ts";
import { boundCall } from "./access/bound-call.ts";
import { noteSubmit } from "./access/note-submit.ts";
import type { Context } from "./context.ts";
import { refusalOf, requestIdOfError, toTrpcError, trpcErrorShape } from "./errors.ts";

// For every schema of the process, wherever its words reach a caller.
z.config({ customError: ruleWords });

const t = initTRPC.context<Context>().create({
  // Stacks tell a caller nothing that helps and much that is ours.
  isDev: false,
  // A dead stream is known within 7 s, as a dead socket is: nobody tells an EventSource that its peer is gone.
  sse: { ping: { enabled: true, intervalMs: 3000 }, client: { reconnectAfterInactivityMs: 6500 } },
  errorFormatter({ shape, error, ctx }) {
    const own = trpcErrorShape(error, { path: shape.data.path, requestId: ctx?.requestId ?? requestIdOfError(error) });
    return { ...own, code: own.code as typeof shape.code };
  },
});

const guarded = t.procedure.use(async ({ ctx, path, type, getRawInput, next }) => {
  const startMs = Date.now();
  try {
    authorize(path, ctx.principal);
    // A call without input may come without a body, which is no JSON. Where an input is asked for, reading it fails again.
    const input = await getRawInput().catch(() => undefined);
    assertBounded(path, input);
    assertStorable(input);
    // A subscription is no work in flight: it is counted, bounded and checked with the connection that carries it.
    const result = type === "subscription" ? await next() : await boundCall(ctx, next);
    noteSubmit(ctx, { path, startMs, result });
    if (type === "mutation") await audit(ctx, { path, input, error: result.ok ? null : result.error });
    const refusal = result.ok ? null : refusalOf(result.error.cause);
    if (refusal !== null) throw refusal;
    return result;
  } catch (error) {
    throw error instanceof DarkroomError ? toTrpcError(error) : error;
  }
});

/**
 * A procedure that lets in whom the table of doors names for its path, bounds the caller's work and the answer, and whose
 * refusals reach callers as ours. A null in its input where its schema takes none is left out.
 */
export const procedure = {
  ...guarded,
  input: (schema: z.ZodType) =>
    guarded
      .use(({ next, getRawInput }) =>
        next({ getRawInput: async () => withoutNulls(schema, await getRawInput()) } as Parameters<typeof next>[0]),
      )
      .input(schema),
} as typeof guarded;

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
