import { createAdmissionControl } from "@darkroom/auth";
import { apiKeyScopes, defaultFileLimits, newId, type Principal, type Role } from "@darkroom/contracts";
import { type Database, ensureOwner, feedReads, seedWorkflows } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import {
  createHub,
  createInstances,
  createKeys,
  createPublisher,
  createQueue,
  createRedis,
  createSubscriber,
  createTopics,
  createViewers,
  redisMemory,
  whenReady,
} from "@darkroom/queue";
import { instanceReport, testPrefix } from "@darkroom/queue/testing";
import { appRouter } from "../app-router.ts";
import type { Context, Limits, Log, Services } from "../context.ts";
import { createPublishRate } from "../events/publish-rate.ts";
import { createCallerFactory } from "../trpc.ts";

/** Limits that no test meets by accident. */
const wideLimits: Limits = {
  submitsPerMinute: 1000,
  generationsPerHour: 1000,
  maxWaitingPerOwner: 1000,
  maxWaiting: 5000,
  storedBytesPerOwner: null,
};

const silentLog: Log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** The API over a database and a Redis prefix of its own. */
export interface TestApi extends Services {
  readonly database: Database;
  /** A guest who has not written yet. */
  guest(): Principal;
  /** An account with an owner row. */
  account(role?: Exclude<Role, "guest">): Promise<Principal>;
  context(principal: Principal, overrides?: Partial<Context>): Context;
  /** Calls procedures as this principal; `signal` ends its subscriptions. */
  as(principal: Principal, overrides?: Partial<Context>): ReturnType<typeof createCaller>;
  close(): Promise<void>;
}

const createCaller = createCallerFactory(appRouter);

/** Builds {@link TestApi} on the servers that vitest's global setup provides; the bundled workflows are there. */
export async function createTestApi(options: {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly limits?: Partial<Limits>;
  /** Beside those, for roles that have others. */
  readonly limitsOfRoles?: Partial<Record<Role, Partial<Limits>>>;
  /** Default: a fresh id. */
  readonly instanceId?: string;
  readonly definitions?: Parameters<typeof seedWorkflows>[1];
}): Promise<TestApi> {
  const { database, drop } = await createTestDatabase(options.postgresUrl);
  if (options.definitions !== undefined) await seedWorkflows(database, options.definitions);
  const keys = createKeys(testPrefix());
  const onError = () => undefined;
  const commands = createRedis(options.redisUrl, { role: "commands", onError });
  const subscribing = createRedis(options.redisUrl, { role: "subscriber", onError });
  await Promise.all([whenReady(commands), whenReady(subscribing)]);
  const queue = createQueue(commands, keys);
  await queue.rebuild([]);
  const subscriber = createSubscriber(subscribing, keys);
  const hub = createHub({
    subscriber,
    ...feedReads(database),
  });
  const instances = createInstances(commands, keys);
  const topics = createTopics({ redis: commands, subscriber, keys });
  const instanceId = options.instanceId ?? newId();
  const own = async () => ({
    report: instanceReport(instanceId),
    connections: [],
    counts: { owners: new Map(), addresses: new Map() },
  });
  const services: Services = {
    database,
    queue,
    publisher: createPublisher(commands, keys),
    hub,
    monitor: {
      ...{ instanceId, topics, instances, own },
      flush: async () => void (await instances.report(await own())),
      redisMemory: () => redisMemory(commands),
    },
    log: silentLog,
    tracer: { isOn: false, step: () => undefined },
    viewers: createViewers(commands, keys),
    limitsOf: (role) => ({ ...wideLimits, ...options.limits, ...options.limitsOfRoles?.[role] }),
    fileLimits: defaultFileLimits,
    retentionDays: { jobs: null, outputs: null, uploads: 30, events: 30 },
    admission: createAdmissionControl(database, { guests: true, signUp: true, accounts: true, gallery: true }),
    signInWays: { mail: false, provider: null },
    shareKey: "a key of tests",
    earlierShareKeys: [],
    mayBeCalled: (address) => !address.startsWith("http://10."),
    webhookKey: "another key of tests",
    admitEvent: createPublishRate(5),
    pushKey: "a public key of tests",
  };
  const context = (principal: Principal, overrides: Partial<Context> = {}): Context => ({
    ...services,
    principal,
    addressKey: null,
    transport: "http",
    ...overrides,
  });
  const principalOf = (kind: Principal["kind"], ownerId: string, role: Role): Principal => ({
    kind,
    ownerId,
    ownerIds: [ownerId],
    role,
    displayName: null,
    scopes: apiKeyScopes,
    isNew: kind === "guest",
  });

  return {
    ...services,
    context,
    guest: () => principalOf("guest", newId(), "guest"),
    async account(role = "member") {
      const ownerId = newId();
      await ensureOwner(database, { ownerId, kind: "account", accountId: newId(), role });
      return principalOf("account", ownerId, role);
    },
    as: (principal, overrides) => createCaller(context(principal, overrides), { signal: overrides?.signal }),
    async close() {
      hub.close();
      topics.close();
      subscriber.close();
      commands.disconnect();
      subscribing.disconnect();
      await drop();
    },
  };
}
