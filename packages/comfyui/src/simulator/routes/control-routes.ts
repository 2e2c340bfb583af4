import { z } from "zod";
import { emptyReply, jsonReply, type Request, type Routes } from "../http-server.ts";
import type { SimulatorControl } from "../simulator.ts";

const pace = z.number().min(0).optional();

const changes = z.strictObject({
  stepMs: pace,
  loadMs: pace,
  speed: z.number().positive().optional(),
  /** Files by folder, in place of all that are there. */
  models: z.record(z.string(), z.array(z.string())).optional(),
  dropSockets: z.boolean().optional(),
});

/** `/simulator/control`: the one route that ComfyUI has not. Answers to this machine only. */
export function controlRoutes(control: SimulatorControl): Routes {
  const show = () => jsonReply({ pace: control.pace(), models: control.models(), prompts: control.ledger() });
  return {
    "GET /simulator/control": (request) => (isLocal(request) ? show() : emptyReply(404)),
    "POST /simulator/control": async (request) => {
      if (!isLocal(request)) return emptyReply(404);
      const given = changes.safeParse(await request.json());
      if (!given.success) return jsonReply({ error: z.prettifyError(given.error) }, 400);
      const { models, dropSockets, ...paces } = given.data;
      control.setPace(paces);
      if (models !== undefined) control.setModels(models);
      if (dropSockets === true) control.dropSockets();
      return show();
    },
  };
}

function isLocal(request: Request): boolean {
  const address = request.incoming.socket.remoteAddress ?? "";
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}
