import { DarkroomError, fieldErrors, fieldsMessage } from "@darkroom/contracts";
import { z } from "zod";
import type { FaultKind, SetFaults, SimulatorFaults } from "../answers/index.ts";
import type { Services } from "../context.ts";
import { backendViews } from "./backend-views.ts";

/** It is on this machine, or it does not answer at all. */
const PATIENCE_MS = 3000;

type Fault = Readonly<Record<string, unknown>> & { readonly kind: string };

const told = z.object({
  kinds: z.array(
    z.object({
      kind: z.string(),
      about: z.string(),
      fields: z.record(z.string(), z.unknown()),
      required: z.array(z.string()),
    }),
  ),
  active: z.array(
    z.object({ id: z.string(), fault: z.looseObject({ kind: z.string() }), struck: z.number().int().min(0) }),
  ),
});

/** What can go wrong on a simulator, in its own words, and what does now. */
export async function simulatorFaults(services: Services, backendId: string): Promise<SimulatorFaults> {
  return { backendId, ...(await readFaults(await simulatorUrl(services, backendId))) };
}

/** Lifts what goes wrong there, and has these faults go wrong from now on. */
export async function setSimulatorFaults(
  services: Services,
  { backendId, faults }: { readonly backendId: string; readonly faults: readonly Fault[] },
): Promise<SetFaults> {
  const url = await simulatorUrl(services, backendId);
  const { kinds } = await readFaults(url);
  for (const [index, fault] of faults.entries()) assertFault(kinds, fault, ["faults", String(index)]);
  const active = await ask(url, "control", { lift: "all", faults })
    .then(() => readFaults(url))
    .then((read) => read.active)
    .catch((error: unknown) => {
      if (error instanceof DarkroomError && error.code === "UNAVAILABLE") return null;
      throw error;
    });
  return { backendId, active };
}

/** Refuses in our words what the simulator would refuse in its own. */
function assertFault(kinds: readonly FaultKind[], { kind, ...given }: Fault, path: readonly string[]): void {
  const known = kinds.find((one) => one.kind === kind);
  const rule =
    known === undefined
      ? z.object({ kind: z.enum(kinds.map((one) => one.kind)) })
      : z.fromJSONSchema({
          type: "object",
          properties: known.fields as Record<string, z.core.JSONSchema.JSONSchema>,
          required: [...known.required],
          additionalProperties: false,
        });
  const { error } = rule.safeParse(known === undefined ? { kind } : given);
  if (error !== undefined) throw invalid(fieldErrors(error, path));
}

async function simulatorUrl(services: Services, backendId: string): Promise<string> {
  const backend = (await backendViews(services)).find((view) => view.backendId === backendId);
  if (backend === undefined) throw new DarkroomError("NOT_FOUND", "There is no such backend.");
  if (backend.simulator) return backend.url;
  throw invalid([{ path: "backendId", message: "is a real ComfyUI: only the simulator fails on demand" }]);
}

const readFaults = async (url: string) => told.parse(await ask(url, "faults"));

/** @param body what is posted; undefined: it is only read */
async function ask(url: string, route: "control" | "faults", body?: object): Promise<unknown> {
  const answer = await fetch(`${url.replace(/\/$/, "")}/simulator/${route}`, {
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    throw new DarkroomError("UNAVAILABLE", "The simulator does not answer.", { retryAfterSeconds: 5, cause });
  });
  if (answer.status === 404)
    throw new DarkroomError(
      "FORBIDDEN",
      "The simulator takes faults from its own machine alone, and this is another one.",
    );
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status} to ${route}`);
  return answer.json();
}

const invalid = (fields: ReturnType<typeof fieldErrors>): DarkroomError =>
  new DarkroomError("INPUT_INVALID", fieldsMessage(fields), { fields });
