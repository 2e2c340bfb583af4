import { readFileSync } from "node:fs";
import type { Redis } from "./client.ts";

/** The key count is part of the definition: a script's keys are checked by Redis, its other arguments by us. */
const keyCounts = {
  enqueue: 5,
  take: 6,
  remove: 5,
  positions: 5,
  promote: 5,
  clear: 5,
  rebuild: 5,
  check: 5,
  decide: 1,
  publish: 0,
  "keep-latest": 1,
  look: 1,
  "publish-topic": 1,
  "report-instance": 2,
  "count-connections": 2,
  "read-instances": 1,
} as const;

export type ScriptName = keyof typeof keyCounts;

/** Runs one script: one atomic step. */
export type RunScript = (keys: readonly string[], args: readonly (string | number | Buffer)[]) => Promise<unknown>;

function load(name: string): string {
  return readFileSync(new URL(`../scripts/${name}.lua`, import.meta.url), "utf8");
}

/**
 * Defines a script on the client, which sends it once per connection and by its hash from then on, and again if the
 * server forgot it. Never call one inside MULTI or a pipeline: there that second sending happens outside of it.
 */
export function defineScript(redis: Redis, name: ScriptName): RunScript {
  const keyCount = keyCounts[name];
  const usesQueueKeys = keyCount >= 5;
  const command = `darkroom-${name}`;
  redis.defineCommand(command, {
    lua: usesQueueKeys ? load("prelude") + load(name) : load(name),
    numberOfKeys: keyCount,
  });
  // ioredis adds the command as a method at run time, out of sight of its types.
  const methods = redis as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  return (keys, args) => {
    const method = methods[command];
    if (method === undefined || keys.length !== keyCount) throw new Error(`script ${name} takes ${keyCount} keys`);
    return method.call(redis, ...keys, ...args);
  };
}
