import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  type ComfyClient,
  ComfyUnreachable,
  type HistoryEntry,
  type Line,
  type Location,
  PromptLost,
  PromptRejected,
  type Subscription,
} from "@darkroom/comfyui";
import { compileGraph, failpoint, type Graph, withDeadline } from "@darkroom/contracts";
import { type Database, recordDispatch } from "@darkroom/db";
import { type Attempt, AttemptCanceled, NeverBegan } from "../attempt/attempt.ts";
import { isUnreachable } from "../attempt/outcome.ts";
import { retrying } from "../retry.ts";
import { endedWell } from "./follow-prompt.ts";

/** A prompt that is on the backend: still to be followed, or already over. */
export type Dispatched =
  | {
      readonly type: "following";
      readonly subscription: Subscription;
      readonly adopted: boolean;
      /** Hears the frames of a prompt that another client posted; whoever follows it closes it. */
      readonly listener: Line | null;
    }
  | { readonly type: "over"; readonly entry: HistoryEntry };

/**
 * The prompt that an earlier attempt left on this backend; null if there is none here. Throws what its ending means, and
 * when ComfyUI does not know it PromptLost, or NeverBegan if it only ever waited behind another.
 */
export async function adoptPrompt(attempt: Attempt, client: ComfyClient): Promise<Dispatched | null> {
  const open = attempt.job.openDispatch;
  if (open === null || open.backendId !== attempt.backendId) return null;
  attempt.name(open.promptId);
  const found = await client.locate(open.promptId);
  await failpoint("adopt.located");
  switch (found.where) {
    case "running":
    case "pending":
      attempt.isBehind = found.where === "pending" && !found.isNext;
      return { type: "following", adopted: true, ...(await listenAs(client, open)) };
    case "ended":
      attempt.isPromptGone = true;
      return { type: "over", entry: endedWell(open.promptId, found.entry) };
    case "absent":
      attempt.isPromptGone = true;
      attempt.isPromptVoid = open.behind && open.runningSeconds === null;
      throw attempt.isPromptVoid ? new NeverBegan("it waited behind another prompt") : new PromptLost(open.promptId);
  }
}

/**
 * Frames go to the client that posted the prompt, so they are heard on a socket in its name: ComfyUI gives them to
 * whoever dialled last. Without it the prompt is followed over HTTP all the same, only without steps and previews.
 */
async function listenAs(
  client: ComfyClient,
  { promptId, clientId }: { promptId: string; clientId: string },
): Promise<{ subscription: Subscription; listener: Line | null }> {
  if (clientId === client.clientId) return { subscription: client.subscribe(promptId), listener: null };
  const listener = client.listenAs(clientId);
  const subscription = listener.subscribe(promptId);
  await listener.connect().catch(() => undefined);
  return { subscription, listener };
}

/**
 * Records the dispatch, then posts the prompt: after a crash in between, whoever claims the job next knows which id to
 * ask for. A POST whose answer was lost is never repeated before ComfyUI was asked whether it arrived.
 */
export async function dispatchPrompt(
  attempt: Attempt,
  {
    client,
    database,
    fileNames,
    lookPauseMs,
    unreachableMs,
    leaseSeconds,
  }: {
    client: ComfyClient;
    database: Database;
    fileNames: Readonly<Record<string, string>>;
    lookPauseMs: number;
    unreachableMs: number;
    leaseSeconds: number;
  },
): Promise<Dispatched> {
  const { jobId, attempt: number, definition, inputs } = attempt.job;
  const graph = namedOutputs(compileGraph(definition, inputs, fileNames), `darkroom/${jobId}-${number}`);
  await failpoint("graph.compiled");
  const promptId = randomUUID();
  // Before the POST: its first frames race with its answer.
  const subscription = client.subscribe(promptId);
  try {
    const { backendId } = attempt;
    const { clientId } = client;
    const behind = attempt.isBehind;
    let recordedAt: number;
    do {
      recordedAt = performance.now();
      const isOurs = await retrying(() =>
        recordDispatch(database, { jobId, attempt: number, backendId, promptId, clientId, graph, behind }),
      );
      // Canceled or lost: settling as canceled is right for the one, and changes nothing after the other.
      if (!isOurs) throw new AttemptCanceled("the dispatch was refused");
      // From here on the prompt counts as sent: a cancel or a release that comes now is left to those who follow it.
      if (attempt.promptId === null) attempt.name(promptId);
      await failpoint("dispatch.recorded");
      // A process that was stopped in between may have lost the job, and another may even have finished it: ask again.
    } while (performance.now() - recordedAt > leaseSeconds * 500);
    await post(client, { graph, promptId, extraData: embedded(jobId, definition.slug) }, attempt, {
      lookPauseMs,
      unreachableMs,
    });
    await failpoint("dispatch.posted");
    return { type: "following", subscription, adopted: false, listener: null };
  } catch (error) {
    subscription.close();
    throw error;
  }
}

async function post(
  client: ComfyClient,
  prompt: Parameters<ComfyClient["submit"]>[0],
  attempt: Attempt,
  { lookPauseMs, unreachableMs }: { lookPauseMs: number; unreachableMs: number },
): Promise<void> {
  const { promptId } = prompt;
  const posting = client.submit(prompt);
  // Its answer may be of no interest any more when it comes.
  posting.catch(() => undefined);
  let contactAt = performance.now();
  let isUnanswered = false;
  try {
    // The answer can be held up long after the prompt has begun, or for ever: whether the prompt is there decides.
    while (!(await isSettled(posting, lookPauseMs))) {
      attempt.signal.throwIfAborted();
      try {
        if ((await client.locate(promptId)).where !== "absent") {
          attempt.posting = posting;
          return;
        }
        contactAt = performance.now();
      } catch (error) {
        isUnanswered = performance.now() - contactAt >= unreachableMs;
        if (isUnanswered || !isUnreachable(error)) throw error;
      }
    }
  } catch (error) {
    if (error instanceof PromptRejected) attempt.isPromptGone = !error.wasAccepted;
    if (isUnanswered || !isUnreachable(error)) throw error;
    const found = await lookAfterDoubt(client, promptId, lookPauseMs);
    if (found.where !== "absent") return;
    attempt.isPromptGone = true;
    if (error instanceof ComfyUnreachable) throw new PromptLost(promptId);
    // Somebody before ComfyUI answered in its place, so the prompt is to blame for nothing.
    attempt.isPromptVoid = true;
    throw error;
  }
}

/** False if `promise` takes longer than `withinMs`; throws what it rejects with. */
function isSettled(promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  return withDeadline(
    promise.then(() => true),
    withinMs,
    () => false,
  );
}

/** Three looks: ComfyUI may still be validating the prompt whose answer was lost. Throws ComfyUnreachable. */
async function lookAfterDoubt(client: ComfyClient, promptId: string, pauseMs: number): Promise<Location> {
  for (let look = 1; ; look += 1) {
    const found = await client.locate(promptId);
    if (found.where !== "absent" || look === 3) return found;
    await delay(pauseMs);
  }
}

/**
 * What ComfyUI writes into the files beside the graph. No key `workflow`: ComfyUI would open that instead of the graph,
 * and we have none in its own format.
 */
function embedded(jobId: string, workflow: string): Readonly<Record<string, unknown>> {
  return { extra_pnginfo: { darkroom: { jobId, workflow } } };
}

/**
 * The graph with every file prefix set to one of this attempt: a cached run could otherwise name a file of an earlier
 * run, which somebody may have deleted. Pictures that would come over the socket only, where nobody can fetch them a
 * second time, are saved to a file instead.
 */
function namedOutputs(graph: Graph, prefix: string): Graph {
  for (const node of Object.values(graph)) {
    if (node.class_type === "SaveImageWebsocket") node.class_type = "SaveImage";
    if (typeof node.inputs.filename_prefix === "string" || /^Save[A-Z]/.test(node.class_type))
      node.inputs.filename_prefix = prefix;
  }
  return graph;
}
