import { lookup } from "node:dns/promises";
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

const MAX_REDIRECTS = 3;

/** For everything: names, connections, redirects and the body. */
const TIMEOUT_MS = 15_000;

/** Why an address was not fetched, for the person who gave it. */
export class FetchRefused extends Error {
  override readonly name = "FetchRefused";
}

/**
 * The body at an address that somebody gave us, to be read to its end. We are inside the firewall and the sender may not
 * be: each name is resolved once, all its addresses must be public, the connection goes to one of these, and a redirect
 * is a new address. Nothing of ours goes along: no cookie, no credentials. Throws {@link FetchRefused}, also while the
 * body is read.
 */
export async function fetchPublic(
  given: string,
  {
    isAllowed = isPublicAddress,
    timeoutMs = TIMEOUT_MS,
  }: { isAllowed?: (address: string) => boolean; timeoutMs?: number } = {},
): Promise<AsyncIterable<Uint8Array>> {
  const signal = AbortSignal.timeout(timeoutMs);
  let url = parse(given);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await once(url, isAllowed, signal);
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return bodyOf(answer, signal);
    answer.destroy();
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
      throw new FetchRefused(`The address answered ${statusCode}.`);
    if (redirects === MAX_REDIRECTS) throw new FetchRefused(`The address redirects more than ${MAX_REDIRECTS} times.`);
    url = parse(headers.location, url);
  }
}

function parse(text: string, base?: URL): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new FetchRefused("must be an http or https address.");
  if (url.username !== "" || url.password !== "") throw new FetchRefused("must not contain a user name or password.");
  return url;
}

/**
 * Finds the addresses of a URL's host once, and lets a connection go to one of these and to no other.
 *
 * @throws FetchRefused unless all of them are allowed
 */
export async function checkedLookup(
  url: URL,
  isAllowed: (address: string) => boolean,
  signal: AbortSignal,
): Promise<LookupFunction> {
  const addresses = await resolve(url.hostname.replace(/^\[|\]$/g, ""), signal);
  if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)))
    throw new FetchRefused("must lead to a public address.");
  // The connection goes to the addresses that were checked: the name may resolve to another one by now.
  return (_name, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, addresses);
    else done(null, first?.address ?? "", first?.family ?? 4);
  };
}

async function once(url: URL, isAllowed: (address: string) => boolean, signal: AbortSignal): Promise<IncomingMessage> {
  const pinned = await checkedLookup(url, isAllowed, signal);
  const options = {
    signal,
    lookup: pinned,
    headers: { accept: "image/*", "accept-encoding": "identity", "user-agent": "Darkroom" },
  };
  return new Promise((done, failed) => {
    // Agents of its own: the global agent may use a proxy, which would resolve the name a second time.
    const outgoing =
      url.protocol === "https:"
        ? requestHttps(url, { ...options, agent: new HttpsAgent() })
        : requestHttp(url, { ...options, agent: new HttpAgent() });
    outgoing.once("response", done);
    outgoing.once("error", (error) => failed(refusal(error, signal)));
    outgoing.end();
  });
}

async function resolve(hostname: string, signal: AbortSignal): Promise<{ address: string; family: number }[]> {
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  try {
    return await Promise.race([lookup(hostname, { all: true, verbatim: true }), aborted(signal)]);
  } catch (error) {
    throw refusal(error, signal);
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

async function* bodyOf(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw refusal(error, signal);
  }
}

/** Says only that it did not work: details would tell the sender which hosts of our network answer, and how. */
function refusal(error: unknown, signal: AbortSignal): FetchRefused {
  const message = signal.aborted ? "The address took too long to answer." : "The address could not be reached.";
  return new FetchRefused(message, { cause: error });
}
