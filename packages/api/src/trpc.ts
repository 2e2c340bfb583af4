import { type ApiKeyScope, DarkroomError, hasRole, type Role } from "@darkroom/contracts";
import { initTRPC } from "@trpc/server";
import type { Context } from "./context.ts";
import { errorFacts, refusalOf, toTrpcError, trpcNumberOf } from "./errors.ts";

/** Who may call a procedure. Every procedure declares it; one middleware enforces it. */
export interface ProcedureMeta {
  /** The role it takes; `public` and `guest` let every visitor in, `public` says that it tells nothing of anyone. */
  readonly auth: "public" | Role;
  /** The scope an API key needs; `session` refuses keys: only people at a browser may do it. */
  readonly scope: ApiKeyScope | "session";
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
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

/** Throws unless the context's principal may call a procedure with this meta. */
export function authorize(meta: ProcedureMeta | undefined, { principal }: Pick<Context, "principal">): void {
  if (meta === undefined) throw new DarkroomError("INTERNAL", "a procedure without meta.auth");
  if (principal.kind === "apiKey") {
    if (meta.scope === "session") throw new DarkroomError("FORBIDDEN", "API keys cannot do this; sign in instead.");
    if (!principal.scopes.includes(meta.scope)) {
      throw new DarkroomError("FORBIDDEN", `This API key lacks the scope ${meta.scope}.`);
    }
  }
  if (meta.auth === "public" || hasRole(principal.role, meta.auth)) return;
  throw principal.role === "guest"
    ? new DarkroomError("FORBIDDEN", "Sign in with an account that may do this.")
    : new DarkroomError("FORBIDDEN", `This needs the role ${meta.auth}.`);
}

const guarded = t.procedure.use(async ({ ctx, meta, next }) => {
  try {
    authorize(meta, ctx);
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

/** A procedure for callers with this role, and for API keys with this scope. */
export function procedure(auth: ProcedureMeta["auth"], scope: ProcedureMeta["scope"]) {
  return guarded.meta({ auth, scope });
}
