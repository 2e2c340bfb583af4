import type { Engine } from "../engine/engine.ts";
import { recordOnWire } from "../prompts/history.ts";
import { itemOnWire } from "../protocol/graph.ts";
import { emptyReply, jsonReply, type Routes } from "../transport/http-server.ts";

/** Queue, interrupt, history and free. */
export function queueRoutes(engine: Engine): Routes {
  const { queue, history, ledger } = engine;

  return {
    "GET /queue": () =>
      jsonReply({ queue_running: queue.running().map(itemOnWire), queue_pending: queue.pending().map(itemOnWire) }),

    "POST /queue": async (request) => {
      const body = fieldsOf(await request.json());
      if (body.clear === true) {
        for (const item of queue.pending()) ledger.deleted(item.promptId);
        queue.clear();
      }
      // A string is walked letter by letter by the real server too, which finds nothing.
      for (const id of listOf(body.delete)) if (queue.remove(id)) ledger.deleted(id);
      return emptyReply(200);
    },

    "POST /interrupt": async (request) => {
      const body = await request.body();
      const target = interruptTarget(body.toString("utf8"));
      if (target === null) engine.interrupt();
      else if (queue.running().some((item) => item.promptId === target)) engine.interrupt();
      return emptyReply(200);
    },

    "GET /history": (request) => {
      const records = history.list();
      const limit = integerOf(request.url.searchParams.get("max_items"));
      const offset = integerOf(request.url.searchParams.get("offset"));
      const from = offset !== null && offset >= 0 ? offset : limit === null ? 0 : Math.max(0, records.length - limit);
      const slice = records.slice(from, limit === null ? undefined : from + limit);
      return jsonReply(Object.fromEntries(slice.map((record) => [record.item.promptId, recordOnWire(record)])));
    },

    "GET /history/{id}": (request) => {
      const id = request.params.id ?? "";
      const record = history.get(id);
      return jsonReply(record === undefined ? {} : { [id]: recordOnWire(record) });
    },

    "POST /history": async (request) => {
      const body = fieldsOf(await request.json());
      if (body.clear === true) history.clear();
      for (const id of listOf(body.delete)) history.remove(id);
      return emptyReply(200);
    },

    "POST /free": async (request) => {
      const body = fieldsOf(await request.json());
      engine.free({ models: body.unload_models === true, memory: body.free_memory === true });
      return emptyReply(200);
    },
  };
}

function fieldsOf(body: unknown): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new TypeError("not a mapping");
  return body as Record<string, unknown>;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Null: whatever runs. No body and junk mean that too; an array is the real server's 500. */
function interruptTarget(text: string): string | null {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const target = fieldsOf(body).prompt_id;
  return typeof target === "string" && target !== "" ? target : null;
}

function integerOf(text: string | null): number | null {
  if (text === null) return null;
  if (!/^-?\d+$/.test(text)) throw new TypeError(`invalid literal for int() with base 10: '${text}'`);
  return Number(text);
}
