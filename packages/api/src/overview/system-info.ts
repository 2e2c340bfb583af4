import { VERSION } from "@darkroom/contracts";
import { isPaused, readNotice } from "@darkroom/db";
import type { SystemInfo } from "../answers/index.ts";
import { backendViews } from "../backends/backend-views.ts";
import type { Services } from "../context.ts";

/** What anybody may know of this installation: no addresses, no owners. */
export async function systemInfo(
  services: Pick<Services, "database" | "admission" | "signInWays" | "fileLimits" | "pushKey">,
): Promise<SystemInfo> {
  const [backends, paused, notice, entrances] = await Promise.all([
    backendViews(services),
    isPaused(services.database),
    readNotice(services.database),
    services.admission.now(),
  ]);
  const live = backends.filter(({ state }) => state === "up");
  return {
    name: "darkroom",
    version: VERSION,
    backends: { live: live.length, known: backends.length },
    simulator: live.some(({ simulator }) => simulator),
    paused,
    notice,
    entrances,
    signIn: services.signInWays,
    push: { publicKey: services.pushKey },
    maxFileBytes: services.fileLimits,
  };
}
