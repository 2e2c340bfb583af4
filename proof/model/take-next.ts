import type { QueueEntry } from "@darkroom/contracts";
import { agree, Disagreement } from "./agree.ts";
import { type BackendId, backends, isAble, type World } from "./world.ts";

const lookAhead = 3;
const maxPasses = 2;

/**
 * Takes for a backend as a worker does, deciding what nobody decided yet. Without a warm model the answer must be exactly
 * the reference's; with one it may be another job of that model, if the job in turn was not passed over too often.
 */
export async function takeNext(
  world: World,
  backendId: BackendId,
  warmModelKey: string | null,
): Promise<QueueEntry | null> {
  const { queue } = world.stores;
  const { queueReference, names } = world;
  const { catalogHash } = backends[backendId];
  world.isQueueTouched = true;
  for (;;) {
    const expected = queueReference.next(backendId, catalogHash);
    const answer = await queue.take({ backendId, catalogHash, warmModelKey, lookAhead, maxPasses });
    const isWarmInstead =
      answer.type === "job" && expected.type === "job" && answer.entry.jobId !== expected.entry.jobId;
    const { isDamaged } = queueReference;
    if (!isWarmInstead && !isDamaged) agree(`take for ${backendId}`, answer, expected, names);
    switch (answer.type) {
      case "empty":
        return null;
      case "unknown-capability": {
        const { capabilityKey } = answer;
        const able = isAble(backendId, capabilityKey);
        await queue.decide({ catalogHash, capabilityKey, able });
        queueReference.able.set(`${catalogHash} ${capabilityKey}`, able);
        break;
      }
      case "job": {
        if (isDamaged) return answer.entry;
        if (isWarmInstead && expected.type === "job") {
          checkWarm(world, { given: answer.entry, inTurn: expected.entry, warmModelKey, backendId });
        }
        queueReference.give(answer.entry);
        return answer.entry;
      }
    }
  }
}

function checkWarm(
  world: World,
  take: { given: QueueEntry; inTurn: QueueEntry; warmModelKey: string | null; backendId: BackendId },
): void {
  const { given, inTurn, warmModelKey, backendId } = take;
  const { queueReference: queue, names } = world;
  const passes = (queue.passes.get(inTurn.jobId) ?? 0) + 1;
  const isRight =
    warmModelKey !== null &&
    passes <= maxPasses &&
    given.modelKey === warmModelKey &&
    inTurn.modelKey !== warmModelKey &&
    queue.isAble(given, backendId, backends[backendId].catalogHash) === true;
  agree("the job that was given instead", given, queue.entry(given.jobId), names);
  if (!isRight) throw new Disagreement(names(`${given.jobId} was given before ${inTurn.jobId}, pass ${passes}`));
  queue.passes.set(inTurn.jobId, passes);
}
