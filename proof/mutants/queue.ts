import type { Mutant } from "./mutant.ts";

const adoption = "apps/worker/src/run/adoption.test.ts";
const capability = "packages/queue/src/turns/capability.test.ts";
const damage = "packages/queue/src/turns/damage.test.ts";
const queue = "packages/queue/src/turns/queue.test.ts";

/** Guarded here: whose turn it is, and what Redis may forget. */
export const queueMutants: Readonly<Record<string, Mutant>> = {
  epoch: {
    guard: "a wiped queue takes nothing until it is rebuilt",
    file: "packages/queue/src/scripts/enqueue.lua",
    text: 'if redis.call("EXISTS", epochKey) == 0 then return "EPOCH_MISSING" end\n',
    replacement: "",
    tests: [queue],
  },
  "rebuild-once": {
    guard: "of two rebuilds only the first fills the queue",
    file: "packages/queue/src/scripts/rebuild.lua",
    text: 'if redis.call("EXISTS", epochKey) == 1 then return 0 end\n',
    replacement: "",
    tests: [queue],
  },
  "check-lanes": {
    guard: "a job that no lane holds is found",
    file: "packages/queue/src/scripts/check.lua",
    text: "return next(laneOf) == nil",
    replacement: "return true",
    tests: [damage],
  },
  "promote-place": {
    guard: "a promotion does not hide that the queue is damaged",
    file: "packages/queue/src/scripts/promote.lua",
    text: ' or redis.call("LREM", laneKey(owner, priority), 1, ARGV[2]) == 0',
    replacement: "",
    tests: [damage],
  },
  "check-ring": {
    guard: "an owner who has lost their turn is found",
    file: "packages/queue/src/scripts/check.lua",
    text: "if #counts ~= 2 * #ring then return false end\n",
    replacement: "",
    tests: [damage],
  },
  "check-types": {
    guard: "a key of another type is found",
    file: "packages/queue/src/scripts/check.lua",
    text: "local isReadable, isSound = pcall(isWhole)",
    replacement: "local isReadable, isSound = true, isWhole()",
    tests: [damage],
  },
  "wipe-types": {
    guard: "a rebuild begins with whatever is there",
    file: "packages/queue/src/scripts/prelude.lua",
    text: 'ipairs(redis.pcall("LRANGE", ringKey, 0, -1))',
    replacement: 'ipairs(redis.call("LRANGE", ringKey, 0, -1))',
    tests: [damage],
  },
  "check-epoch": {
    guard: "nothing is added to a queue that was found broken",
    file: "packages/queue/src/scripts/check.lua",
    text: 'redis.call("DEL", epochKey)\n',
    replacement: "",
    tests: [damage],
  },
  "check-tick": {
    guard: "maintenance looks whether all that waits can be reached",
    file: "apps/worker/src/maintenance.ts",
    text: "if (!(await queue.check())) {",
    replacement: "if ((await queue.order()).length < 0) {",
    tests: [adoption],
    only: "of which a part was lost",
  },
  membership: {
    guard: "a job that waits is not enqueued twice",
    file: "packages/queue/src/scripts/prelude.lua",
    text: 'if redis.call("HSETNX", membersKey, jobId, member) == 0 then return 0 end',
    replacement: 'redis.call("HSET", membersKey, jobId, member)',
    tests: [queue],
  },
  rotation: {
    guard: "the owner who was served goes to the end of the ring",
    file: "packages/queue/src/scripts/take.lua",
    text: 'redis.call("RPUSH", ringKey, owner)',
    replacement: 'redis.call("LPUSH", ringKey, owner)',
    tests: [queue],
  },
  "max-passes": {
    guard: "a job is not passed over for a warm model for ever",
    file: "packages/queue/src/scripts/take.lua",
    text: "if isPassed(jobId, maxPasses) then return give(first, {}) end",
    replacement: "",
    tests: [capability],
  },
  "max-turns": {
    guard: "an owner's turn does not go to others' warm jobs for ever",
    file: "packages/queue/src/scripts/take.lua",
    text: "if isPassed(passed[1], maxTurns) then return give(first, {}) end",
    replacement: "",
    tests: [capability],
  },
  "pass-bounds": {
    guard: "a worker that names no bounds has some",
    file: "packages/queue/src/turns/queue.ts",
    text: "maxPasses = 5, maxTurns = 2",
    replacement: "maxPasses = 1e9, maxTurns = 1e9",
    tests: [capability],
  },
  reconciler: {
    guard: "a waiting job that Redis does not know is pushed",
    file: "apps/worker/src/maintenance.ts",
    text: "if (lost.length > 0) {",
    replacement: "if (lost.length < 0) {",
    tests: [adoption],
    only: "not told of a job",
  },
  "reconciler-key": {
    guard: "a job that waits under a key that is no longer its own is pushed",
    file: "apps/worker/src/maintenance.ts",
    text: "waiting.get(jobId)?.capabilityKey !== capabilityKey",
    replacement: "!waiting.has(jobId)",
    tests: [adoption],
    only: "given up on",
  },
};
