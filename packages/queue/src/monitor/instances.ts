import {
  type ConnectionDetail,
  connectionDetailSchema,
  type InstanceReport,
  instanceReportSchema,
} from "@darkroom/contracts";
import type { Redis } from "../redis/client.ts";
import { INSTANCE_TTL_SECONDS, type Keys } from "../redis/keys.ts";
import { defineScript } from "../redis/script.ts";

/** Open connections of one process: owner id → how many, and address key → how many of guests. */
export interface ConnectionCountsBy {
  readonly owners: ReadonlyMap<string, number>;
  readonly addresses: ReadonlyMap<string, number>;
}

/** A living process. */
export interface KnownInstance {
  readonly report: InstanceReport;
  /** Owner id → open connections; empty unless it was asked for. */
  readonly owners: ReadonlyMap<string, number>;
  /** The newest connections; empty unless it was asked for. */
  readonly connections: readonly ConnectionDetail[];
}

/** How a process is, and what it holds. */
export interface ToldInstance {
  readonly report: InstanceReport;
  readonly connections: readonly ConnectionDetail[];
  /** All counts there are; null: those that Redis has are right. */
  readonly counts: ConnectionCountsBy | null;
}

/** A connection that comes, or one that has gone. The counts are the process' own, with this change in them. */
export interface CountChange {
  /** `limit` is null of one that has gone. */
  readonly owner: { readonly id: string; readonly count: number; readonly limit: number | null };
  /** Of guests whose address is known. */
  readonly address: { readonly key: string; readonly count: number; readonly limit: number | null } | null;
}

/** What has no room for a connection; null: it is counted. */
export type Full = "owner" | "address" | null;

/** What the processes tell each other of themselves, in Redis. Everything rejects while Redis is down. */
export interface Instances {
  /**
   * Keeps this process among the living for 15 s. False: Redis has lost its counts, so that a report with `counts` is due.
   */
  report(told: ToldInstance): Promise<boolean>;
  /** Takes this process out, when it ends. */
  leave(instanceId: string): Promise<void>;
  /**
   * Counts connections as they come and go, in that order: each that comes if there is room for it over all processes. Answers what
   * has no room for it.
   */
  count(instanceId: string, changes: readonly CountChange[]): Promise<readonly Full[]>;
  /** Every living process, by id. */
  list(options?: { readonly withConnections?: boolean }): Promise<readonly KnownInstance[]>;
}

const ownerField = (ownerId: string): string => `o:${ownerId}`;
const addressField = (addressKey: string): string => `a:${addressKey}`;

/** Field → count. */
function fieldsOf({ owners, addresses }: ConnectionCountsBy): [string, number][] {
  return [
    ...[...owners].map(([id, count]): [string, number] => [ownerField(id), count]),
    ...[...addresses].map(([key, count]): [string, number] => [addressField(key), count]),
  ];
}

const detailsSchema = connectionDetailSchema.array();

function readInstance(flat: readonly string[]): KnownInstance | null {
  const owners = new Map<string, number>();
  let report: InstanceReport | null = null;
  let connections: readonly ConnectionDetail[] = [];
  for (let index = 0; index < flat.length; index += 2) {
    const [field = "", value = ""] = [flat[index], flat[index + 1]];
    if (field.startsWith("o:")) owners.set(field.slice(2), Number(value));
    // A process of another version may tell what this one does not know.
    if (field === "report" && value !== "") report = instanceReportSchema.safeParse(JSON.parse(value)).data ?? null;
    if (field === "connections") connections = detailsSchema.safeParse(JSON.parse(value)).data ?? [];
  }
  return report === null ? null : { report, owners, connections };
}

/** The instances behind `keys`. `redis` has the role `commands`. */
export function createInstances(redis: Redis, keys: Keys): Instances {
  const reportInstance = defineScript(redis, "report-instance");
  const countConnections = defineScript(redis, "count-connections");
  const readInstances = defineScript(redis, "read-instances");
  const keysOf = (instanceId: string): string[] => [keys.instances(), keys.instance(instanceId)];

  return {
    report: async ({ report, connections, counts }) => {
      const told = counts === null ? [] : fieldsOf(counts).flat();
      const given = ["connections", JSON.stringify(connections), ...told];
      const head = [report.instanceId, INSTANCE_TTL_SECONDS, JSON.stringify(report), counts === null ? 0 : 1];
      return (await reportInstance(keysOf(report.instanceId), [...head, ...given])) === 1;
    },
    leave: async (instanceId) => {
      await Promise.all([redis.del(keys.instance(instanceId)), redis.zrem(keys.instances(), instanceId)]);
    },
    count: async (instanceId, changes) => {
      const given = changes.flatMap(({ owner, address }) => [
        ...[ownerField(owner.id), owner.count, owner.limit ?? ""],
        ...(address === null ? ["", "", ""] : [addressField(address.key), address.count, address.limit ?? ""]),
      ]);
      const head = [instanceId, INSTANCE_TTL_SECONDS, keys.instanceRoot];
      const answers = (await countConnections(keysOf(instanceId), [...head, ...given])) as number[];
      return answers.map((full) => (full === 1 ? "owner" : full === 2 ? "address" : null));
    },
    list: async ({ withConnections = false } = {}) => {
      const answer = await readInstances(
        [keys.instances()],
        [INSTANCE_TTL_SECONDS, keys.instanceRoot, withConnections ? 1 : 0],
      );
      return (answer as string[][])
        .flatMap((flat) => readInstance(flat) ?? [])
        .toSorted((a, b) => (a.report.instanceId < b.report.instanceId ? -1 : 1));
    },
  };
}
