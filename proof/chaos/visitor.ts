import { setTimeout as sleep } from "node:timers/promises";
import { signUp } from "../../scripts/testing/sign-up.ts";
import type { Cluster } from "./cluster.ts";
import type { ServerError } from "./records.ts";

/** Someone who uses the product: who they are to it, and what they send to prove it. */
export interface Visitor {
  readonly ownerId: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly retryAfterSeconds: number | null;
  readonly body: unknown;
}

/** One call of the API over HTTP, whatever comes of it. Rejects if no answer arrives within `timeoutMs`. */
export async function call(
  webUrl: string,
  request: {
    readonly procedure: string;
    readonly input?: unknown;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
  },
): Promise<Answer> {
  const { procedure, input, headers, timeoutMs = 5000 } = request;
  const response = await fetch(`${webUrl}/api/trpc/${procedure}`, {
    headers: { ...headers, ...(input !== undefined && { "content-type": "application/json" }) },
    ...(input !== undefined && { method: "POST", body: JSON.stringify(input) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const retryAfter = response.headers.get("retry-after");
  return {
    status: response.status,
    cookies: response.headers.getSetCookie(),
    retryAfterSeconds: retryAfter === null ? null : Number(retryAfter),
    body: await response.json(),
  };
}

/**
 * Who this caller is, asked before the faults begin. Everything has just been started then, and on a machine that is busy
 * elsewhere a gateway may say so with a 503 or take long: asked again until it answers, for two minutes.
 */
async function firstAnswer(webUrl: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const signal = AbortSignal.timeout(120_000);
  for (;;) {
    const answer = await call(webUrl, { procedure: "session.me", headers, timeoutMs: 30_000 }).catch(() => null);
    if (answer !== null && answer.status !== 503) return answer;
    await sleep((answer?.retryAfterSeconds ?? 1) * 1000, undefined, { signal });
  }
}

/** A new guest, who has a cookie and sends the product's own Origin. */
export async function createGuest({ webUrls: [webUrl = ""], origin }: Cluster): Promise<Visitor> {
  const { cookies } = await firstAnswer(webUrl, {});
  const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
  const headers = { cookie, origin };
  return { ownerId: await ownerOf(webUrl, headers), headers };
}

/** A new account's API key, as a service would use it. */
export async function createService({ webUrls: [webUrl = ""], origin }: Cluster): Promise<Visitor> {
  const key = await signUpPatiently(webUrl, origin);
  const headers = { authorization: `Bearer ${key}` };
  return { ownerId: await ownerOf(webUrl, headers), headers };
}

/** As patient as {@link firstAnswer}, for the same reason; each try makes an account of another name. */
async function signUpPatiently(webUrl: string, origin: string): Promise<string> {
  const signal = AbortSignal.timeout(120_000);
  for (;;) {
    try {
      return await signUp(webUrl, origin);
    } catch (error) {
      if (signal.aborted || !String(error).includes("UNAVAILABLE")) throw error;
      await sleep(1000, undefined, { signal });
    }
  }
}

async function ownerOf(webUrl: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { body } = await firstAnswer(webUrl, headers);
  return resultOf<{ ownerId: string }>(body).ownerId;
}

/** The data of a successful answer. */
export function resultOf<T>(body: unknown): T {
  const { result } = body as { result?: { data: T } };
  if (result === undefined) throw new Error(`the answer has no result: ${JSON.stringify(body)}`);
  return result.data;
}

/** How the calls of a run were answered: HTTP status, or `no answer`, → how often. */
export type Tally = Map<string, number>;

export interface Asking {
  readonly tally: Tally;
  readonly signal: AbortSignal;
  /** Statuses besides 200 that are an answer too. */
  readonly no?: readonly number[];
  /** Hears of each answer that a server should never give: a 5xx other than 503. */
  readonly onError: (error: ServerError) => void;
}

/**
 * Asks until there is an answer that says yes or no, at one gateway after the other, as a careful client does. What it
 * sends must be safe to send again. Null for a status of `no`; rejects if it is refused with another, or if `signal`
 * ends before an answer.
 */
export async function callUntilAnswered<T>(
  webUrls: readonly string[],
  request: { readonly procedure: string; readonly input: unknown; readonly headers: Readonly<Record<string, string>> },
  { tally, signal, no = [], onError }: Asking,
): Promise<T | null> {
  let gateway = Math.floor(Math.random() * webUrls.length);
  for (;;) {
    signal.throwIfAborted();
    gateway = (gateway + 1) % webUrls.length;
    const answer = await call(webUrls[gateway] ?? "", request).catch(() => null);
    const outcome = answer === null ? "no answer" : String(answer.status);
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    if (answer?.status === 200) return resultOf<T>(answer.body);
    if (answer !== null && no.includes(answer.status)) return null;
    if (answer !== null && answer.status >= 500 && answer.status !== 503)
      onError({ procedure: request.procedure, status: answer.status, body: answer.body });
    if (answer !== null && answer.status < 500 && answer.status !== 429)
      throw new Error(`${request.procedure} was refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
    await sleep(50 + Math.random() * 450, undefined, { signal });
  }
}
