import type { Engine } from "../engine/engine.ts";
import type { Graph, PromptItem } from "../protocol/graph.ts";
import type { Site } from "../site/site.ts";
import { jsonReply, type Reply, type Routes } from "../transport/http-server.ts";

import { errorOf, type NodeErrors, type PromptError, validatePrompt } from "../validation/validate-prompt.ts";

const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// Never kept: they would be readable in the queue and the history.
const secrets = ["auth_token_comfy_org", "api_key_comfy_org"];

/** `POST /prompt`, with the checks in ComfyUI's order, and `GET /prompt`. */
export function promptRoutes(engine: Engine, site: Site, outputOrder: (ids: string[]) => string[]): Routes {
  let counter = 0;

  function refuse(error: PromptError, nodeErrors: NodeErrors = {}): Reply {
    return jsonReply({ error, node_errors: nodeErrors }, 400);
  }

  return {
    "GET /prompt": () => jsonReply({ exec_info: { queue_remaining: engine.queue.remaining() } }),

    "POST /prompt": async (request) => {
      const body = await request.json();
      if (typeof body !== "object" || body === null) throw new TypeError("not a mapping");
      const given = body as Record<string, unknown>;
      const number = numberOf(given, counter);
      if (!("number" in given)) counter += 1;
      if (!("prompt" in given)) return refuse(errorOf("no_prompt", "No prompt provided", "No prompt provided"));

      const promptId = promptIdOf(given, site);
      if (promptId === null) {
        const details =
          "prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one";
        return refuse(errorOf("invalid_prompt_id", "prompt_id must be a valid UUID", details));
      }
      const graph = given.prompt;
      if (Array.isArray(graph) && graph.length === 0 && site.dialect.promptIds === "any") {
        return refuse(errorOf("prompt_no_outputs", "Prompt has no outputs"));
      }
      if (typeof graph !== "object" || graph === null || Array.isArray(graph)) throw new TypeError("not a mapping");
      const targets = given.partial_execution_targets;
      const wanted = Array.isArray(targets) ? targets.map(String) : null;
      const validation = validatePrompt(graph as Graph, site, wanted, outputOrder);
      const extraData = extraDataOf(given);
      if (!validation.ok) return refuse(validation.error, validation.nodeErrors);

      const item: PromptItem = {
        number,
        promptId,
        graph: graph as Graph,
        extraData: site.dialect.stampsPrompts ? { ...extraData, create_time: site.clock.now() } : extraData,
        outputs: outputOrder(validation.outputs),
      };
      engine.ledger.submitted(item);
      engine.queue.put(item);
      return jsonReply({ prompt_id: promptId, number, node_errors: validation.nodeErrors });
    },
  };
}

/** Null: to be refused. */
function promptIdOf(given: Readonly<Record<string, unknown>>, { dialect, random }: Site): string | null {
  if (dialect.promptIds === "uuid") {
    const id = given.prompt_id ?? random.uuid();
    return typeof id === "string" && canonicalUuid.test(id) ? id : null;
  }
  if (!("prompt_id" in given)) return random.uuid();
  return given.prompt_id === null ? "None" : String(given.prompt_id);
}

function numberOf(given: Readonly<Record<string, unknown>>, counter: number): number {
  if ("number" in given) {
    const number = typeof given.number === "string" ? Number(given.number) : given.number;
    if (typeof number !== "number" || Number.isNaN(number)) throw new TypeError("could not convert string to float");
    return number;
  }
  return given.front === true ? -counter : counter;
}

function extraDataOf(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const extra = "extra_data" in given ? given.extra_data : {};
  if (typeof extra !== "object" || extra === null) throw new TypeError("argument of type 'NoneType' is not iterable");
  const kept = Object.fromEntries(Object.entries(extra).filter(([key]) => !secrets.includes(key)));
  return "client_id" in given ? { ...kept, client_id: given.client_id } : kept;
}
