import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { text as readText } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type ComfyAccess, tlsOptions } from "../access.ts";
import { ComfyProtocolError, ComfyUnreachable } from "../errors.ts";
import { parseTolerantJson } from "../tolerant-json.ts";

/** A body that is sent as it comes. */
export interface StreamBody {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly sizeBytes: number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Begins with a slash; appended to the base URL. */
  readonly path: string;
  /** What its stream throws is thrown as it is. */
  readonly body?: Buffer | string | StreamBody;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole answer, unless it is opened as a stream. Of a body that is sent as it comes, each silence counts anew. */
  readonly timeoutMs: number;
}

export interface TextAnswer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive connection pool to one server. Turns transport failures into ComfyUnreachable and retries nothing but a GET on a stale socket. */
export interface HttpConnection {
  text(request: HttpRequest): Promise<TextAnswer>;
  /** The parsed body of a 200; any other status throws ComfyProtocolError. */
  json(request: HttpRequest): Promise<unknown>;
  /** The answer as soon as its headers are there. The timeout covers the wait for the headers, then each silence of the body. */
  open(request: HttpRequest): Promise<IncomingMessage>;
  /** Fails every request that waits for an answer: the server is known to be gone, so none of them need wait longer. */
  abandon(reason: string): void;
  close(): void;
}

export function createHttpConnection(baseUrl: string, access: ComfyAccess): HttpConnection {
  const base = baseUrl.replace(/\/+$/, "");
  // Under the 75 s after which aiohttp drops an idle connection, so a reused socket is rarely a dead one.
  const agentOptions = { keepAlive: true, keepAliveMsecs: 10_000, maxSockets: 16, timeout: 60_000 };
  const agent = base.startsWith("https:")
    ? new HttpsAgent({ ...agentOptions, ...tlsOptions(access) })
    : new HttpAgent(agentOptions);
  const waiting = new Set<ClientRequest>();

  function send(request: HttpRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      let ofBody: { readonly error: unknown } | null = null;
      const outgoing = begin(base, agent, access, request);
      waiting.add(outgoing);
      outgoing.once("close", () => waiting.delete(outgoing));
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no answer within ${request.timeoutMs} ms`)),
        request.timeoutMs,
      );
      outgoing.once("response", (incoming) => {
        clearTimeout(timer);
        incoming.setTimeout(request.timeoutMs, () => incoming.destroy(new Error(`silent for ${request.timeoutMs} ms`)));
        resolve(incoming);
      });
      outgoing.once("error", (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        const stale = outgoing.reusedSocket && request.method === "GET" && error.code === "ECONNRESET";
        if (ofBody !== null) reject(ofBody.error);
        else if (stale) send(request).then(resolve, reject);
        else reject(unreachable(base, request, error));
      });
      const { body } = request;
      if (!isStream(body)) {
        outgoing.end(body);
        return;
      }
      const noted = noting(body.stream, {
        onChunk: () => timer.refresh(),
        onError: (error) => {
          ofBody = { error };
        },
      });
      pipeline(noted, outgoing).catch((error: unknown) => {
        clearTimeout(timer);
        reject(ofBody === null ? unreachable(base, request, error) : ofBody.error);
        outgoing.destroy();
      });
    });
  }

  async function text(request: HttpRequest): Promise<TextAnswer> {
    const begunAt = performance.now();
    const incoming = await send(request);
    // A large file takes as long as its line does: only the answer to it is waited for.
    const spentMs = isStream(request.body) ? 0 : performance.now() - begunAt;
    // A body that comes in drops is as bad as none.
    const timer = setTimeout(
      () => incoming.destroy(new Error(`no whole answer within ${request.timeoutMs} ms`)),
      request.timeoutMs - spentMs,
    );
    try {
      return { status: incoming.statusCode ?? 0, body: await readText(incoming) };
    } catch (error) {
      throw unreachable(base, request, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function json(request: HttpRequest): Promise<unknown> {
    const answer = await text(request);
    if (answer.status !== 200) {
      throw new ComfyProtocolError(`${request.method} ${request.path} answered ${answer.status}`, answer.status);
    }
    try {
      return parseTolerantJson(answer.body);
    } catch {
      throw new ComfyProtocolError(`${request.method} ${request.path} answered something that is not JSON`, 200);
    }
  }

  function abandon(reason: string): void {
    for (const request of waiting) request.destroy(new Error(reason));
  }

  return {
    text,
    json,
    open: send,
    abandon,
    close: () => {
      // First: a request that loses a used connection would be sent again.
      abandon("the client was closed");
      agent.destroy();
    },
  };
}

/** A request whose body is still to be sent. */
function begin(base: string, agent: HttpAgent | HttpsAgent, access: ComfyAccess, request: HttpRequest): ClientRequest {
  const { method, path, body, contentType } = request;
  const headers = {
    ...access.headers,
    ...request.headers,
    ...(contentType === undefined ? {} : { "content-type": contentType }),
    ...(body === undefined ? {} : { "content-length": sizeOf(body) }),
  };
  const options = { method, agent: agent as HttpAgent, headers };
  return base.startsWith("https:") ? requestHttps(`${base}${path}`, options) : requestHttp(`${base}${path}`, options);
}

function unreachable(base: string, request: HttpRequest, error: unknown): ComfyUnreachable {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return new ComfyUnreachable(base, `${request.method} ${request.path}: ${reason}`, { cause: error });
}

const isStream = (body: HttpRequest["body"]): body is StreamBody => typeof body === "object" && "stream" in body;

const sizeOf = (body: Buffer | string | StreamBody): number =>
  isStream(body) ? body.sizeBytes : Buffer.byteLength(body);

async function* noting(
  stream: AsyncIterable<Uint8Array>,
  { onChunk, onError }: { onChunk: () => void; onError: (error: unknown) => void },
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      onChunk();
      yield chunk;
    }
  } catch (error) {
    onError(error);
    throw error;
  }
}
