import type { Engine } from "../engine/engine.ts";
import type { Site } from "../site/site.ts";
import { jsonReply, type Reply, type Routes } from "../transport/http-server.ts";
import { type JobView, jobOfItem, jobOfRecord } from "./job-view.ts";

const statuses = ["pending", "in_progress", "completed", "failed", "cancelled"];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `/api/jobs`: the newer view of the same queue and history. */
export function jobRoutes(engine: Engine, { dialect }: Site): Routes {
  const { queue, history, ledger } = engine;

  function all(detailed: boolean): JobView[] {
    return [
      ...queue.pending().map((item) => jobOfItem(item, "pending")),
      ...queue.running().map((item) => jobOfItem(item, "in_progress")),
      ...history.list().map((record) => jobOfRecord(record, detailed)),
    ];
  }

  function cancel(id: string): boolean {
    if (queue.running().some((item) => item.promptId === id)) {
      engine.interrupt();
      return true;
    }
    const removed = queue.remove(id);
    if (removed) ledger.deleted(id);
    return removed;
  }

  const reading: Routes = {
    "GET /api/jobs": (request) => list(all(false), request.url.searchParams),

    "GET /api/jobs/{id}": (request) => {
      const job = all(true).find((candidate) => candidate.id === request.params.id);
      return job === undefined ? jsonReply({ error: "Job not found" }, 404) : jsonReply(job);
    },
  };
  const canceling: Routes = {
    "POST /api/jobs/{id}/cancel": (request) => jsonReply({ cancelled: cancel(request.params.id ?? "") }),

    "POST /api/jobs/cancel": async (request) => {
      let body: unknown;
      try {
        body = await request.json();
      } catch {
        return jsonReply({ error: "Request body must be valid JSON" }, 400);
      }
      const ids = typeof body === "object" && body !== null && "job_ids" in body ? body.job_ids : null;
      if (!Array.isArray(ids)) return jsonReply({ error: "job_ids must be a list" }, 400);
      const invalid = ids.filter((id) => typeof id !== "string" || !uuid.test(id));
      if (invalid.length > 0) {
        return jsonReply({ error: "job_ids contains invalid id(s)", invalid_ids: invalid }, 400);
      }
      return jsonReply({ cancelled: ids.map((id) => cancel(String(id))).some(Boolean) });
    },
  };
  if (dialect.jobs === "none") return {};
  return dialect.jobs === "read" ? reading : { ...reading, ...canceling };
}

function list(jobs: JobView[], query: URLSearchParams): Reply {
  const refuse = (error: string): Reply => jsonReply({ error }, 400);
  const wanted = query.get("status")?.split(",") ?? statuses;
  const unknown = wanted.filter((status) => !statuses.includes(status));
  if (unknown.length > 0) {
    return refuse(`Invalid status value(s): ${unknown.join(", ")}. Valid values: ${statuses.join(", ")}`);
  }
  const limitText = query.get("limit");
  if (limitText !== null && !/^-?\d+$/.test(limitText)) return refuse("limit must be an integer");
  const limit = limitText === null ? null : Number(limitText);
  if (limit !== null && limit <= 0) return refuse("limit must be a positive integer");
  const sortBy = query.get("sort_by") ?? "created_at";
  if (sortBy !== "created_at" && sortBy !== "execution_duration") {
    return refuse("sort_by must be 'created_at' or 'execution_duration'");
  }
  const offset = Math.max(0, Number(query.get("offset") ?? 0) || 0);
  const workflow = query.get("workflow_id");
  const sign = query.get("sort_order") === "asc" ? 1 : -1;
  const rank = (job: JobView): number =>
    sortBy === "created_at" ? job.create_time : (job.execution_end_time ?? 0) - (job.execution_start_time ?? 0);
  const found = jobs
    .filter((job) => wanted.includes(job.status) && (workflow === null || job.workflow_id === workflow))
    .sort((a, b) => sign * (rank(a) - rank(b)));
  const page = found.slice(offset, limit === null ? undefined : offset + limit);
  const has_more = offset + page.length < found.length;
  return jsonReply({ jobs: page, pagination: { offset, limit, total: found.length, has_more } });
}
