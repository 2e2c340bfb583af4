import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@darkroom/contracts";
import { AwsV4Signer } from "aws4fetch";
import { StorageUnavailable } from "./storage.ts";
import type { S3Config } from "./storage-config.ts";

const TRIES = 3;
/** Waits between them. */
const RETRY = { firstMs: 200, maxMs: 2000 };

/** The server answered, and asking again at once will not change its mind: 400, 403 and the like. */
export class S3Refused extends StorageUnavailable {}

interface BucketRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** The object's whole key; empty for the bucket itself. */
  readonly object: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** One try that may be silent for so long; else up to three within the patience of the bucket. */
  readonly patienceMs?: number;
  /** `stream` gives the bytes anew for each try. */
  readonly body?: { readonly stream: () => Readable; readonly sha256: string; readonly sizeBytes: number };
}

export interface BucketAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Ends with {@link StorageUnavailable} if the connection breaks. */
  readonly body: Readable;
}

/** A bucket over HTTP. */
export interface Bucket {
  readonly url: string;
  /**
   * Sends a signed request, up to three times while the server cannot answer. A 404 is an answer. Throws
   * {@link StorageUnavailable} and {@link S3Refused}.
   */
  send(request: BucketRequest): Promise<BucketAnswer>;
}

export interface BucketBounds {
  /** How long an answer may take to begin, all tries together, unless the server is sent a file. */
  readonly patienceMs: number;
  /** How long the bytes of a file may stand still on their way to the server or from it; it has to store what it was sent. */
  readonly silenceMs: number;
}

export function createBucket(config: S3Config, bounds: BucketBounds): Bucket {
  const { endpoint, bucket, region, credentials } = config;
  // With an endpoint the bucket is in the path, which every S3-compatible server understands without DNS.
  const url = endpoint === null ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;

  async function once({
    method,
    object,
    query,
    headers,
    patienceMs = bounds.patienceMs,
    body,
  }: BucketRequest): Promise<BucketAnswer> {
    const address = `${url}/${object}${query === undefined ? "" : `?${query}`}`;
    const signed = await new AwsV4Signer({
      ...credentials,
      method,
      url: address,
      region,
      service: "s3",
      headers: {
        ...headers,
        "x-amz-content-sha256": body?.sha256 ?? "UNSIGNED-PAYLOAD",
        ...(body && { "content-length": String(body.sizeBytes) }),
      },
    }).sign();
    // Not signed, for a proxy may change it; asked for, so that lengths are those of the files.
    signed.headers.set("accept-encoding", "identity");
    const silence = new AbortController();
    const silentMs = body === undefined ? patienceMs : bounds.silenceMs;
    const timer = abortAfter(silence, silentMs);
    try {
      const answer = await fetch(signed.url, {
        method,
        headers: signed.headers,
        signal: silence.signal,
        redirect: "error",
        ...(body && { body: Readable.from(heard(body.stream, timer), { objectMode: false }), duplex: "half" }),
      } as RequestInit);
      return {
        status: answer.status,
        headers: answer.headers,
        body: Readable.from(bytesOf(answer.body as ReadableStream<Uint8Array> | null, silence, bounds.silenceMs), {
          objectMode: false,
        }),
      };
    } finally {
      clearTimeout(timer);
    }
  }

  async function send(request: BucketRequest): Promise<BucketAnswer> {
    const giveUpAt = performance.now() + bounds.patienceMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return await settled(request, await once(request));
      } catch (error) {
        if (error instanceof S3Refused) throw error;
        if (tries === TRIES || request.patienceMs !== undefined || performance.now() >= giveUpAt)
          throw new StorageUnavailable(reasonOf(error), { cause: error });
        await sleep(backoffMs(tries, RETRY));
      }
    }
  }

  return { url, send };
}

/** The answer if it is one that the caller can use. */
async function settled({ method, object }: BucketRequest, answer: BucketAnswer): Promise<BucketAnswer> {
  const { status } = answer;
  if ((status >= 200 && status < 300) || (status === 404 && method !== "PUT")) {
    if (method !== "GET" || status === 404) await drop(answer.body);
    return answer;
  }
  await drop(answer.body);
  const message = `${method} ${object} answered ${status}`;
  throw status >= 500 || status === 429 ? new Error(message) : new S3Refused(message);
}

/** Every chunk that is taken puts the silence off. Nothing is opened before the first is asked for: a connection that is refused asks for none. */
async function* heard(stream: () => Readable, timer: NodeJS.Timeout): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream()) {
    timer.refresh();
    yield chunk as Uint8Array;
  }
}

const abortAfter = (silence: AbortController, ms: number): NodeJS.Timeout =>
  setTimeout(() => silence.abort(new Error(`silent for ${ms / 1000} s`)), ms);

/** Ends if the server is silent for too long. Only while bytes are waited for: whoever reads them may be slow. */
async function* bytesOf(
  body: ReadableStream<Uint8Array> | null,
  silence: AbortController,
  silenceMs: number,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const bytes = body[Symbol.asyncIterator]();
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const timer = abortAfter(silence, silenceMs);
    try {
      return await bytes.next();
    } catch (error) {
      throw new StorageUnavailable(reasonOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    for (let read = await next(); read.done !== true; read = await next()) yield read.value;
  } finally {
    await bytes.return?.();
  }
}

/** Answers without a file are a few lines; read to their end, they leave the connection to the next request. */
async function drop(body: Readable): Promise<void> {
  for await (const _ of body);
}

/** fetch hides what happened in its error's cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
