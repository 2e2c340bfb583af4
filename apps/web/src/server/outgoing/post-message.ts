import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { checkedLookup, FetchRefused } from "./fetch-public.ts";
import { isNamed, isPublicAddress } from "./public-address.ts";

/** For everything: the name, the connection and the answer. */
const TIMEOUT_MS = 10_000;
/** How much of an answer is read: enough to see what went wrong. */
const MAX_ANSWER_BYTES = 1024;

/** What came back; `status` is null if nothing did, and `answer` then says why. */
export interface PostAnswer {
  readonly status: number | null;
  readonly answer: string;
}

/**
 * Sends a message to an address that somebody gave us. As {@link checkedLookup} has it, the address cannot lead into our own
 * network; a redirect is not followed, and no more than a kilobyte of an answer is read.
 */
export async function postMessage(
  address: string,
  {
    body,
    headers,
    privateHosts,
    timeoutMs = TIMEOUT_MS,
  }: {
    readonly body: string | Buffer;
    readonly headers: Readonly<Record<string, string>>;
    /** Hosts (`name` or `name:port`) that may be in a private network. */
    readonly privateHosts: ReadonlySet<string>;
    readonly timeoutMs?: number;
  },
): Promise<PostAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const url = new URL(address);
    const isPrivate = isNamed(url, privateHosts);
    const lookup = await checkedLookup(url, (found) => isPrivate || isPublicAddress(found), signal);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method: "POST", signal, lookup, headers: { ...headers, "user-agent": "Darkroom-Webhooks" } };
      // Agents of its own: the global agent may use a proxy, which would resolve the name a second time.
      const outgoing =
        url.protocol === "https:"
          ? requestHttps(url, { ...options, agent: new HttpsAgent() })
          : requestHttp(url, { ...options, agent: new HttpAgent() });
      outgoing.once("response", resolve).once("error", reject).end(body);
    });
    return { status: answer.statusCode ?? null, answer: await beginningOf(answer) };
  } catch (error) {
    if (signal.aborted) return { status: null, answer: `There was no answer within ${timeoutMs / 1000} s.` };
    const reason = error instanceof FetchRefused ? `The address ${error.message}` : "The address could not be reached.";
    return { status: null, answer: reason };
  }
}

/** The first kilobyte; the rest is not waited for. */
async function beginningOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // The status has come; an answer that broke off is as good as a short one.
  }
  answer.destroy();
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString().replaceAll("\u0000", "");
}
