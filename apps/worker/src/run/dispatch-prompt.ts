import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ComfyClient,
  ComfyUnreachable,
  isRefused,
  type Line,
  type PromptLocation,
  PromptRejected,
  type Subscription,
} from "@darkroom/comfyui";
import {
  asServerWrites,
  compileGraph,
  failpoint,
  type Graph,
  type NodeCatalog,
  timeOfId,
  withDeadline,
} from "@darkroom/contracts";
import { type Database, recordDispatch } from "@darkroom/db";
import { drawTexts, fillDefaults, type NodeLayouts } from "@darkroom/workflow-format";
import type { Attempt } from "../attempt/attempt.ts";
import { type Ending, type Finished, isUnreachable } from "../attempt/ending.ts";
import { retrying } from "../retry.ts";
import { endingOfEntry } from "./ending-of-entry.ts";

/** A prompt that is on the backend and is to be followed. */
export interface Dispatched {
  readonly type: "dispatched";
  readonly subscription: Subscription;
  readonly adopted: boolean;
  /** Hears the frames of a prompt that another client posted; whoever follows it closes it. */
  readonly listener: Line | null;
  /** The POST, while its answer is awaited although the prompt is known to be there. */
  readonly posting: Promise<unknown> | null;
}

/**
 * The prompt that an earlier attempt left on this backend, or how it ended; null if there is none here. One that ComfyUI no
 * longer knows is `lost`, or `never-began` if it only ever waited behind another. Throws what the client throws.
 */
export async function adoptPrompt(
  attempt: Attempt,
  client: ComfyClient,
): Promise<Dispatched | Finished | Ending | null> {
  const open = attempt.job.openDispatch;
  if (open === null || open.backendId !== attempt.backendId) return null;
  attempt.name(open.promptId);
  // Until ComfyUI has said where it is.
  attempt.queued(open.behind && open.runningSeconds === null);
  const found = await client.locate(open.promptId);
  await failpoint("adopt.located");
  switch (found.where) {
    case "running":
    case "pending":
      attempt.queued(found.where === "pending" && !found.isNext);
      return { type: "dispatched", adopted: true, posting: null, ...(await listenAs(client, open)) };
    case "ended":
      attempt.advance("over");
      return endingOfEntry(found.entry, []);
    case "absent": {
      const isVoid = open.behind && open.runningSeconds === null;
      attempt.advance(isVoid ? "void" : "over");
      return { type: isVoid ? "never-began" : "lost" };
    }
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
  parts: DispatchParts & { fileNames: Readonly<Record<string, string>> },
): Promise<Dispatched | Ending> {
  const { jobId, attempt: number } = attempt.job;
  const compiled = compile(attempt.job, parts.fileNames);
  // A server that was updated asks for inputs that the workflow has never heard of.
  const whole = fillDefaults(compiled, parts.layouts).graph;
  const graph = namedOutputs(asServerWrites(whole, parts.catalog), `darkroom/${jobId}-${number}`);
  await failpoint("graph.compiled");
  const promptId = randomUUID();
  // Before the POST: its first frames race with its answer.
  const subscription = parts.client.subscribe(promptId);
  const prompt = { graph, promptId, extraData: extraDataOf(attempt.job) };
  const sent = await recordAndPost(attempt, prompt, parts).catch((error: unknown) => {
    subscription.close();
    throw error;
  });
  if (sent.type === "posted")
    return { type: "dispatched", subscription, adopted: false, listener: null, posting: sent.posting };
  subscription.close();
  return sent;
}

/** What a job sends: the same at each of its attempts, and wherever the seed is the same. */
function compile(
  { jobId, seed, definition, inputs }: Attempt["job"],
  fileNames: Readonly<Record<string, string>>,
): Graph {
  const { parameters, bindings } = definition;
  const plain = parameters.filter((parameter) => parameter.kind === "text" && parameter.dynamicPrompts === false);
  const asWritten = bindings.filter(({ parameter }) => plain.some(({ name }) => name === parameter));
  return drawTexts(compileGraph(definition, inputs, fileNames), {
    seed: String(seed ?? jobId),
    now: timeOfId(jobId),
    asWritten: new Set(asWritten.map(({ node, input }) => `${node} ${input}`)),
  });
}

interface DispatchParts {
  readonly client: ComfyClient;
  readonly catalog: NodeCatalog;
  readonly layouts: NodeLayouts;
  readonly database: Database;
  /** Between two looks whether a prompt has arrived whose POST is not answered. */
  readonly lookPauseMs: number;
  readonly unreachableMs: number;
  readonly leaseSeconds: number;
}

type Prompt = Parameters<ComfyClient["submit"]>[0] & { readonly graph: Graph };

async function recordAndPost(attempt: Attempt, prompt: Prompt, parts: DispatchParts): Promise<Posted | Ending> {
  const { client, database, leaseSeconds } = parts;
  const { graph, promptId } = prompt;
  const { backendId, isBehind: behind } = attempt;
  const { jobId, attempt: number } = attempt.job;
  const { clientId } = client;
  let recordedAt: number;
  do {
    recordedAt = performance.now();
    const isOurs = await retrying(() =>
      recordDispatch(database, { jobId, attempt: number, backendId, promptId, clientId, graph, behind }),
    );
    // Canceled or lost: settling as canceled is right for the one, and changes nothing after the other.
    if (!isOurs) return { type: "canceled", stopped: null };
    // From here on the prompt counts as sent: a cancel or a release that comes now is left to those who follow it.
    if (attempt.phase === "unsent") attempt.name(promptId);
    await failpoint("dispatch.recorded");
    // A process that was stopped in between may have lost the job, and another may even have finished it: ask again.
  } while (performance.now() - recordedAt > leaseSeconds * 500);
  const posted = await post(attempt, prompt, parts);
  if (posted.type === "posted") await failpoint("dispatch.posted");
  return posted;
}

type Posted = { readonly type: "posted"; readonly posting: Promise<unknown> | null };

/** Throws what the client throws, unless the prompt is there all the same or the reason is known. */
async function post(
  attempt: Attempt,
  prompt: Prompt,
  { client, lookPauseMs, unreachableMs }: DispatchParts,
): Promise<Posted | Ending> {
  const { promptId } = prompt;
  const posting = client.submit(prompt);
  // Nobody may be interested in its answer any more when it comes.
  posting.catch(() => undefined);
  let contactAt = performance.now();
  let isUnanswered = false;
  try {
    // The answer can be held up long after the prompt has begun, or for ever: whether the prompt is there decides.
    while (!(await isSettled(posting, lookPauseMs))) {
      attempt.signal.throwIfAborted();
      try {
        if ((await client.locate(promptId)).where !== "absent") return { type: "posted", posting };
        contactAt = performance.now();
      } catch (error) {
        isUnanswered = isRefused(error) || performance.now() - contactAt >= unreachableMs;
        if (isUnanswered || !isUnreachable(error)) throw error;
      }
    }
    return { type: "posted", posting: null };
  } catch (error) {
    if (error instanceof PromptRejected) {
      if (!error.wasAccepted) attempt.advance("over");
      return { type: "rejected", refusal: error };
    }
    if (isUnanswered || !isUnreachable(error)) throw error;
    if (isRefused(error)) {
      // This very call was refused, so the prompt never arrived.
      attempt.advance("void");
      throw error;
    }
    const found = await lookAfterDoubt(client, promptId, lookPauseMs);
    if (found.where !== "absent") return { type: "posted", posting: null };
    if (error instanceof ComfyUnreachable) {
      attempt.advance("over");
      return { type: "lost" };
    }
    // A proxy before ComfyUI answered in its place, so the prompt is to blame for nothing.
    attempt.advance("void");
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
async function lookAfterDoubt(client: ComfyClient, promptId: string, pauseMs: number): Promise<PromptLocation> {
  for (let look = 1; ; look += 1) {
    const found = await client.locate(promptId);
    if (found.where !== "absent" || look === 3) return found;
    await sleep(pauseMs);
  }
}

/**
 * What ComfyUI keeps of a prompt beside its graph: for its queue and history whose it is, under the ids of our logs, and what it
 * writes into the files. There no key `workflow`: ComfyUI would open that instead of the graph, and we have none in its own
 * format.
 */
function extraDataOf({ jobId, requestId, attempt, definition }: Attempt["job"]): Readonly<Record<string, unknown>> {
  const { slug: workflow } = definition;
  return { darkroom: { requestId, jobId, attempt }, extra_pnginfo: { darkroom: { jobId, workflow } } };
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
