import { z } from "zod";
import type { SimulatorControl } from "../control.ts";
import { faultSchema, listFaultKinds } from "../faults/fault.ts";
import { emptyReply, jsonReply, type Request, type Routes } from "../transport/http-server.ts";

const pace = z.number().min(0).optional();

const changes = z.strictObject({
  stepMs: pace,
  loadMs: pace,
  settleMs: pace,
  speed: z.number().positive().optional(),
  /** Files by folder, in place of all that are there. */
  models: z.record(z.string(), z.array(z.string())).optional(),
  dropSockets: z.boolean().optional(),
  /** Lifted before new ones are added: ids, or all. */
  lift: z.union([z.literal("all"), z.array(z.string())]).optional(),
  faults: z.array(faultSchema).optional(),
});

/** Below `/simulator`: what ComfyUI has not. Answers to this machine only. */
export function controlRoutes(control: SimulatorControl): Routes {
  const kinds = listFaultKinds();
  const faults = () => ({ kinds, active: control.faults() });
  const show = () =>
    jsonReply({
      version: control.version,
      pace: control.pace(),
      models: control.models(),
      prompts: control.ledger(),
      faults: faults(),
    });
  return {
    "GET /simulator/control": (request) => (isLocal(request) ? show() : emptyReply(404)),
    // Without the ledger, which grows with every prompt.
    "GET /simulator/faults": (request) => (isLocal(request) ? jsonReply(faults()) : emptyReply(404)),
    "POST /simulator/control": async (request) => {
      if (!isLocal(request)) return emptyReply(404);
      const given = changes.safeParse(await bodyOf(request));
      if (!given.success) return jsonReply({ error: z.prettifyError(given.error) }, 400);
      const { models, dropSockets, lift = [], faults: added = [], ...paces } = given.data;
      const unknown = lift === "all" ? [] : lift.filter((id) => !control.faults().some((fault) => fault.id === id));
      if (unknown.length > 0) return jsonReply({ error: `✖ No such fault: ${unknown.join(", ")}\n  → at lift` }, 400);
      control.setPace(paces);
      if (models !== undefined) control.setModels(models);
      if (dropSockets === true) control.dropSockets();
      if (lift === "all") control.liftFaults();
      else for (const id of lift) control.liftFault(id);
      for (const fault of added) control.addFault(fault);
      return show();
    },
  };
}

/** What is no JSON is refused as what is no object. */
async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

function isLocal(request: Request): boolean {
  const address = request.incoming.socket.remoteAddress ?? "";
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}
