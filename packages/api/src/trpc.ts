import { DarkroomError } from "@darkroom/contracts";
import { initTRPC } from "@trpc/server";
import { authorize } from "./access/authorize.ts";
import type { Context } from "./context.ts";
import { errorFacts, refusalOf, toTrpcError, trpcNumberOf } from "./errors.ts";

const t = initTRPC.context<Context>().create({
  // Stacks tell a caller nothing that helps and much that is ours.
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const facts = errorFacts(error);
    return {
      ...shape,
      message: facts.message,
      code: trpcNumberOf(facts.trpcCode) as typeof shape.code,
      data: {
        path: shape.data.path,
        httpStatus: facts.httpStatus,
        code: facts.code,
        fields: facts.fields,
        retryAfterSeconds: facts.retryAfterSeconds,
        requestId: ctx?.requestId ?? null,
      },
    };
  },
});

/** A procedure that lets in whom the table of doors names for its path, and whose refusals reach callers as ours. */
export const procedure = t.procedure.use(async ({ ctx, path, next }) => {
  try {
    authorize(path, ctx.principal);
  } catch (error) {
    throw error instanceof DarkroomError ? toTrpcError(error) : error;
  }
  const result = await next();
  const refusal = result.ok ? null : refusalOf(result.error.cause);
  if (refusal !== null) throw toTrpcError(refusal);
  return result;
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
