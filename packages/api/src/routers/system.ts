import type { SystemInfo } from "../answers.ts";
import { systemInfo } from "../system-info.ts";
import { procedure, router } from "../trpc.ts";

export const systemRouter = router({
  ping: procedure("public", "read").query((): { ok: true; at: string } => ({ ok: true, at: new Date().toISOString() })),

  info: procedure("public", "read").query(({ ctx }): Promise<SystemInfo> => systemInfo(ctx)),
});
