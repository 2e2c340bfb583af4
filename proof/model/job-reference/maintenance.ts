import { budget, jobTimeoutSeconds, leaseSeconds, silenceSeconds } from "../settings.ts";
import type { Tables } from "./tables.ts";
import { end, giveBack, orphan } from "./transitions.ts";

type IsAble = (backendId: string, capabilityKey: string) => boolean;

/** The half of a tick that happens in Postgres. `isAble` says what a backend's catalog can run. */
export function maintain(tables: Tables, isAble: IsAble): void {
  const last = tables.maintenance;
  const wasAway = last === null || last.tickedAt < tables.now - (leaseSeconds * 2000) / 3;
  const expireAfter = wasAway ? tables.now + leaseSeconds * 1000 : last.expireAfter;
  tables.maintenance = { tickedAt: tables.now, expireAfter };
  if (tables.now > expireAfter) {
    expireLeases(tables);
    giveUpAdoption(tables);
  }
  failIncapable(tables, isAble);
}

function expireLeases(tables: Tables): void {
  const jobs = [...tables.jobs.values()].toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
  for (const job of jobs) {
    if (!tables.isExpired(job.leaseUntil)) continue;
    if (job.state === "canceling") end(tables, job, "canceled", null);
    else if (tables.hasKilledWorkers(job)) end(tables, job, "failed", "POISON");
    else giveBack(tables, job, { reason: "lease-expired", outcome: "lease-expired", adoptable: true });
  }
}

function giveUpAdoption(tables: Tables): void {
  const before = tables.now - silenceSeconds * 1000;
  const waiting = [...tables.jobs.values()].filter(({ state }) => state === "queued");
  for (const job of waiting.toSorted((a, b) => a.queuedAt - b.queuedAt || (a.jobId < b.jobId ? -1 : 1))) {
    if (job.adoptBackendId === null) continue;
    const backend = tables.backends.get(job.adoptBackendId);
    const isDrained = backend?.drainingAt != null;
    const reachedAt = backend?.reachedAt ?? backend?.seenAt ?? job.changedAt;
    if (reachedAt >= before && !(isDrained && (backend.drainingAt ?? 0) < before)) continue;
    orphan(tables, job);
    job.adoptBackendId = null;
    job.changedAt = tables.now;
    if (backend !== undefined && backend.seenAt >= before && !isDrained) job.infraFailures += 1;
    if (job.infraFailures >= budget) end(tables, job, "failed", "POISON");
  }
}

function failIncapable(tables: Tables, isAble: IsAble): void {
  const live = [...tables.backends].filter(([, backend]) => tables.isLive(backend)).map(([backendId]) => backendId);
  const waiting = [...tables.jobs.values()].filter(({ state }) => state === "queued");
  const keys = new Set(waiting.map(({ capabilityKey }) => capabilityKey));
  const lacking = [...keys].filter((key) => live.length > 0 && !live.some((backendId) => isAble(backendId, key)));
  for (const key of tables.incapable.keys()) if (!lacking.includes(key)) tables.incapable.delete(key);
  for (const key of lacking) if (!tables.incapable.has(key)) tables.incapable.set(key, tables.now);
  for (const job of waiting.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1))) {
    const since = tables.incapable.get(job.capabilityKey);
    if (since === undefined || job.adoptBackendId !== null) continue;
    if (Math.max(since, job.changedAt) < tables.now - jobTimeoutSeconds * 1000)
      end(tables, job, "failed", "NO_CAPABLE_BACKEND");
  }
}
