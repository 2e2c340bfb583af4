import { emptyReply, jsonReply, type Request, type Routes } from "../http-server.ts";
import type { SimulatorControl } from "../simulator.ts";

/** `/simulator/control`: the one route that ComfyUI has not. Answers to this machine only. */
export function controlRoutes(control: SimulatorControl): Routes {
  const show = () => jsonReply({ pace: control.pace(), prompts: control.ledger() });
  return {
    "GET /simulator/control": (request) => (isLocal(request) ? show() : emptyReply(404)),
    "POST /simulator/control": async (request) => {
      if (!isLocal(request)) return emptyReply(404);
      const body = await request.json();
      if (typeof body !== "object" || body === null) return emptyReply(400);
      const { stepMs, loadMs, speed, dropSockets } = body as Record<string, unknown>;
      const numbers = { stepMs, loadMs, speed };
      const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
      if (given.some(([, value]) => typeof value !== "number" || !Number.isFinite(value) || value < 0)) {
        return jsonReply({ error: "stepMs, loadMs and speed must be numbers of at least 0" }, 400);
      }
      if (speed === 0) return jsonReply({ error: "speed must be above 0" }, 400);
      control.setPace(Object.fromEntries(given));
      if (dropSockets === true) control.dropSockets();
      return show();
    },
  };
}

function isLocal(request: Request): boolean {
  const address = request.incoming.socket.remoteAddress ?? "";
  return address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");
}
