import type { Database } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { createKeys, createPublisher, createRedis, type Publisher, whenReady } from "@darkroom/queue";
import { createGateway, type Gateway } from "./gateway.ts";

/** A running gateway on a database of its own, and a publisher that tests use in the place of workers. */
export interface TestGateway {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly gateway: Gateway;
  readonly publisher: Publisher;
  /** Ends all of it, the database included. */
  close(): Promise<void>;
}

/** Starts {@link TestGateway}; if that fails, nothing is left behind. */
export async function setup(
  urls: { postgresUrl: string; redisUrl: string },
  env: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  const { database, url, drop } = await createTestDatabase(urls.postgresUrl);
  const redis = createRedis(urls.redisUrl, { role: "commands", onError: () => undefined });
  const gateway = await createGateway({ databaseUrl: url, redisUrl: urls.redisUrl, env });
  const close = async (): Promise<void> => {
    await gateway.close();
    redis.disconnect();
    await drop();
  };
  try {
    await whenReady(redis);
    await gateway.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { database, databaseUrl: url, gateway, publisher: createPublisher(redis, createKeys()), close };
}
